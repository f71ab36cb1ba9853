using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>Finds runs that nobody carries on: a lost start, a lost timer, a vanished orchestration.</summary>
public sealed class SweepRuns(AppStorage storage, IOptions<SyncOptions> options, TimeProvider time)
{
    private readonly RunRows _rows = new(storage, time);
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>Runs to restart or wake; starting one that does run is refused by its instance id and harms nothing. Reads the runs in flight, not all clients.</summary>
    public async Task<IReadOnlyList<AbandonedRun>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var abandoned = new List<AbandonedRun>();
        foreach (var (client, indexedAt, indexed) in await _rows.ActiveAsync(cancellationToken))
        {
            var now = time.GetUtcNow();
            var stale = now - options.Value.AbandonedAfter;
            if (await _rows.CurrentAsync(client, cancellationToken) is not { } current || current.Run.State == RunState.Finished)
            {
                // Young ones may be about to be claimed.
                if (indexedAt < stale)
                    await _rows.RemoveActiveAsync(client, indexed, cancellationToken);
                continue;
            }
            var run = current.Run;
            if (run.Pause is { } pause)
            {
                if (pause.Until < stale && run.TouchedAt < stale)
                    abandoned.Add(new AbandonedRun(client, run.RunId, "It slept past the end of its pause.", pause.Until) { MustWake = true });
                continue;
            }
            if (run.PlannedAt is null)
            {
                if (run.TouchedAt < now - options.Value.BeginsWithin)
                    abandoned.Add(new AbandonedRun(client, run.RunId, "It was claimed and never began.", run.TouchedAt));
                continue;
            }
            var states = await _checkpoints.AllAsync(client, cancellationToken);
            var sign = states.Values.Select(state => state.TouchedAt).Append(run.TouchedAt).Max();
            if (sign < stale)
                abandoned.Add(new AbandonedRun(client, run.RunId, "It has shown no sign of life.", sign));
        }
        return abandoned;
    }
}

/// <summary>A run without a sign of life.</summary>
/// <param name="Client">Whose.</param>
/// <param name="Run">Which: start its orchestration again with the same run, or wake it.</param>
/// <param name="Why">For the log.</param>
/// <param name="SilentSince">Its last sign of life, or the end of the pause that it overslept.</param>
public sealed record AbandonedRun(ClientId Client, RunId Run, string Why, DateTimeOffset SilentSince)
{
    /// <summary>Its orchestration may be there and oversleep its pause.</summary>
    public bool MustWake { get; init; }
}
