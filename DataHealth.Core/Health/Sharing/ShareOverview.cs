using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Health.Sharing;

/// <summary>Makes a link that opens a client's overview, as it then stands, without a sign-in.</summary>
public sealed class ShareOverview(ShareStore shares, HealthStore health, AuditTrail audit, TimeProvider time)
{
    /// <summary>Makes it.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Of whom; the caller has asked whether the member may see it.</param>
    /// <param name="lasts">From a minute to <see cref="OverviewShare.Longest"/>.</param>
    /// <param name="cancellationToken">Cancels before it is made.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not take data out.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It would last too short or too long.</exception>
    public async Task<ShareOutcome> ExecuteAsync(Actor actor, Client client, TimeSpan lasts, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ExportData);
        ArgumentOutOfRangeException.ThrowIfLessThan(lasts, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lasts, OverviewShare.Longest);
        if (await health.HeadAsync(client.Id, cancellationToken) is null)
            return new ShareOutcome.NoOverview();
        var now = time.GetUtcNow();
        if (await shares.AllAsync(client.Id, cancellationToken).CountAsync(share => share.IsOpen(now), cancellationToken) >= OverviewShare.Most)
            return new ShareOutcome.TooMany();
        var share = new OverviewShare(ShareId.New(time), client.Id, now, actor.Member, actor.Name, now + lasts, null);
        var code = ShareCode.New(client.Id, share.Id);
        // The entry comes first: no link may be without one.
        await audit.RecordAsync(actor, AuditAction.OverviewShared, client.Id, after: $"{share.Id} until {share.ExpiresAt:yyyy-MM-dd HH:mm} UTC");
        await shares.AddAsync(share, client.Practice, code.Hash);
        return new ShareOutcome.Done(share, code.ToString());
    }
}

/// <summary>What came of sharing.</summary>
public abstract record ShareOutcome
{
    private ShareOutcome()
    {
    }

    /// <summary>There is a link.</summary>
    /// <param name="Share">It.</param>
    /// <param name="Code">What opens it: told once, and kept nowhere.</param>
    public sealed record Done(OverviewShare Share, string Code) : ShareOutcome
    {
        /// <inheritdoc />
        public override string ToString() => $"Done {Share.Id}";
    }

    /// <summary>The client has no overview yet.</summary>
    public sealed record NoOverview : ShareOutcome;

    /// <summary>As many links of the client are open as may be.</summary>
    public sealed record TooMany : ShareOutcome;
}
