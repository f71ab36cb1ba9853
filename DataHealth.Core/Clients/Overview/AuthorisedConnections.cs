using DataHealth.Core.Connections;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Clients.Overview;

/// <summary>Which clients read their books by what one member authorised: they stop when that person loses access at the provider. For the warning before somebody is suspended or removed.</summary>
public sealed class AuthorisedConnections(ListClients clients)
{
    /// <summary>The member's live connections of the practice, by client name.</summary>
    /// <param name="actor">Who asks; sees the clients that exist for them.</param>
    /// <param name="member">Whose.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<ClientSummary>> OfAsync(Actor actor, MemberId member, CancellationToken cancellationToken) =>
        await clients.AllAsync(actor, new ClientListQuery { AuthorisedBy = member, Also = client => client.State is ConnectionState.Connected or ConnectionState.ReconnectNeeded }, cancellationToken);
}
