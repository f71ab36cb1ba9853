using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataHealth.Local.Runtime.Durable.Replay;

/// <summary>One replay of an orchestrator: over all its history, then over what is new.</summary>
internal sealed class Episode
{
    // Other instances send an event again only when they died between sending and noting it, so the last ones are enough.
    private const int RememberedMessages = 100;

    private readonly OrchestratorThread _thread;
    private readonly Queue<HistoryEvent> _held = new();
    private readonly IDurableFunctions _functions;
    private readonly DataConverter _converter;
    private readonly ReplayContext _context;
    private readonly ICollection<IAsyncDisposable> _owned;
    private bool _suspended;
    private string? _reason;
    private Task<string?>? _orchestrator;

    private Episode(IDurableFunctions functions, DataConverter converter, ReplayContext context, OrchestratorThread thread, ICollection<IAsyncDisposable> owned) =>
        (_functions, _converter, _context, _thread, _owned) = (functions, converter, context, thread, owned);

    /// <param name="functions">The orchestrators.</param>
    /// <param name="converter">How payloads are written.</param>
    /// <param name="loggers">Where the orchestrator's replay-safe loggers write.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="seed">What ids are derived from: the instance, its execution and generation.</param>
    /// <param name="past">History, beginning with <see cref="ExecutionStarted"/>.</param>
    /// <param name="news">What happened since, beginning with <see cref="EpisodeStarted"/>.</param>
    /// <param name="owned">Takes what the caller disposes of afterwards.</param>
    public static EpisodeOutcome Run(
        IDurableFunctions functions, DataConverter converter, ILoggerFactory loggers, string instanceId, string seed,
        IReadOnlyList<HistoryEvent> past, IReadOnlyList<HistoryEvent> news, ICollection<IAsyncDisposable> owned)
    {
        var started = (ExecutionStarted)past[0];
        var thread = new OrchestratorThread();
        var context = new ReplayContext(instanceId, seed, started, thread, converter, loggers);
        return new Episode(functions, converter, context, thread, owned).Run(started, past, news);
    }

    private EpisodeOutcome Run(ExecutionStarted started, IReadOnlyList<HistoryEvent> past, IReadOnlyList<HistoryEvent> news)
    {
        try
        {
            foreach (var e in past)
                Take(e);
            _context.ConfirmEpisode();
            if (_orchestrator is null && news.OfType<ExecutionTerminated>().FirstOrDefault() is { } beforeStart)
                return new(OrchestrationRuntimeStatus.Terminated, beforeStart.Data);
            _context.Replaying = false;
            foreach (var e in news)
            {
                Take(e);
                if (e is ExecutionTerminated && _orchestrator is not { IsCompleted: true })
                    return new(OrchestrationRuntimeStatus.Terminated, e.Data) { CustomStatus = _context.CustomStatus };
            }
        }
        catch (NonDeterministicOrchestrationException fault)
        {
            return Failed(fault);
        }
        if (_thread.Invaded || (_orchestrator is { IsCompleted: false } && !_context.IsWaiting))
            return Failed(new IllegalAwaitException(
                $"Orchestrator '{started.Name}' awaited {AwaitTrace.Describe(_orchestrator!)}, which is not durable"
                + $" ({(_context.LastWords is { } words ? $"after it had asked for {words}" : "before it asked for anything")})."
                + " An orchestrator, and middleware around it, may await only what its context returns; do everything else in an activity."));
        if (_orchestrator is not { IsCompleted: true } ended)
            return Outcome(_suspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running, _suspended ? _reason : null);
        if (ended.Exception is { } thrown)
            return Failed(thrown.InnerException ?? thrown) with { Asked = _context.Asked };
        if (ended.IsCanceled)
            return Failed(new TaskCanceledException(ended)) with { Asked = _context.Asked };
        return _context.Continuation is { } continuation
            ? Outcome(OrchestrationRuntimeStatus.Running, null) with { NextGeneration = Continue(started, continuation, [.. past, .. news]) }
            : Outcome(OrchestrationRuntimeStatus.Completed, ended.Result);
    }

    private void Take(HistoryEvent e) => _thread.Run(() => Apply(e));

    private void Apply(HistoryEvent e)
    {
        if (e is EpisodeStarted { At: var at })
            _context.MoveClock(at);
        if (e is ActionEvent action)
        {
            _context.Confirm(action);
        }
        else if (_suspended && e is not ExecutionResumed and not ExecutionSuspended)
        {
            _held.Enqueue(e);
        }
        else
        {
            Deliver(e);
        }
    }

    private void Deliver(HistoryEvent e)
    {
        switch (e)
        {
            case EpisodeStarted:
                _orchestrator ??= _functions.RunOrchestratorAsync(_context.Name, _context, _owned);
                break;
            case ActionCompleted completed:
                _context.Complete(completed.Id, completed.Data);
                break;
            case TimerFired fired:
                _context.Complete(fired.Id, null);
                break;
            case ActionFailed failed:
                _context.Fail(failed);
                break;
            case EventRaised raised:
                _context.Raise(raised);
                break;
            case ExecutionSuspended:
                (_suspended, _reason) = (true, e.Data);
                break;
            case ExecutionResumed:
                _suspended = false;
                while (!_suspended && _held.TryDequeue(out var held))
                    Deliver(held);
                break;
        }
    }

    private List<HistoryEvent> Continue(ExecutionStarted started, ContinueAsNewOptions options, IEnumerable<HistoryEvent> all)
    {
        var seen = all.OfType<EventRaised>().Select(raised => raised.MessageId).OfType<string>();
        var next = started with
        {
            Data = _converter.Serialize(options.NewInput),
            Version = options.NewVersion ?? started.Version,
            StartAt = null,
            Seen = [.. (started.Seen ?? []).Concat(seen).TakeLast(RememberedMessages)],
        };
        return options.PreserveUnprocessedEvents ? [next, .. _context.UnprocessedEvents, .. _held.OfType<EventRaised>()] : [next];
    }

    private EpisodeOutcome Outcome(OrchestrationRuntimeStatus status, string? output) => new(status, output)
    {
        CustomStatus = _context.CustomStatus,
        Asked = _context.Asked,
        Cancelled = _context.Cancelled,
    };

    private EpisodeOutcome Failed(Exception exception) => EpisodeOutcome.Failed(exception) with { CustomStatus = _context.CustomStatus };
}

/// <summary>What an episode led to.</summary>
internal sealed record EpisodeOutcome(OrchestrationRuntimeStatus Status, string? Output)
{
    public IReadOnlyList<ActionEvent> Asked { get; init; } = [];

    public IReadOnlyList<TimerCancelled> Cancelled { get; init; } = [];

    public string? CustomStatus { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public IReadOnlyList<HistoryEvent>? NextGeneration { get; init; }

    public static EpisodeOutcome Failed(Exception exception) =>
        new(OrchestrationRuntimeStatus.Failed, $"{exception.GetType().FullName}: {exception.Message}")
        {
            Failure = TaskFailureDetails.FromException(exception),
        };
}
