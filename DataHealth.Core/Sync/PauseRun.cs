using DataHealth.Core.Clients;
using DataHealth.Core.Costs;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Telemetry;

namespace DataHealth.Core.Sync;

/// <summary>Writes on the run row why it waits and until when, for the screen and the sweeper.</summary>
public sealed class PauseRun(AppStorage storage, IClientWatch watch, ICostMeter costs, SyncMetrics metrics, TimeProvider time)
{
    private readonly RunRows _rows = new(storage, time);
    private readonly RunEvents _events = new(storage, time);
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>Notes the pause; false when the run is no longer the current one. Repeated, it notes nothing new.</summary>
    public async Task<bool> ExecuteAsync(ClientId client, RunId run, DateTimeOffset until, LimitKind limit, bool isEstimate, CancellationToken cancellationToken)
    {
        using var span = Tracing.Step("sync.pause", client, run)?.SetTag(TagName.Limit, TagName.Of(limit)).SetTag(TagName.Until, until.UtcDateTime);
        var isNew = false;
        var mark = await watch.ChangingAsync(client, cancellationToken);
        var saved = await _rows.ChangeAsync(client, run, current =>
        {
            isNew = current.Pause is null || current.Pause.Until != until || current.Pause.Limit != limit;
            if (!isNew)
                return current;
            var now = time.GetUtcNow();
            var pause = new RunPause(now, until, limit, isEstimate) { TraceParent = span?.Id };
            return current with { State = RunState.Paused, Pause = pause, WaitingSince = pause.IsLong ? current.WaitsSince(now) ?? now : current.WaitingSince };
        }, cancellationToken);
        await watch.ChangedAsync(mark);
        span.LinkTo(saved?.TraceParent);
        if (saved is not null && isNew)
        {
            metrics.Paused(saved, limit);
            await costs.RecordAsync(client, saved, await CostAsync(client, run, cancellationToken), cancellationToken);
            var latest = isEstimate ? "at the latest " : "";
            await _events.AppendAsync(client, run, "paused", null, $"Paused by {Words(limit)}; goes on {latest}at {until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.", cancellationToken);
        }
        return saved is not null;
    }

    // A run that sleeps over midnight has spent today what it spent until now.
    private async Task<RunCost> CostAsync(ClientId client, RunId run, CancellationToken cancellationToken) =>
        (await _checkpoints.AllAsync(client, cancellationToken)).Values.Where(state => state.Run.RunId == run.Value)
            .Aggregate(default(RunCost), (sum, state) => sum + new RunCost(state.Run.Calls, state.Run.Bytes));

    private static string Words(LimitKind limit) => limit switch
    {
        LimitKind.Concurrent => "the provider's limit of calls at a time",
        LimitKind.Second => "the provider's limit of calls a second",
        LimitKind.Minute => "the provider's minute limit",
        LimitKind.Day => "the provider's daily limit",
        LimitKind.DayReserve => "our reserve of the day, kept for people who press Sync",
        LimitKind.AppMinute => "the provider's minute limit for our whole app",
        LimitKind.Month => "the provider's monthly limit for our whole app",
        _ => "a limit that the provider did not name",
    };
}

/// <summary>Takes the pause off the run row.</summary>
public sealed class ContinueRun(AppStorage storage, IClientWatch watch, SyncMetrics metrics, TimeProvider time)
{
    private readonly RunRows _rows = new(storage, time);
    private readonly RunEvents _events = new(storage, time);

    /// <summary>Notes that the run goes on; false when the run is no longer the current one.</summary>
    public async Task<bool> ExecuteAsync(ClientId client, RunId run, CancellationToken cancellationToken)
    {
        using var span = Tracing.Step("sync.continue", client, run);
        RunPause? ended = null;
        var mark = await watch.ChangingAsync(client, cancellationToken);
        var saved = await _rows.ChangeAsync(client, run, current =>
        {
            ended = current.Pause;
            return ended is not null ? current with { State = RunState.Running, Pause = null, ContinuedAt = ended.IsLong ? time.GetUtcNow() : current.ContinuedAt } : current;
        }, cancellationToken);
        await watch.ChangedAsync(mark);
        if (saved is null || ended is not { } pause)
            return saved is not null;
        // The pause is a span that ended long ago, perhaps in another process: what goes on after it points back at it, within one trace as well.
        if (System.Diagnostics.ActivityContext.TryParse(pause.TraceParent, null, isRemote: true, out var paused))
            span?.AddLink(new(paused));
        metrics.Continued(saved, pause, time.GetUtcNow());
        await _events.AppendAsync(client, run, "continued", null, "The sync goes on.", cancellationToken);
        return true;
    }
}
