using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Grants;

/// <summary>
/// Takes in what a consent brought. An owner has one token set with us: the newest consent's pair replaces the one before at once, since the provider may have ended that with the
/// consent. It gives nobody anything new: only connections that are already there use the grant, and a new one is made only by the member's confirmation.
/// </summary>
public sealed class GrantAdoption(GrantStore grants, GrantSecrets secrets, GrantLeases leases, GrantEnd end, TimeProvider time)
{
    /// <summary>Stores the pair.</summary>
    /// <param name="id">Of which grant.</param>
    /// <param name="provider">The provider's key.</param>
    /// <param name="tokens">The pair.</param>
    /// <param name="cameAt">When the provider gave it, where it had to wait; null for now.</param>
    /// <returns>False when the grant's lease was not to be had.</returns>
    /// <exception cref="Vault.VaultException">The vault did not take it.</exception>
    internal async Task<bool> AdoptAsync(GrantId id, string provider, TokenSet tokens, DateTimeOffset? cameAt = null)
    {
        // Nothing here is cancelled by a browser that went away: the pair exists nowhere else.
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await using var lease = await leases.AcquireAsync(id, CancellationToken.None);
            if (lease is null)
                return false;
            var grant = await grants.FindAsync(id, CancellationToken.None)
                ?? await grants.WriteAsync(First(id, provider, tokens.OwnerId), CancellationToken.None);
            var stored = await secrets.ReadAsync(grant, CancellationToken.None);
            if (stored is not null)
                grant = await secrets.MoveOnAsync(grant, stored, CancellationToken.None);
            if (!await lease.HoldAsync(GrantSecrets.StoreLimit, CancellationToken.None))
                continue;

            var now = time.GetUtcNow();
            var rotation = Math.Max((stored?.Rotation ?? 0) + 1, RotationAt(now));
            await secrets.StoreAsync(lease, grant, TokenPair.From(tokens, now, rotation));
            await grants.WriteAsync(grant with
            {
                State = GrantState.Live,
                OwnerName = tokens.OwnerName ?? grant.OwnerName,
                ConsentedAt = cameAt ?? now,
                RefreshedAt = now,
                RefreshExpiresAt = tokens.RefreshExpiresAt,
                HardExpiresAt = tokens.HardExpiresAt,
                RefreshSentAt = null,
                SecretWrites = grant.SecretWrites + 1,
                Fault = null,
                LastFailureAt = null,
                FailureDays = 0,
            }, CancellationToken.None);
            await grants.RemoveDueAsync(Due.Doubt, id, CancellationToken.None);
            await grants.RemoveDueAsync(Due.Dead, id, CancellationToken.None);
            if (tokens.HardExpiresAt is { } hardEnd)
                await end.TellHardEndAsync(id, hardEnd, CancellationToken.None);
            return true;
        }
        return false;
    }

    /// <summary>A grant that was let go begins again; counting from the clock keeps every pair's number higher than all before.</summary>
    internal static long RotationAt(DateTimeOffset now) => now.ToUnixTimeSeconds() + 1;

    // A grant that was forgotten with its client may come back while the vault still keeps its former secret: counting generations from the clock makes the names differ.
    private Grant First(GrantId id, string provider, string owner) =>
        new(id, provider, owner) { State = GrantState.New, Generation = (int)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalDays };
}
