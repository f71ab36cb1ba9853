using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Grants;

namespace DataHealth.Core.Connections.Traces;

/// <summary>
/// What we know of the client's grants, as far as nobody else uses them: at QuickBooks a grant is named after the company itself, at Xero after a person. Where the vault keeps a removed
/// secret, a consent of the same owner begins a new row with a higher generation, so no name is used up.
/// </summary>
public sealed class GrantTrace(GrantStore grants, GrantLeases leases, GrantSecrets secrets, Holders holders) : IClientTrace
{
    /// <inheritdoc />
    public string Name => "grants";

    /// <inheritdoc />
    public ErasureStage Stage => ErasureStage.Connection;

    /// <inheritdoc />
    public bool MayBeShared => true;

    /// <inheritdoc />
    public async Task<long> CountAsync(ClientScope scope, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var grant in scope.Grants)
        {
            if (await holders.IsUsedByOthersAsync(grant, scope.Client, cancellationToken))
                continue;
            if (await grants.IsKnownAsync(grant, cancellationToken))
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
            // Whoever begins to use it holds the lease meanwhile, and is in the holders' table before.
            if (await holders.IsUsedByOthersAsync(id, scope.Client, cancellationToken))
                continue;
            if (await grants.FindAsync(id, cancellationToken) is { } grant)
            {
                if (await secrets.DeleteAsync(lease, grant, cancellationToken) is null)
                    return false;
                await grants.EraseAsync(grant, cancellationToken);
            }
            await lease.EraseAsync(cancellationToken);
        }
        return true;
    }

    /// <summary>Nothing: who gave the consent is told by the connection; the rest is the provider's and ours.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ExportAsync(ClientScope scope, CancellationToken cancellationToken) => AsyncEnumerable.Empty<ReadOnlyMemory<byte>>();
}
