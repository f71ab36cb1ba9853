namespace DataHealth.Local.Runtime.Durable;

/// <summary>What a history still waits for.</summary>
internal sealed class Outstanding
{
    private readonly HashSet<int> _subOrchestrations = [];
    private readonly HashSet<string> _seen = [];

    public Outstanding(IEnumerable<HistoryEvent> history)
    {
        foreach (var e in history)
            Add(e);
    }

    public Dictionary<int, ActivityScheduled> Activities { get; } = [];

    public Dictionary<int, DateTime> Timers { get; } = [];

    public ExecutionStarted? Started { get; private set; }

    /// <summary>Whether the orchestrator of this generation has run at all.</summary>
    public bool HasRun { get; private set; }

    public DateTimeOffset? NextTimer => Timers.Count == 0 ? null : new DateTimeOffset(Timers.Values.Min(), TimeSpan.Zero);

    /// <summary>Whether the event says something new. Answers and events of other instances can be delivered twice.</summary>
    public bool Accepts(HistoryEvent e) => e switch
    {
        ActionCompleted { Id: var id } => Activities.ContainsKey(id) || _subOrchestrations.Contains(id),
        ActionFailed { Id: var id } => Activities.ContainsKey(id) || _subOrchestrations.Contains(id),
        EventRaised { MessageId: { } message } => !_seen.Contains(message),
        _ => true,
    };

    private void Add(HistoryEvent e)
    {
        switch (e)
        {
            case ExecutionStarted started:
                Started = started;
                _seen.UnionWith(started.Seen ?? []);
                break;
            case EpisodeStarted:
                HasRun = true;
                break;
            case ActivityScheduled activity:
                Activities.Add(activity.Id, activity);
                break;
            case SubOrchestrationScheduled sub:
                _subOrchestrations.Add(sub.Id);
                break;
            case TimerCreated timer:
                Timers.Add(timer.Id, timer.FireAt);
                break;
            case TimerFired { Id: var id }:
                Timers.Remove(id);
                break;
            case TimerCancelled { Id: var id }:
                Timers.Remove(id);
                break;
            case ActionCompleted { Id: var id }:
                Activities.Remove(id);
                _subOrchestrations.Remove(id);
                break;
            case ActionFailed { Id: var id }:
                Activities.Remove(id);
                _subOrchestrations.Remove(id);
                break;
            case EventRaised { MessageId: { } message }:
                _seen.Add(message);
                break;
        }
    }
}
