using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;

namespace DataHealth.Core.Connections.Traces;

/// <summary>What a deletion needs of the client's connection.</summary>
public sealed class ClientDeparture(
    ClientScopes scopes, ConsentStore consents, EndConsents end, Departure departure, Releases releases, LeftThere left, Holders holders, GrantStore grants, GrantSecrets secrets, GrantLeases leases,
    ITokenVault vault) : IClientDeparture, IClientStop
{
    /// <inheritdoc />
    public Task<ClientScope> ReadScopeAsync(ClientId client, PracticeId practice, CancellationToken cancellationToken) => scopes.ReadAsync(client, practice, cancellationToken);

    /// <summary>No consent of the client can be confirmed any more, and its connection reads nothing.</summary>
    public async Task StopAsync(ClientId client, CancellationToken cancellationToken)
    {
        await end.OfClientAsync(client, cancellationToken);
        await departure.BeginAsync(client, null, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<bool> LeaveAsync(ClientId client, CancellationToken cancellationToken)
    {
        var isDone = await end.OfClientAsync(client, cancellationToken);
        await departure.LeaveAsync(client, null, cancellationToken);
        await foreach (var release in releases.AllAsync(cancellationToken))
        {
            if (release.Client == client && await releases.FinishAsync(release, cancellationToken) is not null)
                isDone = false;
        }
        return isDone;
    }

    /// <inheritdoc />
    public Task<bool> IsLeftThereAsync(ClientId client, CancellationToken cancellationToken) => left.IsThereAsync(client, cancellationToken);

    /// <inheritdoc />
    public async Task AbandonAsync(ClientScope scope, CancellationToken cancellationToken)
    {
        await foreach (var consent in consents.AllAsync(cancellationToken))
        {
            if (consent.Client != scope.Client)
                continue;
            if (consent.Grant is { } pending)
                await holders.RemoveAsync(pending, consent.Id, cancellationToken);
            if (consent.ParkedOwner is not null)
                await vault.DeleteAsync(consent.ParkedSecret, cancellationToken);
        }
        foreach (var id in scope.Grants)
        {
            await using var lease = await leases.AcquireAsync(id, cancellationToken)
                ?? throw new InvalidOperationException($"The lease of grant {id} was not to be had.");
            if (await holders.IsUsedByOthersAsync(id, scope.Client, cancellationToken) || await grants.FindAsync(id, cancellationToken) is not { } grant)
                continue;
            if (await secrets.DeleteAsync(lease, grant, cancellationToken) is null)
                throw new InvalidOperationException($"The lease of grant {id} ran out.");
            await grants.WriteAsync(grant with { State = GrantState.Revoked, Fault = null, SecretWrites = 0, Generation = grant.Generation + 1 }, cancellationToken);
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<HeldSecret>> HeldByVaultAsync(ClientScope scope, CancellationToken cancellationToken)
    {
        List<HeldSecret> held = [];
        foreach (var secret in scope.Secrets)
        {
            if (await vault.FindRetainedAsync(secret.Name, cancellationToken) is { } retained)
                held.Add(new HeldSecret(secret.Name, retained.Until));
        }
        return held;
    }
}
