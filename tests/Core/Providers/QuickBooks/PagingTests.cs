using CsCheck;
using DataHealth.Core.Providers;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Providers.QuickBooks;

public sealed class PagingTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Pages_come_in_order_of_the_id_and_inactive_records_are_asked_for()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Put("Customer", [.. Enumerable.Range(1, 25).Select(id => $"{id}")]);

        (await stage.ReadAllAsync("customers")).ShouldBe(Enumerable.Range(1, 25).Select(id => $"{id}"));

        stage.Company.Queries.ShouldBe([
            "SELECT * FROM Customer WHERE Active IN (true,false) ORDERBY Id STARTPOSITION 1 MAXRESULTS 10",
            "SELECT * FROM Customer WHERE Active IN (true,false) ORDERBY Id STARTPOSITION 10 MAXRESULTS 10",
            "SELECT * FROM Customer WHERE Active IN (true,false) ORDERBY Id STARTPOSITION 19 MAXRESULTS 10"]);
        stage.Company.Asked.ShouldAllBe(path => path.EndsWith("&minorversion=75", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_that_does_not_tell_how_many_there_are_is_counted_once_when_it_is_full()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.TellsTotal = false;
        stage.Company.Put("Invoice", [.. Enumerable.Range(1, 12).Select(id => $"{id}")]);

        using var page = (await stage.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Page>();

        (page.ItemCount, page.NextPage, page.Cost.Calls).ShouldBe((12, 2, 2));
        stage.Company.Queries.Last().ShouldBe("SELECT COUNT(*) FROM Invoice");
    }

    [Fact]
    public async Task An_empty_entity_is_one_call_and_no_failure()
    {
        using var stage = new ReaderStage(azurite);

        using var page = (await stage.ReadAsync("deposits")).ShouldBeOfType<PageOutcome.Page>();

        (page.Records.Count, page.NextPage, page.Cost.Calls).ShouldBe((0, null, 1));
    }

    // Whatever is deleted, made or edited between the pages, and however ids are sorted: everything that was there all the time has been read.
    [Fact]
    public async Task Promise_9_no_record_slips_between_pages_while_others_are_deleted_made_and_edited()
    {
        var step = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 1000]);
        await Gen.Select(Gen.Int[1, 60], Gen.Bool, Gen.Bool, step.Array[0, 12]).SampleAsync(
            async drawn =>
            {
                var (count, sortsAsNumbers, tellsTotal, steps) = drawn;
                using var stage = new ReaderStage(azurite);
                (stage.Company.SortsAsNumbers, stage.Company.TellsTotal) = (sortsAsNumbers, tellsTotal);
                stage.Company.Put("Invoice", [.. Enumerable.Range(1, count).Select(id => $"{id}")]);
                var always = stage.Company.Live("Invoice").ToHashSet();
                var (at, made) = (0, count);

                var read = await stage.ReadAllAsync("invoices", between: _ =>
                {
                    for (var n = 0; n < 3 && at < steps.Length; n++, at++)
                    {
                        var (kind, place) = steps[at];
                        var live = stage.Company.Live("Invoice");
                        if (kind <= 2 && live.Count > 0)
                        {
                            stage.Company.Delete("Invoice", live[place % live.Count]);
                            always.Remove(live[place % live.Count]);
                        }
                        else if (kind == 3)
                        {
                            stage.Company.Put("Invoice", $"{++made}");
                        }
                        else if (live.Count > 0)
                        {
                            stage.Company.Put("Invoice", live[place % live.Count]);
                        }
                    }
                });

                always.Except(read).ShouldBeEmpty();
            },
            iter: 60, threads: 2);
    }
}
