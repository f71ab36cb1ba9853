using Azure;
using Microsoft.DurableTask.Client;

namespace DataHealth.Local.Runtime.Durable.Storage;

/// <summary>An instance as its partition holds it, and as the process that leases it keeps it in memory.</summary>
internal sealed class InstanceState(string id, InstanceRow row)
{
    public string Id { get; } = id;

    /// <summary>The row as last read or written; its ETag fences every commit.</summary>
    public InstanceRow Row { get; set; } = row;

    public List<HistoryEvent> History { get; } = [];

    public List<InboxMessage> Inbox { get; set; } = [];

    public List<OutboxBatch> Outbox { get; } = [];

    /// <summary>Keys of rows that earlier executions and generations left behind.</summary>
    public List<string> Garbage { get; } = [];
}

/// <summary>The instance's row.</summary>
internal sealed record InstanceRow(string Name, string Execution, OrchestrationRuntimeStatus Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public ETag ETag { get; init; }

    /// <summary>Counts up with each ContinueAsNew.</summary>
    public int Generation { get; init; }

    /// <summary>How many history rows this generation has.</summary>
    public int Episodes { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    public string? Version { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public string? LeaseOwner { get; init; }

    public DateTimeOffset LeaseUntil { get; init; } = DateTimeOffset.UnixEpoch;

    public bool HasEnded => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>An event that waits in an instance's partition. Without a generation it is for whichever is current.</summary>
internal sealed record InboxMessage(string Key, string Execution, int? Generation, HistoryEvent Event);

/// <summary>Something that an episode has to tell another instance: an <see cref="ExecutionStarted"/> makes it, anything else goes into its inbox.</summary>
internal sealed record OutgoingMessage(string Key, string InstanceId, string? Execution, int? Generation, HistoryEvent Event);

/// <summary>What one commit has still to send.</summary>
internal sealed record OutboxBatch(string Key, IReadOnlyList<OutgoingMessage> Messages);

/// <summary>What one episode changes, in one transaction.</summary>
internal sealed record Commit(IReadOnlyList<HistoryEvent> NewHistory, OrchestrationRuntimeStatus Status)
{
    public IReadOnlyList<InboxMessage> Consumed { get; init; } = [];

    public IReadOnlyList<OutgoingMessage> Outgoing { get; init; } = [];

    public string? Output { get; init; }

    /// <summary>Null leaves it as it was.</summary>
    public string? CustomStatus { get; init; }

    /// <summary>Set by ContinueAsNew: the first events of the next generation.</summary>
    public IReadOnlyList<HistoryEvent>? NextGeneration { get; init; }

    public bool ReleasesLease { get; init; }
}

/// <summary>An instance of this id is there and has not ended.</summary>
internal sealed class OrchestrationAlreadyExistsException(string instanceId)
    : InvalidOperationException($"An Orchestration instance with the ID {instanceId} already exists.");
