using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Costs;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>Stops a client's sync for good: its run is ended, and every dataset is taken away from the slices at work, which then save nothing more.</summary>
public sealed class SyncStop(AppStorage storage, ICostMeter costs, SkippedRecords skipped, SyncMetrics metrics, TimeProvider time) : IClientStop
{
    private readonly RunRows _rows = new(storage, time);
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <inheritdoc />
    public async Task StopAsync(ClientId client, CancellationToken cancellationToken)
    {
        // The practice's and the app's month keep what the run cost, though the client goes.
        if (await _rows.CurrentAsync(client, cancellationToken) is { Run: { State: not RunState.Finished } run })
        {
            var receipt = Receipts.Of(run.RunId, await _checkpoints.AllAsync(client, cancellationToken), await skipped.AllAsync(client, cancellationToken));
            await costs.RecordAsync(client, run, new RunCost(receipt.Calls, receipt.Bytes), cancellationToken);
        }
        if (await _rows.CloseAsync(client, cancellationToken) is { } ended)
            metrics.Ended(ended);
        await _checkpoints.CloseAsync(client, cancellationToken);
    }
}
