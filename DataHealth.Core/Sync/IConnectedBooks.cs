using DataHealth.Core.Providers;

namespace DataHealth.Core.Sync;

/// <summary>What a sync needs of a client's connection; adapted from Connections.</summary>
public interface IConnectedBooks
{
    /// <summary>The client's live connection, or null when it has none (never connected, disconnected, or waiting for a reconnect).</summary>
    Task<ConnectedClient?> FindAsync(ClientId client, CancellationToken cancellationToken);

    /// <summary>The provider proved that the connection is dead: the client needs a reconnect. Idempotent.</summary>
    Task LostAsync(ClientId client, Books books, ProviderFault fault, CancellationToken cancellationToken);
}

/// <summary>A client whose books can be read.</summary>
/// <param name="Client">The client.</param>
/// <param name="Practice">Its practice.</param>
/// <param name="Books">Which organisation, by which grant; its <see cref="OrganisationId.Provider"/> names the provider.</param>
/// <param name="ConnectedAt">When it was last connected or reconnected.</param>
public sealed record ConnectedClient(ClientId Client, PracticeId Practice, Books Books, DateTimeOffset ConnectedAt);
