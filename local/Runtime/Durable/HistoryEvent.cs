using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>One fact of an instance's history. History is only ever appended to, and replaying it gives the orchestrator's state again.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ExecutionStarted), "executionStarted")]
[JsonDerivedType(typeof(EpisodeStarted), "episodeStarted")]
[JsonDerivedType(typeof(ActivityScheduled), "activityScheduled")]
[JsonDerivedType(typeof(SubOrchestrationScheduled), "subOrchestrationScheduled")]
[JsonDerivedType(typeof(TimerCreated), "timerCreated")]
[JsonDerivedType(typeof(EventSent), "eventSent")]
[JsonDerivedType(typeof(ActionCompleted), "actionCompleted")]
[JsonDerivedType(typeof(ActionFailed), "actionFailed")]
[JsonDerivedType(typeof(TimerFired), "timerFired")]
[JsonDerivedType(typeof(TimerCancelled), "timerCancelled")]
[JsonDerivedType(typeof(EventRaised), "eventRaised")]
[JsonDerivedType(typeof(ExecutionSuspended), "executionSuspended")]
[JsonDerivedType(typeof(ExecutionResumed), "executionResumed")]
[JsonDerivedType(typeof(ExecutionTerminated), "executionTerminated")]
[JsonDerivedType(typeof(ExecutionEnded), "executionEnded")]
internal abstract record HistoryEvent
{
    /// <summary>Input, result, payload, reason or output, as the kind has it.</summary>
    public string? Data { get; init; }
}

/// <summary>
/// The first event of each generation. <paramref name="Seen"/> are events sent by other instances that an earlier generation has received; <paramref name="TraceParent"/> is the span that asked
/// for the instance, the same in every generation.
/// </summary>
internal sealed record ExecutionStarted(
    string Name,
    string? Version = null,
    ParentLink? Parent = null,
    DateTimeOffset? StartAt = null,
    IReadOnlyDictionary<string, string>? Tags = null,
    IReadOnlyList<string>? Seen = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceParent = null) : HistoryEvent;

/// <summary>Where an instance reports its end: the action of the very generation that called it.</summary>
internal sealed record ParentLink(string Name, string InstanceId, string Execution, int Generation, int ActionId);

/// <summary>The orchestrator ran; its clock stood at this time until the next episode. A generation's first has the span that shows it.</summary>
internal sealed record EpisodeStarted(DateTime At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceParent = null) : HistoryEvent;

/// <summary>Something that the orchestrator asked for. Ids count up in the order of asking.</summary>
internal abstract record ActionEvent(int Id) : HistoryEvent
{
    [JsonIgnore]
    public abstract string Words { get; }
}

internal sealed record ActivityScheduled(int Id, string Name) : ActionEvent(Id)
{
    public override string Words => $"activity '{Name}'";
}

internal sealed record SubOrchestrationScheduled(
    int Id, string Name, string InstanceId, string? Version = null, IReadOnlyDictionary<string, string>? Tags = null) : ActionEvent(Id)
{
    public override string Words => $"sub-orchestration '{Name}'";
}

internal sealed record TimerCreated(int Id, DateTime FireAt) : ActionEvent(Id)
{
    public override string Words => "a timer";
}

internal sealed record EventSent(int Id, string InstanceId, string Name) : ActionEvent(Id)
{
    public override string Words => $"event '{Name}' to '{InstanceId}'";
}

internal sealed record ActionCompleted(int Id) : HistoryEvent;

/// <param name="Id">The action that failed.</param>
/// <param name="Failure">Why.</param>
/// <param name="Final">It would fail in the same way each time, as a function that does not exist.</param>
internal sealed record ActionFailed(int Id, TaskFailureDetails Failure, bool Final = false) : HistoryEvent;

internal sealed record TimerFired(int Id) : HistoryEvent;

internal sealed record TimerCancelled(int Id) : HistoryEvent;

/// <param name="Name">The event's name, compared without regard to case.</param>
/// <param name="MessageId">Given when another instance sent it: delivered twice, it counts once.</param>
internal sealed record EventRaised(string Name, string? MessageId = null) : HistoryEvent;

internal sealed record ExecutionSuspended : HistoryEvent;

internal sealed record ExecutionResumed : HistoryEvent;

internal sealed record ExecutionTerminated : HistoryEvent;

internal sealed record ExecutionEnded(OrchestrationRuntimeStatus Status) : HistoryEvent;
