using DataHealth.Local.Runtime.Durable.Replay;
using DataHealth.Local.Runtime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>What an episode has to tell other instances, and telling it. Each message has a key of its own, so that telling twice is telling once.</summary>
internal sealed class Outbox(InstanceStore store, WorkIndex work)
{
    public static IReadOnlyList<OutgoingMessage> Compose(InstanceState state, EpisodeOutcome outcome)
    {
        var row = state.Row;
        // Ordered by time among the inbox's rows; the rest makes it one of a kind.
        var stamp = $"{TimeProvider.System.GetUtcNow().Ticks:D19}-{DeterministicGuid.Of($"{state.Id}|{row.Execution}|{row.Generation}|{row.Episodes}"):N}";
        var messages = new List<OutgoingMessage>();
        var trace = EngineTracing.Of(state.History) is { Length: > 0 } span ? span : null;
        string Key() => $"{stamp}-{messages.Count:D5}";
        foreach (var action in outcome.Asked)
        {
            if (action is SubOrchestrationScheduled sub)
            {
                var link = new ParentLink(row.Name, state.Id, row.Execution, row.Generation, sub.Id);
                var execution = DeterministicGuid.Of($"{state.Id}|{row.Execution}|{row.Generation}|{sub.Id}").ToString("N");
                messages.Add(new(Key(), sub.InstanceId, execution, null, new ExecutionStarted(sub.Name, sub.Version, link, Tags: sub.Tags, TraceParent: trace) { Data = sub.Data }));
            }
            else if (action is EventSent sent)
            {
                messages.Add(new(Key(), sent.InstanceId, null, null, new EventRaised(sent.Name, Key()) { Data = sent.Data }));
            }
        }
        if (((ExecutionStarted)state.History[0]).Parent is { } parent && outcome.NextGeneration is null && Answer(parent.ActionId, outcome) is { } answer)
            messages.Add(new(Key(), parent.InstanceId, parent.Execution, parent.Generation, answer));
        return messages;
    }

    /// <summary>Tells one message. What is meant for an instance that is not there or has ended is dropped.</summary>
    /// <returns>The instance that now has something to do, or null.</returns>
    public async Task<string?> SendAsync(OutgoingMessage message)
    {
        if (message.Event is ExecutionStarted started)
        {
            try
            {
                await store.CreateAsync(message.InstanceId, message.Execution!, started);
                return message.InstanceId;
            }
            catch (OrchestrationAlreadyExistsException exists)
            {
                var parent = started.Parent!;
                var refusal = new ActionFailed(parent.ActionId, TaskFailureDetails.FromException(exists));
                message = new(message.Key, parent.InstanceId, parent.Execution, parent.Generation, refusal);
            }
        }
        var target = await store.FindAsync(message.InstanceId);
        if (target is null or { HasEnded: true } || (message.Execution is { } execution && execution != target.Execution))
            return null;
        await store.PostAsync(message.InstanceId, new(message.Key, target.Execution, message.Generation, message.Event));
        await work.TouchAsync(message.InstanceId);
        return message.InstanceId;
    }

    private static HistoryEvent? Answer(int actionId, EpisodeOutcome outcome) => outcome.Status switch
    {
        OrchestrationRuntimeStatus.Completed => new ActionCompleted(actionId) { Data = outcome.Output },
        OrchestrationRuntimeStatus.Failed => new ActionFailed(actionId, outcome.Failure!),
        OrchestrationRuntimeStatus.Terminated => new ActionFailed(
            actionId, new("Terminated", $"The sub-orchestration was terminated: {outcome.Output}", null, null, null)),
        _ => null,
    };
}
