using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections;

/// <summary>What the sync learns of a connection by using it. Only proof moves a state.</summary>
public sealed class ConnectionEvidence(ConnectionStore connections)
{
    /// <summary>Moves a connected client to <see cref="ConnectionState.ReconnectNeeded"/> where the fault proves it (grant invalid, organisation removed); anything else changes nothing. Repeatable.</summary>
    /// <param name="client">The client.</param>
    /// <param name="used">What was used when it failed: proof about an earlier grant or organisation says nothing of the present one.</param>
    /// <param name="fault">What was seen.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task RecordLostAsync(ClientId client, Books used, ProviderFault fault, CancellationToken cancellationToken) => throw new NotImplementedException($"{connections}");

    /// <summary>A call worked: a client whose state says otherwise is connected. Never revives a disconnected one.</summary>
    public Task RecordWorksAsync(ClientId client, Books used, CancellationToken cancellationToken) => throw new NotImplementedException($"{connections}");
}
