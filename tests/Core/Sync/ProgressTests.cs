using DataHealth.Core.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Sync;

public sealed class ProgressTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Progress_never_goes_back_nor_past_its_total_and_promises_no_end_before_the_sizes_are_known()
    {
        var stage = new SyncStage(azurite);
        foreach (var (dataset, records) in ((string, int)[])[("contacts", 3), ("invoices", 45), ("payments", 12)])
        {
            stage.Provider.With(dataset);
            for (var number = 0; number < records; number++)
                stage.Provider.Put(dataset, $"{number:D3}", """{"v":1}""");
        }
        var run = await stage.StartAsync();
        List<SyncProgress> seen = [];
        async Task LookAsync(SlicePlace _)
        {
            stage.Clock.Advance(TimeSpan.FromSeconds(1));
            seen.Add((await stage.Get<ReadProgress>().ExecuteAsync(stage.Client, SyncStage.Stop))!);
        }

        await stage.CarryOnAsync(run, LookAsync);
        await LookAsync(default);

        seen.Select(one => one.Percent).ShouldBeInOrder(SortDirection.Ascending);
        seen.ShouldAllBe(one => one.RecordsDone <= one.RecordsTotal);
        seen.Where(one => one.Percent < 100 && one.Datasets.Any(part => !part.IsDone && part.RecordsTotal == null)).ShouldAllBe(one => one.ExpectedEnd == null);
        seen.ShouldContain(one => one.Percent < 100 && one.ExpectedEnd != null);
        seen[^1].ShouldSatisfyAllConditions(last => last.Percent.ShouldBe(100), last => last.RecordsDone.ShouldBe(60), last => last.RecordsTotal.ShouldBe(60));
    }
}
