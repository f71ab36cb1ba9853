using DataHealth.Core.Audit;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections;

/// <summary>Makes a client's connection out of what a confirmed consent gave. Under the grant's lease, so that nobody lets go of the grant meanwhile.</summary>
public sealed class MakeConnection(
    ConnectionStore connections, Holders holders, Releases releases, DueClients due, MemberStore members, AuditTrail audit, IOptions<ConnectionsOptions> options, TimeProvider time)
{
    /// <summary>Connects the client. Repeating it is harmless.</summary>
    /// <param name="consent">The confirmed consent.</param>
    /// <param name="grant">What it gave.</param>
    /// <param name="before">The client's connection as it was when it was decided: two people may connect one client at once, by two grants, and the second is to be asked whether the books may change.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="cancellationToken">Cancels what comes before the connection is written.</param>
    internal async Task<MadeConnection> ExecuteAsync(Consent consent, Grant grant, Connection before, ProviderOrganisation organisation, CancellationToken cancellationToken)
    {
        var client = before.Client;
        if (!IsAsDecided(await connections.GetAsync(client, cancellationToken)))
            return new MadeConnection.ChangedMeanwhile();
        if (await holders.ClaimAsync(organisation.Id, consent.Practice, client, cancellationToken) is { } holder)
            return new MadeConnection.Taken(holder);
        await holders.AddAsync(grant.Id, client, cancellationToken);
        Release? former = null;
        if (before is { Grant: { } oldGrant, Organisation: { } oldOrganisation } && (oldGrant != grant.Id || oldOrganisation != organisation.Id))
        {
            // A page may be on its way by the former access: it stays good for as long as a slice can take, so that a sync at work notices nothing.
            var isHandedOver = before.State is ConnectionState.Connected && oldOrganisation == organisation.Id;
            former = new Release(client, oldGrant, oldOrganisation) { NotBefore = isHandedOver ? time.GetUtcNow() + options.Value.HandoverTime : null };
            await releases.AddAsync(former, cancellationToken);
        }
        await due.ReturnAsync(client, cancellationToken);
        var isMade = false;
        var made = await connections.ChangeAsync(client, now => !(isMade = IsAsDecided(now)) ? null : now with
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
        // A run that lost the connection before may have taken the client out meanwhile.
        if (isMade)
            await due.ReturnAsync(client, CancellationToken.None);
        return isMade ? new MadeConnection.Made(made, before, former is { NotBefore: null } ? former : null) : new MadeConnection.ChangedMeanwhile();

        bool IsAsDecided(Connection now) => now.Organisation == before.Organisation && now.Grant == before.Grant;
    }

    /// <summary>One consent of a bookkeeper mends all the clients that hang on the same grant and that it still reaches. Each is told to its practice's audit.</summary>
    /// <param name="actor">Whose consent it is: has authorised those of the own practice from now on.</param>
    /// <param name="grant">What the consent gave anew.</param>
    /// <param name="reached">What it reaches.</param>
    /// <param name="cancellationToken">Cancels between connections.</param>
    /// <returns>The connections that were mended, of all practices.</returns>
    internal async Task<IReadOnlyList<Connection>> ReviveAsync(Actor actor, GrantId grant, IReadOnlyList<ProviderOrganisation> reached, CancellationToken cancellationToken)
    {
        List<Connection> revived = [];
        foreach (var connection in (await holders.OfGrantAsync(grant, cancellationToken)).Live)
        {
            if (connection.State is not ConnectionState.ReconnectNeeded || reached.FirstOrDefault(one => one.Id == connection.Organisation) is not { } again)
                continue;
            await due.SetAsync(connection.Client, time.GetUtcNow() + DueClients.FirstDue, cancellationToken);
            var isOwn = connection.Practice == actor.Practice;
            var isMended = false;
            var now = await connections.ChangeAsync(connection.Client, current =>
            {
                isMended = current.State is ConnectionState.ReconnectNeeded && current.Grant == grant && current.Organisation == again.Id;
                if (!isMended)
                    return null;
                var mended = current with { State = ConnectionState.Connected, Fault = null, ProviderConnectionId = again.ConnectionId };
                return isOwn ? mended with { AuthorisedBy = actor.Member, AuthorisedByName = actor.Name } : mended;
            }, cancellationToken);
            if (!isMended)
                continue;
            await due.ReturnAsync(connection.Client, CancellationToken.None);
            revived.Add(now);
            await audit.RecordAsync(
                isOwn ? actor : await ThereAsync(actor, now), AuditAction.Connected, now.Client, now.OrganisationName, $"{now.OrganisationName}, mended by a new consent of who authorised it");
        }
        return revived;
    }

    // The same person at the provider works for that practice too. It knows them as its own member, and learns nothing of the practice where they have consented now.
    private async Task<Actor> ThereAsync(Actor actor, Connection connection)
    {
        var known = connection.AuthorisedBy is { } by ? await members.FindAsync(connection.Practice, by, CancellationToken.None) : null;
        return actor with
        {
            Practice = connection.Practice,
            Member = connection.AuthorisedBy ?? default,
            Name = known?.Name ?? connection.AuthorisedByName ?? "",
            Role = known?.Role ?? Role.Standard,
        };
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

    /// <summary>Somebody else connected or disconnected the client since it was decided. Nothing was overwritten.</summary>
    public sealed record ChangedMeanwhile : MadeConnection;

    /// <summary>Another client of the practice holds the organisation.</summary>
    public sealed record Taken(ClientId Holder) : MadeConnection;
}
