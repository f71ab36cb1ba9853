namespace DataHealth.Core.Clients.Deletion;

/// <summary>Part of the product that works for a client by itself and must stop before the client is erased.</summary>
public interface IClientStop
{
    /// <summary>Makes that nothing of it writes for the client any more, whatever was begun. Repeatable.</summary>
    Task StopAsync(ClientId client, CancellationToken cancellationToken);
}

/// <summary>The connection's part in a deletion.</summary>
public interface IClientDeparture
{
    /// <summary>Finds what the client holds or held.</summary>
    Task<ClientScope> ReadScopeAsync(ClientId client, PracticeId practice, CancellationToken cancellationToken);

    /// <summary>Nothing may be read by the connection any more, and lets go at the provider of what nobody else needs. Repeatable.</summary>
    /// <returns>True when the provider's part is done; false when it did not answer.</returns>
    Task<bool> LeaveAsync(ClientId client, CancellationToken cancellationToken);

    /// <summary>Whether something of the client stays at a provider all the same: it refused for so long to let it go that this was given up.</summary>
    Task<bool> IsLeftThereAsync(ClientId client, CancellationToken cancellationToken);

    /// <summary>The provider never answered: forgets the client's own secrets without it.</summary>
    Task AbandonAsync(ClientScope scope, CancellationToken cancellationToken);

    /// <summary>What the vault still holds of it, unreadable, until its retention ends.</summary>
    Task<IReadOnlyList<HeldSecret>> HeldByVaultAsync(ClientScope scope, CancellationToken cancellationToken);
}
