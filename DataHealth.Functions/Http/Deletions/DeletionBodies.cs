using DataHealth.Core.Clients.Deletion;

namespace DataHealth.Functions.Http.Deletions;

/// <summary>What deleting a client takes.</summary>
/// <param name="Name">The client's name, typed by the person.</param>
/// <param name="KeepClient">True to disconnect and delete the data only.</param>
public sealed record DeletionInput(string? Name, bool KeepClient = false);

/// <summary>A deletion under way, or its certificate.</summary>
public sealed record DeletionBody(
    string Id, string ClientId, DeletionKind Kind, DeletionState State, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? CompletedAt,
    IReadOnlyList<DeletedBody>? Deleted, ProviderPart Provider, IReadOnlyList<HeldSecret> VaultHolds, int FoundAgain)
{
    public static DeletionBody Of(ClientDeletion deletion) => new(
        deletion.Id.Value, deletion.Client.Value, deletion.Kind, deletion.CompletedAt is null ? DeletionState.Running : DeletionState.Done, deletion.RequestedBy.Value,
        deletion.RequestedAt.ToUniversalTime(), deletion.CompletedAt?.ToUniversalTime(),
        deletion.Counts is null ? null : [.. deletion.Counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => new DeletedBody(count.Key, count.Value))],
        deletion.Provider, deletion.Vault, deletion.FoundAgain);
}

/// <summary>How many items of what.</summary>
public sealed record DeletedBody(string What, long Items);

/// <summary>Where a deletion stands.</summary>
public enum DeletionState
{
    /// <summary>Under way.</summary>
    Running,

    /// <summary>Nothing is left; this is the certificate.</summary>
    Done,
}

/// <summary>A page of deletions.</summary>
public sealed record DeletionListBody(IReadOnlyList<DeletionBody> Items, string? Continuation);
