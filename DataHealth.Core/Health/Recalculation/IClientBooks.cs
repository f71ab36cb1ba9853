using DataHealth.Core.Connections;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Recalculation;

/// <summary>Opens a client's copy to judge it.</summary>
public interface IClientBooks
{
    /// <summary>The books; null for a client that was never connected.</summary>
    Task<ILedgerReader?> OpenAsync(ClientId client, CancellationToken cancellationToken);
}

/// <summary>The copy of whatever the client is connected to, or was.</summary>
public sealed class ClientBooks(ConnectionStore connections, ProviderCatalog providers, LedgerStore ledger) : IClientBooks
{
    /// <inheritdoc />
    public async Task<ILedgerReader?> OpenAsync(ClientId client, CancellationToken cancellationToken) =>
        (await connections.GetAsync(client, cancellationToken)).Organisation is { } organisation && providers.Find(organisation.Provider) is { } provider
            ? new LedgerStoreReader(ledger, provider, client)
            : null;
}
