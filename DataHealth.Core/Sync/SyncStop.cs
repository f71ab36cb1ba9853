using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>Stops a client's sync for good: its run is ended, and every dataset is taken away from the slices at work, which then save nothing more.</summary>
public sealed class SyncStop(AppStorage storage, SyncMetrics metrics, TimeProvider time) : IClientStop
{
    private readonly RunRows _rows = new(storage, time);
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <inheritdoc />
    public async Task StopAsync(ClientId client, CancellationToken cancellationToken)
    {
        if (await _rows.CloseAsync(client, cancellationToken) is { } ended)
            metrics.Ended(ended);
        await _checkpoints.CloseAsync(client, cancellationToken);
    }
}
