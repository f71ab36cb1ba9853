using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Connections;

/// <summary>A member disconnects a client. The copied data stays.</summary>
public sealed class DisconnectClient(ClientStore clients, ConnectionStore connections, Releases releases, AuditTrail audit, TimeProvider time)
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
        for (var attempt = 1; ; attempt++)
        {
            var connection = await connections.GetAsync(client, cancellationToken);
            if (connection is not { Organisation: { } organisation })
                return new DisconnectOutcome.NotConnected();
            if (connection.Grant is not { } grant)
                return new DisconnectOutcome.Disconnected(connection.WithoutConnecting());

            // Noted first, so that the provider's part is not forgotten; then nothing reads any more; then the provider.
            var release = new Release(client, grant, organisation) { At = time.GetUtcNow() };
            await releases.AddAsync(release, cancellationToken);
            if (attempt == 1)
                await audit.RecordAsync(actor, AuditAction.Disconnected, client, before: connection.OrganisationName);
            var leaving = await connections.ChangeAsync(client, current =>
                current.IsLive && current.Grant == grant && current.Organisation == organisation
                    ? current with { State = ConnectionState.Disconnecting, Fault = null, ConnectingUntil = null }
                    : null, cancellationToken);
            if (leaving.IsLive && attempt < 5)
                continue;
            if (await releases.FinishAsync(release, cancellationToken) is not null)
            {
                await connections.ChangeAsync(client, current => current.State is ConnectionState.Disconnecting && current.Grant == grant
                    ? current with { State = ConnectionState.Disconnected, ProviderPending = true }
                    : null, cancellationToken);
            }
            return new DisconnectOutcome.Disconnected(await connections.GetAsync(client, cancellationToken));
        }
    }
}
