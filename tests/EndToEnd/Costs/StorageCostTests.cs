using System.Collections.Concurrent;
using Azure.Data.Tables;
using DataHealth.Core;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.EndToEnd.Tests.Faults;
using DataHealth.Testing;
using Microsoft.Extensions.Options;

namespace DataHealth.EndToEnd.Tests.Costs;

/// <summary>What a sync asks of the app's own storage, counted on the wire: the numbers that the cost model (scripts/lib/costs.mjs) and decision 0301 stand on. The task hub is not counted: Azure's is another one.</summary>
public sealed class StorageCostTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    // What runs by the clock is not the sync's.
    private static readonly (string, string)[] NoTimers =
        [.. ((string[])["DigestSchedule", "DueSyncSchedule", "KeepAliveSchedule", "RetentionSchedule", "SweepSchedule", "TendSchedule", "WebhookDrainSchedule"]).Select(schedule => (schedule, "0 0 0 1 1 *"))];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sync_asks_the_storage_for_no_more_than_the_cost_model_says()
    {
        await using var stage = await Stage.StartAsync(azurite, 1, Cancelled, null, NoTimers);
        var product = stage.Product;
        ConcurrentQueue<StorageRequest> seen = [];
        stage.Proxy.Arrived = request =>
        {
            if (!request.Table.StartsWith("hub", StringComparison.OrdinalIgnoreCase) && request.Table.Length > 0)
                seen.Enqueue(request);
            return Task.FromResult(true);
        };
        var organisation = await product.NewOrganisationAsync("2000", 81, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        var (first, one) = await EndAsync(product.Prefix, client, null, seen);
        await product.Practice.PressSyncAsync(client, Cancelled);
        var (second, quiet) = await EndAsync(product.Prefix, client, first.RunId, seen);
        product.EditAtRandom(organisation, 82, 20);
        await product.Practice.PressSyncAsync(client, Cancelled);
        var (third, usual) = await EndAsync(product.Prefix, client, second.RunId, seen);

        foreach (var (what, run, asked) in ((string, RunRecord, List<StorageRequest>)[])[("first, 2,000 records", first, one), ("nothing new", second, quiet), ("20 edits", third, usual)])
        {
            output.WriteLine($"{what}: {run.Receipt!.Calls} calls, {run.Receipt.Bytes:N0} bytes, {asked.Count} storage requests, {asked.Count(request => request.IsWrite)} of them writes");
            output.WriteLine("   " + string.Join(", ", asked.CountBy(request => request.Table).OrderByDescending(table => table.Value).Select(table => $"{table.Key} {table.Value}")));
        }
        using var model = CostModelTests.Run("-e", "import('./scripts/lib/costs.mjs').then(model => console.log(model.inputs.storageRequests.value))");
        (await model.EndAsync(Cancelled)).ShouldBe(0, model.Output);
        var said = int.Parse(model.Output, System.Globalization.CultureInfo.InvariantCulture);
        // What is waited for is asked again, so that a busy machine takes some more.
        usual.Count.ShouldBeInRange(said / 2, said * 5 / 4);
        quiet.Count.ShouldBeInRange(said / 2, usual.Count + 50);
        one.Count.ShouldBeInRange(said, said * 3);
    }

    // The run's row and its orchestration's are read past the proxy, and so are not counted.
    private async Task<(RunRecord Run, List<StorageRequest> Asked)> EndAsync(string prefix, string client, RunId? after, ConcurrentQueue<StorageRequest> seen)
    {
        var runs = new RunStore(new AppStorage(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString, TablePrefix = prefix })), TimeProvider.System);
        var instances = new TableServiceClient(azurite.ConnectionString).GetTableClient(prefix + "hubInstances");
        RunRecord? run = null;
        await Eventually.TrueAsync("the run has ended, and its orchestration after it", async () =>
        {
            run = await runs.CurrentAsync(new ClientId(client), Cancelled);
            return run is { State: RunState.Finished } && run.RunId != after && (await instances.GetEntityAsync<TableEntity>($"sync-{client}", "0", cancellationToken: Cancelled)).Value.GetString("Status") == "Completed";
        }, Within, Cancelled);
        // Each step is awaited by the next one, and the orchestration's end by nothing: what it asked for has been seen.
        List<StorageRequest> asked = [];
        while (seen.TryDequeue(out var request))
            asked.Add(request);
        return (run!, asked);
    }
}
