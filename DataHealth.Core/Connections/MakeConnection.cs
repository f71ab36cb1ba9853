using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections;

/// <summary>Makes a client's connection out of what a confirmed consent gave. Under the grant's lease, so that nobody lets go of the grant meanwhile.</summary>
public sealed class MakeConnection(ConnectionStore connections, Holders holders, Releases releases, DueClients due, IOptions<ConnectionsOptions> options, TimeProvider time)
{
    // The schedule finds the client even if this process ends right after connecting it, and does not come before the connection's row is written.
    private static readonly TimeSpan FirstDue = TimeSpan.FromMinutes(1);

    /// <summary>Connects the client. Repeating it is harmless.</summary>
    internal async Task<MadeConnection> ExecuteAsync(Consent consent, Grant grant, ClientId client, ProviderOrganisation organisation, CancellationToken cancellationToken)
    {
        if (await holders.ClaimAsync(organisation.Id, consent.Practice, client, cancellationToken) is { } holder)
            return new MadeConnection.Taken(holder);
        await holders.AddAsync(grant.Id, client, cancellationToken);
        var before = await connections.GetAsync(client, cancellationToken);
        Release? former = null;
        if (before is { Grant: { } oldGrant, Organisation: { } oldOrganisation } && (oldGrant != grant.Id || oldOrganisation != organisation.Id))
        {
            // A page may be on its way by the former access: it stays good for as long as a slice can take, so that a sync at work notices nothing.
            var isHandedOver = before.State is ConnectionState.Connected && oldOrganisation == organisation.Id;
            former = new Release(client, oldGrant, oldOrganisation) { NotBefore = isHandedOver ? time.GetUtcNow() + options.Value.HandoverTime : null };
            await releases.AddAsync(former, cancellationToken);
        }
        if (await due.FindAsync(client, cancellationToken) is null)
            await due.SetAsync(client, time.GetUtcNow() + FirstDue, cancellationToken);
        var made = await connections.ChangeAsync(client, now => now with
        {
            State = ConnectionState.Connected,
            Practice = consent.Practice,
            Organisation = organisation.Id,
            OrganisationName = organisation.Name,
            Grant = grant.Id,
            ProviderConnectionId = organisation.ConnectionId,
            AuthorisedBy = consent.Member,
            AuthorisedByName = consent.MemberName,
            ConnectedAt = time.GetUtcNow(),
            AccessEndsAt = grant.HardExpiresAt,
            ConnectingUntil = null,
            Fault = null,
            ProviderPending = false,
        }, cancellationToken);
        return new MadeConnection.Made(made, before, former is { NotBefore: null } ? former : null);
    }

    /// <summary>One consent of a bookkeeper mends all the clients that hang on the same grant and that it still reaches.</summary>
    /// <returns>The connections that were mended, of all practices.</returns>
    internal async Task<IReadOnlyList<Connection>> ReviveAsync(GrantId grant, IReadOnlyList<ProviderOrganisation> reached, CancellationToken cancellationToken)
    {
        List<Connection> revived = [];
        foreach (var connection in (await holders.OfGrantAsync(grant, cancellationToken)).Live)
        {
            if (connection.State is not ConnectionState.ReconnectNeeded || reached.FirstOrDefault(one => one.Id == connection.Organisation) is not { } again)
                continue;
            await due.SetAsync(connection.Client, time.GetUtcNow() + FirstDue, cancellationToken);
            var now = await connections.ChangeAsync(connection.Client, current =>
                current.State is ConnectionState.ReconnectNeeded && current.Grant == grant && current.Organisation == again.Id
                    ? current with { State = ConnectionState.Connected, Fault = null, ProviderConnectionId = again.ConnectionId }
                    : null, cancellationToken);
            if (now.State is ConnectionState.Connected)
                revived.Add(now);
        }
        return revived;
    }
}

/// <summary>What making a connection came to.</summary>
internal abstract record MadeConnection
{
    private MadeConnection()
    {
    }

    /// <summary>Connected. What the client used before may be let go at once where a release is given; else the sweep does it in time.</summary>
    public sealed record Made(Connection Connection, Connection Before, Release? Former) : MadeConnection;

    /// <summary>Another client of the practice holds the organisation.</summary>
    public sealed record Taken(ClientId Holder) : MadeConnection;
}
