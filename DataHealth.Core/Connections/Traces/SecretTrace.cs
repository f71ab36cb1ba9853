using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;

namespace DataHealth.Core.Connections.Traces;

/// <summary>The token sets of the client's grants in the vault, as far as nobody else uses them. Never exported.</summary>
public sealed class SecretTrace(GrantStore grants, GrantLeases leases, ITokenVault vault, Holders holders) : IClientTrace
{
    /// <inheritdoc />
    public string Name => "secrets";

    /// <inheritdoc />
    public ErasureStage Stage => ErasureStage.Connection;

    /// <inheritdoc />
    public bool MayBeShared => true;

    /// <inheritdoc />
    public async Task<long> CountAsync(ClientScope scope, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var id in scope.Grants)
        {
            if (await holders.IsUsedByOthersAsync(id, scope.Client, cancellationToken))
                continue;
            foreach (var name in await NamesAsync(scope, id, cancellationToken))
                count += await vault.GetAsync(name, cancellationToken) is null ? 0 : 1;
        }
        return count;
    }

    /// <inheritdoc />
    public async Task<bool> EraseAsync(ClientScope scope, int atMost, CancellationToken cancellationToken)
    {
        foreach (var id in scope.Grants)
        {
            await using var lease = await leases.AcquireAsync(id, cancellationToken);
            if (lease is null)
                return false;
            if (await holders.IsUsedByOthersAsync(id, scope.Client, cancellationToken))
                continue;
            foreach (var name in await NamesAsync(scope, id, cancellationToken))
                await vault.DeleteAsync(name, cancellationToken);
        }
        return true;
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ExportAsync(ClientScope scope, CancellationToken cancellationToken) => AsyncEnumerable.Empty<ReadOnlyMemory<byte>>();

    // Without the grant's row its names are those that were noted; with it, those that it has now.
    private async Task<IEnumerable<string>> NamesAsync(ClientScope scope, GrantId id, CancellationToken cancellationToken)
    {
        var noted = scope.Secrets.Where(secret => secret.Grant == id).Select(secret => secret.Name);
        return await grants.FindAsync(id, cancellationToken) is { } grant ? GrantSecrets.NamesOf(grant).Union(noted) : noted;
    }
}
