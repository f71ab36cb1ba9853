namespace DataHealth.Core.Connections;

/// <summary>A client leaves its organisation: here at once, at the provider as far as nobody else needs it.</summary>
public sealed class Departure(ConnectionStore connections, Releases releases, TimeProvider time)
{
    /// <summary>Leaves. Repeating it finishes what a crash left.</summary>
    /// <param name="client">Which client.</param>
    /// <param name="noted">Called once it is sure to happen, before it does.</param>
    /// <param name="cancellationToken">Cancels the call; what was begun is finished by repeating it, or by the sweep.</param>
    internal async Task<DisconnectOutcome> LeaveAsync(ClientId client, Func<Connection, Task>? noted, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await BeginAsync(client, attempt == 1 ? noted : null, cancellationToken) is not { } release)
            {
                // A consent that is under way is called off: it is no longer waited for, and ends by itself where nobody confirms it.
                var isCalledOff = false;
                var connection = await connections.ChangeAsync(client, current => (isCalledOff = current.ConnectingUntil is not null) ? current.WithoutConnecting() : null, cancellationToken);
                return connection.Organisation is null && !isCalledOff ? new DisconnectOutcome.NotConnected() : new DisconnectOutcome.Disconnected(connection.WithoutConnecting());
            }
            if ((await connections.GetAsync(client, cancellationToken)).IsLive && attempt < 5)
                continue;
            if (await releases.FinishAsync(release, cancellationToken) is not null)
            {
                await connections.ChangeAsync(client, current => current.State is ConnectionState.Disconnecting && current.Grant == release.Grant
                    ? current with { State = ConnectionState.Disconnected, ProviderPending = true }
                    : null, cancellationToken);
            }
            return new DisconnectOutcome.Disconnected(await connections.GetAsync(client, cancellationToken));
        }
    }

    /// <summary>From here on nothing reads by the client's connection.</summary>
    /// <returns>What is to be let go at the provider, noted; null when nothing is.</returns>
    internal async Task<Release?> BeginAsync(ClientId client, Func<Connection, Task>? noted, CancellationToken cancellationToken)
    {
        var connection = await connections.GetAsync(client, cancellationToken);
        if (connection is not { Organisation: { } organisation, Grant: { } grant })
            return null;

        // Noted first, so that the provider's part is not forgotten; then nothing reads any more; then the provider.
        var release = new Release(client, grant, organisation) { At = time.GetUtcNow() };
        await releases.AddAsync(release, cancellationToken);
        if (noted is not null)
            await noted(connection);
        await connections.ChangeAsync(client, current =>
            current.IsLive && current.Grant == grant && current.Organisation == organisation
                ? current with { State = ConnectionState.Disconnecting, Fault = null, ConnectingUntil = null }
                : null, cancellationToken);
        return release;
    }
}
