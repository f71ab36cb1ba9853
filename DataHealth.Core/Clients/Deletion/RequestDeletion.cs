using DataHealth.Core.Audit;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>A member asks for a client, or its data, to be deleted.</summary>
public sealed class RequestDeletion(ClientStore clients, DeletionMarks marks, DeletionStore deletions, AuditTrail audit, IClientWatch watch, TimeProvider time)
{
    /// <summary>Marks the client; the caller starts the deletion's orchestration. Pressed twice it is one deletion.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Which client.</param>
    /// <param name="kind">What.</param>
    /// <param name="typedName">The client's name as the person typed it: nothing is deleted by a slip of the hand.</param>
    /// <param name="cancellationToken">Cancels the call; a mark that is there stays, and is carried out.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not delete clients.</exception>
    public async Task<DeletionOutcome> ExecuteAsync(Actor actor, ClientId client, DeletionKind kind, string? typedName, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.DeleteClients);
        if (!actor.MaySee(client))
            return new DeletionOutcome.ClientUnknown();
        if (await clients.FindAsync(actor, client, cancellationToken) is not { } found)
            return await MarkedAsync(actor.Practice, await marks.FindAsync(actor.Practice, client, cancellationToken), kind, cancellationToken);
        if (!string.Equals(typedName?.Trim(), found.Name, StringComparison.Ordinal))
            return new DeletionOutcome.NameDiffers();
        if (found.ClearedBy is { } clearing)
            return await MarkedAsync(actor.Practice, clearing, kind, cancellationToken);

        await audit.RecordAsync(actor, kind is DeletionKind.Client ? AuditAction.ClientDeleted : AuditAction.ClientDataDeleted, client);
        return await MarkedAsync(actor.Practice, await OpenAsync(actor.Practice, client, kind, actor.Member, cancellationToken), kind, cancellationToken);
    }

    /// <summary>Marks the client, whoever decided it.</summary>
    /// <returns>The deletion whose mark is there now, this one's or an earlier one's; null when there is no such client.</returns>
    internal async Task<DeletionId?> OpenAsync(PracticeId practice, ClientId client, DeletionKind kind, MemberId by, CancellationToken cancellationToken)
    {
        if (await marks.FindAsync(practice, client, cancellationToken) is { } earlier)
            return earlier;
        // Written before the mark, so that a mark always has a deletion that carries it out; one without its mark is dropped.
        var deletion = await deletions.WriteAsync(
            new ClientDeletion { Id = DeletionId.New(time), Practice = practice, Client = client, Kind = kind, RequestedBy = by, RequestedAt = time.GetUtcNow() }, cancellationToken);
        var change = await watch.ChangingAsync(client, cancellationToken);
        var marked = await marks.SetAsync(deletion, cancellationToken);
        await watch.ChangedAsync(change);
        // Set, the mark is carried out, however long it took and whoever has dropped its deletion meanwhile; also where the caller has gone.
        if (marked == deletion.Id)
            await deletions.KeepOpenAsync(deletion, CancellationToken.None);
        else
            await deletions.DropAsync(deletion, cancellationToken);
        return marked;
    }

    private async Task<DeletionOutcome> MarkedAsync(PracticeId practice, DeletionId? marked, DeletionKind kind, CancellationToken cancellationToken) =>
        marked is { } id && await deletions.FindAsync(practice, id, cancellationToken) is { } other
            ? other.Kind == kind || other.Kind is DeletionKind.Client ? new DeletionOutcome.UnderWay(other) : new DeletionOutcome.Busy(other)
            : new DeletionOutcome.ClientUnknown();
}
