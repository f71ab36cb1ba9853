using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Connections;

/// <summary>A member disconnects a client. The copied data stays.</summary>
public sealed class DisconnectClient(ClientStore clients, Departure departure, AuditTrail audit)
{
    /// <summary>Disconnects the client here at once, and at the provider as far as nobody else needs it. Repeating it finishes what a crash left.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Which client.</param>
    /// <param name="cancellationToken">Cancels the call; what was begun is finished by repeating it, or by the sweep.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not disconnect clients.</exception>
    public async Task<DisconnectOutcome> ExecuteAsync(Actor actor, ClientId client, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ConnectClients);
        if (await clients.FindAsync(actor, client, cancellationToken) is null)
            return new DisconnectOutcome.ClientUnknown();
        return await departure.LeaveAsync(client, connection => audit.RecordAsync(actor, AuditAction.Disconnected, client, before: connection.OrganisationName), cancellationToken);
    }
}
