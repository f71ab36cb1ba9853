using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>Finds runs that nobody carries on: a lost start, a lost timer, a vanished orchestration.</summary>
public sealed class SweepRuns(AppStorage storage, IOptions<SyncOptions> options, TimeProvider time)
{
    private readonly RunRows _rows = new(storage, time);
    private readonly OpenRunIndex _open = new(storage, time);
    private readonly RunPulse _pulse = new(storage, time);

    /// <summary>Runs to restart or wake; starting one that does run is refused by its instance id and harms nothing. Reads the runs in flight, not all clients.</summary>
    public async Task<IReadOnlyList<AbandonedRun>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var abandoned = new List<AbandonedRun>();
        await foreach (var noted in _open.InFlightAsync(cancellationToken))
        {
            var client = noted.Client;
            var now = time.GetUtcNow();
            var stale = now - options.Value.AbandonedAfter;
            var run = (await _rows.CurrentAsync(client, cancellationToken))?.Run;
            if (run is null or { State: RunState.Finished })
            {
                // A crash between a run's row and its note left them apart. Young ones may be about to be claimed, or their end about to be noted.
                if (noted.NotedAt < stale)
                    await _open.SettleAsync(noted, run, cancellationToken);
                continue;
            }
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
            var sign = await _pulse.LastSignAsync(client, run.TouchedAt, cancellationToken);
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
