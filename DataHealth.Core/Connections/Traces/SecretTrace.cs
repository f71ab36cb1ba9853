using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Grants;

namespace DataHealth.Core.Connections.Traces;

/// <summary>The token sets of the client's grants in the vault, as far as nobody else uses them. Never exported.</summary>
public sealed class SecretTrace(GrantStore grants, GrantLeases leases, GrantSecrets secrets, Holders holders) : IClientTrace
{
    /// <inheritdoc />
    public string Name => "secrets";

    /// <inheritdoc />
    public ErasureStage Stage => ErasureStage.Connection;

    /// <inheritdoc />
    public async Task<long> CountAsync(ClientScope scope, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var id in scope.Grants)
        {
            if (await holders.IsUsedByOthersAsync(id, scope.Client, cancellationToken))
                continue;
            if (await grants.FindAsync(id, cancellationToken) is { } grant && await secrets.ReadAsync(grant, cancellationToken) is not null)
                count++;
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
            if (!await holders.IsUsedByOthersAsync(id, scope.Client, cancellationToken) && await grants.FindAsync(id, cancellationToken) is { } grant)
                await secrets.DeleteAsync(grant, cancellationToken);
        }
        return true;
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ExportAsync(ClientScope scope, CancellationToken cancellationToken) => AsyncEnumerable.Empty<ReadOnlyMemory<byte>>();
}
