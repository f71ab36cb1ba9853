using Azure;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices.Members;

namespace DataHealth.Core.Practices.Deletion;

/// <summary>An admin asks for the practice to be deleted, with all its clients and members. There is no way back.</summary>
public sealed class RequestPracticeDeletion(MemberStore members, ClientStore clients, PracticeDeletionStore deletions, ReadPracticeDeletion read, AuditTrail audit, TimeProvider time)
{
    /// <summary>Notes it; the caller starts its orchestration. Pressed twice it is one deletion.</summary>
    /// <param name="actor">An admin of the practice.</param>
    /// <param name="typedName">The practice's name as the person typed it.</param>
    /// <param name="cancellationToken">Cancels the call; a deletion that is noted is carried out.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not delete the practice.</exception>
    public async Task<PracticeDeletionOutcome> ExecuteAsync(Actor actor, string? typedName, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.DeletePractice);
        if (await read.ExecuteAsync(actor.Practice, cancellationToken) is { } earlier)
            return new PracticeDeletionOutcome.UnderWay(earlier);
        if (actor.Practice == Practice.Staff || await members.FindAsync(actor.Practice, cancellationToken) is not { } practice)
            return new PracticeDeletionOutcome.Unknown();
        if (!string.Equals(typedName?.Trim(), practice.Name, StringComparison.Ordinal))
            return new PracticeDeletionOutcome.NameDiffers();
        var count = await clients.CountAsync(actor.Practice, cancellationToken);
        await audit.RecordAsync(actor, AuditAction.PracticeDeleted, null, before: practice.Name);
        try
        {
            return new PracticeDeletionOutcome.UnderWay(await deletions.WriteAsync(
                new PracticeDeletion { Practice = actor.Practice, RequestedBy = actor.Member, RequestedAt = time.GetUtcNow(), Clients = count }, cancellationToken));
        }
        catch (RequestFailedException twice) when (twice.Status is 409)
        {
            return new PracticeDeletionOutcome.UnderWay((await read.ExecuteAsync(actor.Practice, cancellationToken))!);
        }
    }
}
