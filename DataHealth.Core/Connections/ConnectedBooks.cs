using DataHealth.Core.Providers;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Connections;

/// <summary>Connections as the sync sees them.</summary>
public sealed class ConnectedBooks(ConnectionStore connections, ConnectionEvidence evidence) : IConnectedBooks
{
    /// <inheritdoc />
    public async Task<ConnectedClient?> FindAsync(ClientId client, CancellationToken cancellationToken)
    {
        var connection = await connections.GetAsync(client, cancellationToken);
        return connection.Books is { } books
            ? new ConnectedClient(client, connection.Practice, books, connection.ConnectedAt ?? connection.Since ?? default)
            : null;
    }

    /// <inheritdoc />
    public Task LostAsync(ClientId client, Books books, ProviderFault fault, CancellationToken cancellationToken) =>
        evidence.RecordLostAsync(client, books, fault, cancellationToken);
}
