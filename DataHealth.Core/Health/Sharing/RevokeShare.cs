using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Health.Sharing;

/// <summary>Takes a share link back: it opens nothing from then on.</summary>
public sealed class RevokeShare(ShareStore shares, AuditTrail audit)
{
    /// <summary>Takes it back; false when the client has no such link. Again is harmless.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Of whom; the caller has asked whether the member may see it.</param>
    /// <param name="share">Which.</param>
    /// <param name="cancellationToken">Cancels before it is taken back.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not take data out.</exception>
    public async Task<bool> ExecuteAsync(Actor actor, Client client, ShareId share, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ExportData);
        if (!await shares.AllAsync(client.Id, cancellationToken).AnyAsync(one => one.Id == share, cancellationToken))
            return false;
        // The entry comes first: a change that is broken off must not be without one.
        await audit.RecordAsync(actor, AuditAction.OverviewShareRevoked, client.Id, before: share.Value);
        return await shares.RevokeAsync(client.Id, share, CancellationToken.None);
    }
}

/// <summary>Lists a client's share links.</summary>
public sealed class ListShares(ShareStore shares)
{
    /// <summary>The latest first, with those that ended within the last month.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="client">Of whom; the caller has asked whether the member may see it.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not take data out.</exception>
    public async Task<IReadOnlyList<OverviewShare>> ExecuteAsync(Actor actor, Client client, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ExportData);
        return await shares.AllAsync(client.Id, cancellationToken).ToListAsync(cancellationToken);
    }
}
