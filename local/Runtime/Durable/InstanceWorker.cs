using DataHealth.Local.Runtime.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>
/// Moves one instance forward while this process leases it: gathers what happened, replays the orchestrator over it, commits, and runs the activities.
/// Everything it knows it can read again; when a write is refused, because another process took over, it forgets all and starts from the storage.
/// </summary>
internal sealed class InstanceWorker(string id, EngineParts engine) : IDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OrphanAge = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _poked = new(0, 1);
    private volatile bool _inboxChanged;
    private WorkItem? _item;

    /// <summary>The row of the work index as this worker knows it.</summary>
    public WorkItem? Item => _item;

    /// <summary>Set when the instance belongs to another process: until when it does not pay to look again.</summary>
    public DateTimeOffset? LeasedElsewhereUntil { get; private set; }

    public bool IsPoked => _poked.CurrentCount > 0;

    public void Poke(bool inboxChanged)
    {
        // Not |=, which another poke at the same moment could undo.
        if (inboxChanged)
            _inboxChanged = true;
        try
        {
            _poked.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has not woken from the last one yet.
        }
    }

    /// <summary>Works until the instance sleeps, has ended or belongs to another process.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        LeasedElsewhereUntil = null;
        while (!stop.IsCancellationRequested)
        {
            await _poked.WaitAsync(TimeSpan.Zero, CancellationToken.None);
            _inboxChanged = false;
            _item = await engine.Work.FindAsync(id);
            var state = await engine.Store.LoadAsync(id);
            if (state is null or { Row.HasEnded: true, Outbox.Count: 0 })
            {
                // Somebody who creates it, perhaps in the place of one that has ended, may be between the index and the instance; after a while nobody is.
                if (_item is { } orphan && TimeProvider.System.GetUtcNow() - orphan.WrittenAt > OrphanAge)
                    await engine.Work.RemoveAsync(orphan);
                LeasedElsewhereUntil = DateTimeOffset.MinValue;
                return;
            }
            if (_item is null)
            {
                await engine.Work.TouchAsync(id);
                continue;
            }
            if (state.Row.LeaseOwner is { } owner && owner != engine.Owner.Name
                && state.Row.LeaseUntil > TimeProvider.System.GetUtcNow() && !LeaseOwner.IsGone(owner))
            {
                engine.Activities.Forget(id);
                LeasedElsewhereUntil = state.Row.LeaseUntil;
                return;
            }
            if (await engine.Store.HoldAsync(state, engine.Owner.Name) && await WorkAsync(state, stop))
                return;
        }
    }

    public void Dispose() => _poked.Dispose();

    /// <summary>True when there is nothing more to do for now, false to look at the storage again.</summary>
    private async Task<bool> WorkAsync(InstanceState state, CancellationToken stop)
    {
        await engine.Store.SweepAsync(state);
        var hasWaited = false;
        while (true)
        {
            if (state.Outbox.Count > 0)
            {
                if (!await SendAsync(state))
                    return false;
                continue;
            }
            if (state.Row.HasEnded)
            {
                engine.Activities.Forget(id);
                return await engine.Work.RemoveAsync(_item!);
            }
            var outstanding = new Outstanding(state.History);
            var running = Start(state, outstanding, stop);
            var (news, consumed) = Collect(state, outstanding, running);
            var mayStart = outstanding.HasRun || outstanding.Started!.StartAt is not { } at || at <= engine.Clock.GetUtcNow();
            if (news.Count > 0 || (mayStart && !outstanding.HasRun))
            {
                // Given up with the last commit, but something came in between.
                if (state.Row.LeaseOwner is null)
                    return false;
                if (!await StepAsync(state, news, consumed))
                    return false;
                continue;
            }
            if (consumed.Count > 0)
            {
                if (!await engine.Store.DiscardAsync(state, consumed.Select(message => InstanceRows.InboxPrefix + message.Key)))
                    return false;
                state.Inbox.RemoveAll(consumed.Contains);
                continue;
            }
            if (running.Count > 0 && !stop.IsCancellationRequested)
            {
                if (!await WaitAsync(state, stop))
                    return false;
                continue;
            }
            if (running.Count > 0 && !hasWaited)
            {
                // The host stops: activities that heed it get a moment to come to an end that can still be noted.
                hasWaited = true;
                await Task.WhenAny(Task.WhenAll(running.Values), Task.Delay(LastWords, TimeProvider.System, CancellationToken.None));
                continue;
            }
            if (state.Row.LeaseOwner is not null && !await engine.Store.ReleaseAsync(state))
                return false;
            return stop.IsCancellationRequested || await SleepAsync(outstanding);
        }
    }

    private async Task<bool> SendAsync(InstanceState state)
    {
        foreach (var message in state.Outbox.SelectMany(batch => batch.Messages))
        {
            if (await engine.Outbox.SendAsync(message) is { } other)
                engine.Wake(other, true);
        }
        if (!await engine.Store.DiscardAsync(state, state.Outbox.Select(batch => batch.Key)))
            return false;
        state.Outbox.Clear();
        return true;
    }

    private Dictionary<ActivityKey, Task<HistoryEvent?>> Start(InstanceState state, Outstanding outstanding, CancellationToken stop)
    {
        // Without the lease another process may already be running them.
        if (state.Row.LeaseOwner is null)
            return [];
        var traceParent = EngineTracing.Of(state.History);
        return outstanding.Activities.Values.ToDictionary(
            activity => new ActivityKey(id, state.Row.Execution, state.Row.Generation, activity.Id),
            activity => engine.Activities.RunAsync(
                new(id, state.Row.Execution, state.Row.Generation, activity.Id), activity, traceParent, () => engine.Wake(id, false), stop));
    }

    private (List<HistoryEvent> News, List<InboxMessage> Consumed) Collect(
        InstanceState state, Outstanding outstanding, Dictionary<ActivityKey, Task<HistoryEvent?>> running)
    {
        var news = new List<HistoryEvent>();
        var consumed = new List<InboxMessage>();
        var now = engine.Clock.GetUtcNow();
        var waitsForStart = !outstanding.HasRun && outstanding.Started!.StartAt > now;
        foreach (var message in state.Inbox.Take(InstanceStore.MaxConsumed))
        {
            var isForUs = message.Execution == state.Row.Execution
                && (message.Generation is null || message.Generation == state.Row.Generation);
            if (isForUs && waitsForStart && message.Event is not ExecutionTerminated)
                continue;
            consumed.Add(message);
            if (isForUs && outstanding.Accepts(message.Event))
                news.Add(message.Event);
        }
        foreach (var (key, run) in running.Where(run => run.Value.IsCompletedSuccessfully))
        {
            if (run.Result is { } result)
                news.Add(result);
            else
                engine.Activities.Forget(key);
        }
        news.AddRange(outstanding.Timers.Where(timer => timer.Value <= now.UtcDateTime).OrderBy(timer => timer.Value).Select(timer => new TimerFired(timer.Key)));
        return (news, consumed);
    }

    private async Task<bool> StepAsync(InstanceState state, List<HistoryEvent> news, List<InboxMessage> consumed)
    {
        news.Insert(0, new EpisodeStarted(engine.Clock.GetUtcNow().UtcDateTime, EngineTracing.Show(state)));
        var outcome = await engine.ReplayAsync(state, news);
        List<HistoryEvent> history = [.. news, .. outcome.Cancelled, .. outcome.Asked];
        var ended = outcome.Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
        if (ended)
            history.Add(new ExecutionEnded(outcome.Status) { Data = outcome.Output });
        var outgoing = Outbox.Compose(state, outcome);
        var after = new Outstanding(outcome.NextGeneration ?? [.. state.History, .. history]);
        var commit = new Commit(history, outcome.Status)
        {
            Consumed = consumed,
            Outgoing = outgoing,
            Output = outcome.Output,
            CustomStatus = outcome.CustomStatus,
            NextGeneration = outcome.NextGeneration,
            ReleasesLease = outgoing.Count == 0 && state.Inbox.Count == consumed.Count && outcome.NextGeneration is null
                && (ended || after.Activities.Count == 0),
        };
        var statusBefore = state.Row.Status;
        if (!await engine.Store.CommitAsync(state, commit))
            return false;
        foreach (var result in news)
        {
            if (result is ActionCompleted { Id: var done })
                engine.Activities.Forget(new ActivityKey(id, state.Row.Execution, state.Row.Generation, done));
            else if (result is ActionFailed { Id: var failed })
                engine.Activities.Forget(new ActivityKey(id, state.Row.Execution, state.Row.Generation, failed));
        }
        if (outcome.NextGeneration is not null)
        {
            engine.Activities.Forget(id);
            await engine.Store.SweepAsync(state);
        }
        else if (!ended && after.NextTimer is { } due)
        {
            engine.WakeAt(id, due);
        }
        if (statusBefore != outcome.Status)
            engine.Changes.Notify(id);
        return true;
    }

    /// <summary>Waits for an activity, a message or a timer, and renews the lease; false when it is lost.</summary>
    private async Task<bool> WaitAsync(InstanceState state, CancellationToken stop)
    {
        var renewal = state.Row.LeaseUntil - engine.Settings.Lease / 2 - TimeProvider.System.GetUtcNow();
        using var nextRenewal = new CancellationTokenSource(renewal > TimeSpan.Zero ? renewal : TimeSpan.Zero, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(nextRenewal.Token, stop);
        try
        {
            await _poked.WaitAsync(stop.IsCancellationRequested ? nextRenewal.Token : either.Token);
        }
        catch (OperationCanceledException)
        {
            if (nextRenewal.IsCancellationRequested && !await engine.Store.HoldAsync(state, engine.Owner.Name))
                return false;
        }
        if (_inboxChanged)
        {
            _inboxChanged = false;
            // The index before the inbox: whoever writes does it the other way round.
            _item = await engine.Work.FindAsync(id) ?? _item;
            state.Inbox = await engine.Store.InboxAsync(id);
        }
        return true;
    }

    private async Task<bool> SleepAsync(Outstanding outstanding)
    {
        var start = outstanding.HasRun ? null : outstanding.Started!.StartAt;
        var due = start ?? outstanding.NextTimer ?? WorkIndex.Never;
        if (!await engine.Work.SleepAsync(_item!, due < WorkIndex.Never ? due : WorkIndex.Never))
            return false;
        if (due < WorkIndex.Never)
            engine.WakeAt(id, due);
        return true;
    }
}
