namespace DataHealth.Core.Sync;

/// <summary>Which clients are due for a sync: an index by time, one row a client.</summary>
public sealed class DueClients
{
    /// <summary>Those due now, oldest first. A client leaves the head of the index when its run is claimed; asked again before, it comes again.</summary>
    public Task<IReadOnlyList<DueClient>> TakeAsync(int take, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Sets when a client is due next.</summary>
    public Task SetAsync(ClientId client, DateTimeOffset due, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Takes a client out (disconnected, deleted, waiting for a reconnect).</summary>
    public Task RemoveAsync(ClientId client, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>When a client is due next; null when it is not scheduled.</summary>
    public Task<DateTimeOffset?> FindAsync(ClientId client, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The time of the oldest due client, to be watched: hours in the past mean that the timers do not fire. Null without clients.</summary>
    public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>A client that is due.</summary>
/// <param name="Client">The client.</param>
/// <param name="Due">Since when.</param>
public readonly record struct DueClient(ClientId Client, DateTimeOffset Due);
