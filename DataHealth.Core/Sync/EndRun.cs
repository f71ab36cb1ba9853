using DataHealth.Core.Clients;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>Ends a run in flight because a person says so. Its slices that still work write nothing more; the schedule goes on as usual.</summary>
public sealed class EndRun(AppStorage storage, DueClients due, IClientWatch watch, IOptions<SyncOptions> options, SkippedRecords skipped, SyncMetrics metrics, TimeProvider time)
{
    /// <summary>The code of its <see cref="RunRecord.Error"/>.</summary>
    public const string Code = "ended-by-support";

    private readonly RunRows _rows = new(storage, time);
    private readonly RunEvents _events = new(storage, time);
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>Ends it; false when it is not the client's run in flight (any more).</summary>
    /// <param name="client">Whose.</param>
    /// <param name="run">Which.</param>
    /// <param name="reason">Why, in the words of who ends it; goes into the run's record.</param>
    /// <param name="cancellationToken">Cancels what comes before the end is written.</param>
    public async Task<bool> ExecuteAsync(ClientId client, RunId run, string reason, CancellationToken cancellationToken)
    {
        var receipt = Receipts.Of(run, await _checkpoints.AllAsync(client, cancellationToken), await skipped.AllAsync(client, cancellationToken));
        var now = time.GetUtcNow();
        var error = new RunError(Code, "Our support ended this sync.", "What was copied so far stays. The next sync goes on from there: by itself when it is due, or when somebody presses Sync.", false, null, reason, null);
        var mark = await watch.ChangingAsync(client, cancellationToken);
        var ended = await _rows.ChangeAsync(
            client,
            run,
            current => current with { State = RunState.Finished, Pause = null, FinishedAt = now, Outcome = RunOutcome.Ended, Error = error, Receipt = receipt, NextDueAt = now + options.Value.Interval },
            CancellationToken.None);
        await watch.ChangedAsync(mark);
        if (ended is null)
            return false;
        metrics.Ended(ended);
        await due.SetAsync(client, now + options.Value.Interval, CancellationToken.None);
        await _events.AppendAsync(client, run, "ended", null, error.Title, CancellationToken.None);
        return true;
    }
}
