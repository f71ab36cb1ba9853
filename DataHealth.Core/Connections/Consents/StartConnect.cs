using DataHealth.Core.Practices;

namespace DataHealth.Core.Connections.Consents;

/// <summary>A member presses Connect (or Reconnect) for a client.</summary>
public sealed class StartConnect(ConnectionStore connections)
{
    /// <summary>Makes a state that is good once, for ten minutes, for that member and client, and says where to send the browser.</summary>
    /// <param name="actor">Who presses.</param>
    /// <param name="client">For which client.</param>
    /// <param name="provider">The provider's key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<StartOutcome> ExecuteAsync(Actor actor, ClientId client, string provider, CancellationToken cancellationToken) => throw new NotImplementedException($"{connections}");
}
