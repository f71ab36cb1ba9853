using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
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

        // As the version before left it, which kept no count of what its passes brought.
        var table = await stage.Get<AppStorage>().TableAsync(Checkpoints.Table, SyncStage.Stop);
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{stage.Client}'", cancellationToken: SyncStage.Stop))
        {
            var state = JsonSerializer.Deserialize(row.GetString("Body"), SyncJson.Default.DatasetState)!;
            row["Body"] = JsonSerializer.Serialize(state with { Run = state.Run with { Records = 0 } }, SyncJson.Default.DatasetState);
            await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, SyncStage.Stop);
        }
        await LookAsync(default);
        seen[^1].ShouldSatisfyAllConditions(last => last.RecordsDone.ShouldBe(60), last => last.RecordsTotal.ShouldBe(60));
    }

    [Fact]
    public async Task A_run_that_is_joined_counts_what_both_of_its_passes_read_once_and_never_goes_back()
    {
        var stage = new SyncStage(azurite);
        // One is read in full each time, one by its changes, and one only in the first round.
        stage.Provider.With("accounts", dataset => dataset with { IsPaged = false, IsIncremental = false });
        stage.Provider.With("invoices");
        stage.Provider.With("taxRates", dataset => dataset with { IsPaged = false, IsIncremental = false, Cadence = Cadence.Weekly });
        foreach (var (dataset, records) in ((string, int)[])[("accounts", 8), ("invoices", 45), ("taxRates", 3)])
        {
            for (var number = 0; number < records; number++)
                stage.Provider.Put(dataset, $"{number:D3}", """{"v":1}""");
        }
        stage.Clock.Advance(TimeSpan.FromMinutes(30));
        var run = await stage.StartAsync();
        List<SyncProgress> seen = [];
        async Task LookAsync() => seen.Add((await stage.Get<ReadProgress>().ExecuteAsync(stage.Client, SyncStage.Stop))!);
        var joined = 0;
        async Task JoinAsync(SlicePlace place)
        {
            if (place is SlicePlace.PageCommitted && Interlocked.Exchange(ref joined, 1) == 0)
                (await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Person, SyncStage.Stop)).State.ShouldBe(TicketState.Joined);
            await LookAsync();
        }

        var ended = await stage.CarryOnAsync(run, JoinAsync);
        await LookAsync();

        ended.Round.ShouldBe(2, "it made one more pass");
        stage.Provider.Calls.Count(call => call.Dataset == "accounts").ShouldBe(2, "and read these twice");
        seen.Select(one => one.Percent).ShouldBeInOrder(SortDirection.Ascending);
        seen.Select(one => one.RecordsDone).ShouldBeInOrder(SortDirection.Ascending);
        seen.ShouldAllBe(one => one.RecordsDone <= one.RecordsTotal && one.RecordsTotal <= 56);
        seen[^1].Datasets.ToDictionary(part => part.Dataset, part => (part.RecordsDone, part.RecordsTotal, part.IsDone)).ShouldBe(
            new Dictionary<string, (int, int?, bool)> { ["accounts"] = (8, 8, true), ["invoices"] = (45, 45, true), ["taxRates"] = (3, 3, true) }, ignoreOrder: true);
        (seen[^1].Percent, seen[^1].RecordsDone, seen[^1].RecordsTotal).ShouldBe((100, 56, 56));
    }
}
