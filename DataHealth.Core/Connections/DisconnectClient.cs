using DataHealth.Core.Practices;

namespace DataHealth.Core.Connections;

/// <summary>A member disconnects a client. The copied data stays.</summary>
public sealed class DisconnectClient(ConnectionStore connections)
{
    /// <summary>Disconnects the client here at once, and at the provider as far as nobody else needs it. Repeating it finishes what a crash left.</summary>
    public Task<DisconnectOutcome> ExecuteAsync(Actor actor, ClientId client, CancellationToken cancellationToken) => throw new NotImplementedException($"{connections}");
}
