namespace DataHealth.Core.Connections.Grants;

/// <summary>Refreshes grants that nobody used for long, before the provider forgets them, and settles refreshes whose answer was lost. For a timer.</summary>
public sealed class KeepAlive(ConnectionStore connections)
{
    /// <summary>Refreshes a bounded batch of what is due.</summary>
    public Task<KeepAliveResult> ExecuteAsync(CancellationToken cancellationToken) => throw new NotImplementedException($"{connections}");
}

/// <summary>What a keep-alive did.</summary>
/// <param name="Refreshed">Grants that are fresh now.</param>
/// <param name="Lost">Grants proven dead.</param>
/// <param name="Failed">Grants that could not be refreshed now.</param>
public sealed record KeepAliveResult(int Refreshed, int Lost, int Failed);
