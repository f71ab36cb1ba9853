using DataHealth.Core.Providers;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Connections;

/// <summary>What is learnt of a connection by using it. Only proof moves a state.</summary>
public sealed partial class ConnectionEvidence(ConnectionStore connections, ConnectionMetrics metrics, TimeProvider time, ILogger<ConnectionEvidence> logger)
{
    /// <summary>Moves a connected client to <see cref="ConnectionState.ReconnectNeeded"/> where the fault proves it (grant invalid, organisation removed); anything else changes nothing. Repeatable.</summary>
    /// <param name="client">The client.</param>
    /// <param name="used">What was used when it failed: proof about an earlier grant or organisation says nothing of the present one.</param>
    /// <param name="fault">What was seen.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task RecordLostAsync(ClientId client, Books used, ProviderFault fault, CancellationToken cancellationToken)
    {
        if (fault.Kind is not (FaultKind.GrantInvalid or FaultKind.OrganisationRemoved))
            return;
        var isLost = false;
        await connections.ChangeAsync(client, current =>
        {
            isLost = current.Books == used;
            if (!isLost)
                return null;
            Log.Lost(logger, client, fault.Kind, fault.CorrelationId);
            return current with
            {
                State = ConnectionState.ReconnectNeeded,
                Fault = new ConnectionFault(fault.Kind, time.GetUtcNow(), fault.Technical, fault.CorrelationId),
            };
        }, cancellationToken);
        if (isLost)
            metrics.Lost(used.Organisation.Provider, fault.Kind);
    }

    /// <summary>A call worked: a client whose state says otherwise is connected. Never revives a disconnected one.</summary>
    /// <param name="client">The client.</param>
    /// <param name="used">What was used when it worked.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task RecordWorksAsync(ClientId client, Books used, CancellationToken cancellationToken) =>
        connections.ChangeAsync(client, current =>
            current.State is ConnectionState.ReconnectNeeded && current.Organisation == used.Organisation && current.Grant == used.Grant
                ? current with { State = ConnectionState.Connected, Fault = null }
                : null, cancellationToken);

    /// <summary>When the provider ends the access for good, as it last said.</summary>
    internal Task RecordEndAsync(ClientId client, GrantId grant, DateTimeOffset endsAt, CancellationToken cancellationToken) =>
        connections.ChangeAsync(client, current => current.IsLive && current.Grant == grant && current.AccessEndsAt != endsAt ? current with { AccessEndsAt = endsAt } : null, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Client {Client} needs a reconnect: {Kind}, correlation id {CorrelationId}")]
        public static partial void Lost(ILogger logger, ClientId client, FaultKind kind, string? correlationId);
    }
}
