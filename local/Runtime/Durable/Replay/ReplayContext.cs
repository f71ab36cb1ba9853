using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace DataHealth.Local.Runtime.Durable.Replay;

/// <summary>What the orchestrator sees. It notes what the orchestrator asks for, and answers from history.</summary>
internal sealed class ReplayContext(
    string instanceId, string seed, ExecutionStarted started, OrchestratorThread thread, DataConverter converter, ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    private readonly Dictionary<int, (ActionEvent Action, TaskCompletionSource<string?> Answer)> _open = [];
    private readonly EventInbox _events = new(converter);
    private DateTime _now;
    private int _nextId;
    private int _guids;

    public override TaskName Name => started.Name;

    public override string InstanceId => instanceId;

    public override string Version => started.Version ?? string.Empty;

    public override ParentOrchestrationInstance? Parent { get; } =
        started.Parent is { } parent ? new(parent.Name, parent.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => Replaying;

    public bool Replaying { get; set; } = true;

    /// <summary>What was asked for and is not in history yet, in order.</summary>
    public List<ActionEvent> Asked { get; } = [];

    /// <summary>Timers that were cancelled in this episode.</summary>
    public List<TimerCancelled> Cancelled { get; } = [];

    public string? CustomStatus { get; private set; }

    public ContinueAsNewOptions? Continuation { get; private set; }

    /// <summary>The last thing asked for, for the message about an await that is not durable.</summary>
    public string? LastWords { get; private set; }

    /// <summary>Whether something from outside can still make the orchestrator go on.</summary>
    public bool IsWaiting => _open.Values.Any(open => open.Action is not EventSent) || _events.IsAwaited;

    public IEnumerable<EventRaised> UnprocessedEvents => _events.Buffered;

    protected override ILoggerFactory LoggerFactory => loggers;

    public override T? GetInput<T>()
        where T : default => converter.Deserialize<T>(started.Data);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Guard();
        var data = converter.Serialize(input);
        return Retrying.CallAsync(this, options?.Retry, () => AnswerAsync<TResult>(id => new ActivityScheduled(id, name.Name) { Data = data }));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        Guard();
        var data = converter.Serialize(input);
        var sub = options as SubOrchestrationOptions;
        var tags = options?.Tags is { Count: > 0 } given ? new Dictionary<string, string>(given) : null;
        return Retrying.CallAsync(this, options?.Retry, () => AnswerAsync<TResult>(id => new SubOrchestrationScheduled(
            id,
            orchestratorName.Name,
            sub?.InstanceId ?? DeterministicGuid.Of($"{seed}|sub|{id}").ToString("N"),
            sub?.Version?.Version,
            tags)
        { Data = data }));
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        Guard();
        if (cancellationToken.IsCancellationRequested)
            await Task.FromCanceled(cancellationToken);
        var utc = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        var id = _nextId;
        var fired = Ask(n => new TimerCreated(n, utc));
        // Disposed synchronously: disposing it asynchronously from within its own callback would wait on another thread.
#pragma warning disable CA1849
        using var cancelling = cancellationToken.Register(() => Cancel(id));
#pragma warning restore CA1849
        await fired;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        Guard();
        return _events.WaitAsync<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        Guard();
        _ = Ask(id => new EventSent(id, instanceId, eventName) { Data = converter.Serialize(payload) });
    }

    public override void SetCustomStatus(object? customStatus)
    {
        Guard();
        CustomStatus = converter.Serialize(customStatus) ?? "null";
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        Guard();
        Continuation = options;
    }

    public override Guid NewGuid()
    {
        Guard();
        return DeterministicGuid.Of($"{seed}|guid|{_guids++}");
    }

    public void MoveClock(DateTime at) => _now = at > _now ? at : _now;

    /// <summary>History says that this was asked for: it must have been asked for now too.</summary>
    public void Confirm(ActionEvent recorded)
    {
        var asked = Asked.FirstOrDefault(action => action.Id == recorded.Id);
        if (asked is null || asked.Words != recorded.Words)
            throw new NonDeterministicOrchestrationException(Name, recorded, asked);
        Asked.Remove(asked);
    }

    /// <summary>Everything of history was asked for again, up to the end of an episode: nothing may have been asked for beyond it.</summary>
    public void ConfirmEpisode()
    {
        if (Asked.Count > 0)
            throw new NonDeterministicOrchestrationException(Name, null, Asked[0]);
    }

    public void Complete(int id, string? data)
    {
        if (_open.Remove(id, out var open))
            open.Answer.TrySetResult(data);
    }

    public void Fail(ActionFailed failed)
    {
        if (_open.Remove(failed.Id, out var open))
            open.Answer.TrySetException(FailedCall.Exception(open.Action, failed));
    }

    public void Raise(EventRaised raised) => _events.Raise(raised);

    private async Task<TResult> AnswerAsync<TResult>(Func<int, ActionEvent> action)
    {
        var data = await Ask(action);
        return (data is null ? default : converter.Deserialize<TResult>(data))!;
    }

    private Task<string?> Ask(Func<int, ActionEvent> create)
    {
        Guard();
        var action = create(_nextId++);
        LastWords = action.Words;
        Asked.Add(action);
        var answer = new TaskCompletionSource<string?>();
        _open.Add(action.Id, (action, answer));
        return answer.Task;
    }

    private void Cancel(int id)
    {
        if (!_open.Remove(id, out var open))
            return;
        if (!Replaying)
            Cancelled.Add(new(id));
        open.Answer.TrySetCanceled();
    }

    private void Guard()
    {
        if (!thread.IsCurrent)
            throw new IllegalAwaitException($"Orchestrator '{Name}' used its context from a thread that is not its own, after it awaited something that is not durable.");
    }
}
