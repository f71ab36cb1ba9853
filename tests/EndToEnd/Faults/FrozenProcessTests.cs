using Azure.Data.Tables;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>A functions process stands still for longer than its lease, another one takes its run over, and then it wakes up.</summary>
public sealed class FrozenProcessTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    // What a run writes. Grants and limits are shared with everybody and may change.
    private static readonly string[] OfRuns = ["ledger", "syncstate", "runs", "openruns", "runevents", "due"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ProviderUnderTest.FirstDaily), MemberType = typeof(ProviderUnderTest))]
    public async Task Promise_3_a_process_frozen_past_its_lease_and_woken_again_writes_nothing(string provider)
    {
        await using var stage = await Stage.StartAsync(ProviderUnderTest.Of(provider), azurite, 2, Cancelled, null, ("LocalRuntime__LeaseSeconds", "4"));
        var product = stage.Product;
        var (sleeper, heir) = (product.Functions[0], product.Functions[1]);
        heir.Stop();
        using var held = new HeldCheckpoint(stage.Proxy, sleeper);
        var organisation = await product.NewOrganisationAsync("4000", 421, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);

        // Frozen with the checkpoint of a written page on the wire.
        await held.IsFrozen.WaitAsync(Within, Cancelled);
        await heir.StartAsync(Cancelled);
        var run = new Run(await product.Practices[1].WaitForEndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        await RunningProduct.SettledAsync(product.Practices[1], client, Within, Cancelled);
        var before = await RowsAsync(product);
        var callsBefore = product.DataCalls(organisation).Count;

        // The held write arrives late, and the sleeper goes on where it stood.
        held.LetGo();
        sleeper.Thaw();
        await Eventually.TrueAsync("the sleeper has found out", () => Task.FromResult(sleeper.Output.Contains("another writer took", StringComparison.Ordinal)), Within, Cancelled);
        sleeper.Stop();

        var after = await RowsAsync(product);
        before.Except(after).Concat(after.Except(before)).ShouldBeEmpty("a process that lost its run writes nothing, not even the same again");
        var compared = await new BooksComparison(product).CompareAsync(client, organisation, afterFullPass: true, Cancelled, product.Practices[1]);
        output.WriteLine($"Lease of 4 s, {before.Count} rows unchanged, {product.DataCalls(organisation).Count - callsBefore} calls by the woken process, {run.Calls} in the receipt: {compared}");
        compared.ShouldBeEqual();
        var runs = (await product.Practices[1].GetAsync($"clients/{client}/runs", Cancelled)).GetProperty("items");
        runs.GetArrayLength().ShouldBe(1);
        (await RunningProduct.FinishedLinesAsync(product.Practices[1], client, Cancelled)).ShouldBe(1, "the run ends once");
        // What the sleeper began before it froze may still go out, one call for each of the datasets side by side.
        (product.DataCalls(organisation).Count - callsBefore).ShouldBeLessThanOrEqualTo(5);
    }

    /// <summary>Every row of the tables that a run writes, with its version.</summary>
    private async Task<IReadOnlyList<string>> RowsAsync(RunningProduct product)
    {
        var rows = new List<string>();
        var tables = new TableServiceClient(azurite.ConnectionString);
        foreach (var name in OfRuns)
        {
            await foreach (var row in tables.GetTableClient(product.Prefix + name).QueryAsync<TableEntity>(cancellationToken: Cancelled))
                rows.Add($"{name} {row.PartitionKey} {row.RowKey} {row.ETag}");
        }
        return rows;
    }

    /// <summary>Freezes a process when the checkpoint of a page whose data is written leaves it, and keeps that request on the wire.</summary>
    private sealed class HeldCheckpoint : IDisposable
    {
        private readonly TaskCompletionSource _frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<string> _written = [];
        private readonly Lock _gate = new();

        public HeldCheckpoint(StorageProxy proxy, FunctionsProcess process)
        {
            proxy.Answered = request =>
            {
                lock (_gate)
                {
                    if (request.IsPageData)
                        _written.Add(request.Dataset);
                }
                return Task.FromResult(true);
            };
            proxy.Arrived = async request =>
            {
                bool isIt;
                lock (_gate)
                    isIt = request.IsCheckpoint && _written.Contains(request.Dataset) && !_frozen.Task.IsCompleted;
                if (isIt)
                {
                    process.Freeze();
                    _frozen.TrySetResult();
                    await _released.Task;
                }
                return true;
            };
        }

        public Task IsFrozen => _frozen.Task;

        public void LetGo() => _released.TrySetResult();

        public void Dispose() => LetGo();
    }
}
