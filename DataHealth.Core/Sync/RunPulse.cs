using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>When a run last showed that somebody carries it on.</summary>
internal sealed class RunPulse(AppStorage storage, TimeProvider time)
{
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>The latest of what its row says and of its datasets' checkpoints.</summary>
    public async Task<DateTimeOffset> LastSignAsync(ClientId client, DateTimeOffset ofRow, CancellationToken cancellationToken)
    {
        var states = await _checkpoints.AllAsync(client, cancellationToken);
        return states.Values.Select(state => state.TouchedAt).Append(ofRow).Max();
    }
}
