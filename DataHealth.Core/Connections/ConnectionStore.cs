using DataHealth.Core.Storage;

namespace DataHealth.Core.Connections;

/// <summary>Every client's connection.</summary>
public sealed class ConnectionStore(AppStorage storage, TimeProvider time)
{
    /// <summary>A client's connection; <see cref="ConnectionState.NotConnected"/> when there is none. The caller has checked that the client is the member's.</summary>
    public Task<Connection> GetAsync(ClientId client, CancellationToken cancellationToken) => throw new NotImplementedException($"{storage}{time}{client}");
}
