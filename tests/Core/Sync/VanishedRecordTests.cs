using System.Text;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Sync;

/// <summary>What vanishes, slips or comes late at the provider, and what of it the copy holds afterwards.</summary>
public sealed class VanishedRecordTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Promise_9_a_record_that_vanishes_between_a_crash_and_the_second_reading_of_the_first_page_of_all_is_not_kept()
    {
        var stage = SyncStage.WithInvoices(azurite, 5);
        var isCrashed = false;

        await stage.SyncAsync(reached: at =>
        {
            if (at != SlicePlace.PageWritten || isCrashed)
                return Task.CompletedTask;
            isCrashed = true;
            stage.Provider.Remove("invoices", stage.Provider.Ids("invoices")[2]);
            throw new CrashException();
        });

        isCrashed.ShouldBeTrue();
        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task Promise_9_a_record_that_vanishes_between_a_crash_and_the_second_reading_of_its_page_is_found_by_the_next_count()
    {
        var stage = SyncStage.WithInvoices(azurite, 25);
        await stage.SyncAsync();
        stage.Clock.Advance(TimeSpan.FromHours(23));
        stage.Provider.Put("invoices", "short-lived", """{"v":"here"}""");
        var isCrashed = false;

        await stage.SyncAsync(reached: at =>
        {
            if (at != SlicePlace.PageWritten || isCrashed)
                return Task.CompletedTask;
            isCrashed = true;
            stage.Provider.Remove("invoices", "short-lived");
            throw new CrashException();
        });
        stage.Clock.Advance(TimeSpan.FromDays(8));
        await stage.SyncAsync();

        isCrashed.ShouldBeTrue();
        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task Promise_9_a_record_that_slips_or_vanishes_while_pages_are_read_is_right_after_the_next_sync()
    {
        var stage = SyncStage.WithInvoices(azurite, 40);
        stage.Provider.Before = call =>
        {
            if (call is { Page: 3, Since: null })
            {
                stage.Provider.Before = null;
                stage.Provider.Remove("invoices", "0005");
                stage.Provider.Put("invoices", "0035x", """{"v":"made"}""");
            }
            return null;
        };

        await stage.SyncAsync();
        await stage.SyncAsync();

        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task A_deletion_without_a_trace_is_found_by_the_counts_and_an_incomplete_pass_deletes_nothing()
    {
        var stage = SyncStage.WithInvoices(azurite, 30);
        await stage.SyncAsync();
        stage.Clock.Advance(TimeSpan.FromDays(8));
        stage.Provider.Remove("invoices", "0007");
        stage.Provider.Before = call => call is { Page: 2, Since: null } ? new PageOutcome.Failed(new ProviderFault(FaultKind.ProviderUnavailable, "503")) : null;

        var failed = await stage.SyncAsync();

        failed.Outcome.ShouldBe(RunOutcome.Failed);
        failed.Error!.Code.ShouldBe("provider-unavailable");
        (await stage.CopyAsync("invoices")).Values.ShouldAllBe(record => !record.IsDeleted);

        stage.Provider.Before = null;
        (await stage.SyncAsync()).Receipt!.Datasets.Single().Deleted.ShouldBe(1);
        (await stage.CopyAsync("invoices"))["0007"].Deletion.ShouldBe(Deletion.ByAbsence);
        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task A_record_that_comes_older_than_it_is_held_is_not_written()
    {
        var stage = SyncStage.WithInvoices(azurite, 3);
        await stage.SyncAsync();
        var stale = new SourceRecord("0001", stage.Clock.GetUtcNow().AddDays(-9), false, Encoding.UTF8.GetBytes("""{"v":"stale"}"""));
        stage.Provider.Before = call => call.IsCount ? null : new PageOutcome.Page([stale], null, 1, stage.Clock.GetUtcNow()) { Cost = new CallCost(1, 1) };

        var run = await stage.SyncAsync();

        run.Receipt!.Datasets.Single().Skipped.ShouldBe(1);
        Encoding.UTF8.GetString((await stage.Ledger.GetAsync(stage.Client, "invoices", "0001", SyncStage.Stop))!.Json.Span).ShouldNotContain("stale");
    }
}
