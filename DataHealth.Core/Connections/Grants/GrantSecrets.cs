using DataHealth.Core.Connections.Vault;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Connections.Grants;

/// <summary>A grant's pair in the vault. All writing happens under the grant's lease.</summary>
public sealed partial class GrantSecrets(ITokenVault vault, GrantStore grants, TimeProvider time, ILogger<GrantSecrets> logger)
{
    /// <summary>Key Vault backs up a secret of at most 500 versions, so its name moves on before.</summary>
    internal const int MaxWrites = 400;

    /// <summary>What one attempt to store a pair may take; shorter than any lease (<see cref="ConnectionsOptions.GrantLease"/>).</summary>
    internal static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(10);

    // A vault removes a secret in steps that are waited for.
    private static readonly TimeSpan RemoveLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan[] Waits = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];

    /// <summary>The newest stored pair; null when there is none, or something else (which the owner's next consent overwrites).</summary>
    /// <exception cref="VaultException">The vault did not answer.</exception>
    internal async Task<TokenPair?> ReadAsync(Grant grant, CancellationToken cancellationToken)
    {
        if (await vault.GetAsync(grant.SecretName, cancellationToken) is not { } secret)
            return null;
        var pair = TokenPair.Parse(secret);
        if (pair is null)
            Log.Unreadable(logger, grant.SecretName);
        return pair;
    }

    /// <summary>Stores a pair, trying again for some seconds: the pair exists nowhere else. The caller holds the lease for <see cref="StoreLimit"/>.</summary>
    /// <param name="lease">The grant's lease, held again for each further attempt: the vault compares nothing, and a late write would go over a newer pair.</param>
    /// <param name="grant">Whose.</param>
    /// <param name="pair">What.</param>
    /// <exception cref="VaultException">The vault did not take it, or the lease ran out meanwhile.</exception>
    internal async Task StoreAsync(GrantLease lease, Grant grant, TokenPair pair)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await SetAsync(grant, pair);
                return;
            }
            catch (VaultException refused) when (attempt < Waits.Length)
            {
                Log.NotStored(logger, grant.Id, attempt + 1, refused.Message);
                await Task.Delay(Waits[attempt], time, CancellationToken.None);
                if (!await lease.HoldsAsync(StoreLimit))
                    throw;
            }
        }
    }

    // Not cancelled by a caller who went away, only by what the lease leaves of time.
    private async Task SetAsync(Grant grant, TokenPair pair)
    {
        using var limit = new CancellationTokenSource(StoreLimit, time);
        try
        {
            await vault.SetAsync(grant.SecretName, pair.ToSecret(), limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new VaultException($"The vault did not take secret {grant.SecretName} within {StoreLimit.TotalSeconds:0} s.");
        }
    }

    /// <summary>Moves the secret to its next name when its versions come near the bound: copy, then the row, then the removal, so that a crash leaves one of them right.</summary>
    internal async Task<Grant> MoveOnAsync(Grant grant, TokenPair pair, CancellationToken cancellationToken)
    {
        if (grant.SecretWrites < MaxWrites)
            return grant;
        var next = grant with { Generation = grant.Generation + 1, SecretWrites = 1 };
        await vault.SetAsync(next.SecretName, pair.ToSecret(), cancellationToken);
        next = await grants.WriteAsync(next, cancellationToken);
        try
        {
            await vault.DeleteAsync(grant.SecretName, cancellationToken);
        }
        catch (VaultException left)
        {
            Log.OldNameLeft(logger, grant.SecretName, left.Message);
        }
        return next;
    }

    /// <summary>Removes a grant's secret, and the names before and after that a crash may have left.</summary>
    /// <returns>Null when the lease ran out before all were gone: a consent may have stored a pair meanwhile.</returns>
    internal async Task<SecretRemoval?> DeleteAsync(GrantLease lease, Grant grant, CancellationToken cancellationToken)
    {
        var removal = SecretRemoval.Gone;
        foreach (var name in NamesOf(grant))
        {
            if (!await lease.HoldAsync(RemoveLimit, cancellationToken))
                return null;
            if (await vault.DeleteAsync(name, cancellationToken) is SecretRemoval.Retained && name == grant.SecretName)
                removal = SecretRemoval.Retained;
        }
        return removal;
    }

    /// <summary>Every name that may hold a secret of the grant as it is now.</summary>
    internal static IReadOnlyList<string> NamesOf(Grant grant) =>
        [grant.SecretName, grant.SecretNameOf(grant.Generation + 1), .. grant.Generation > 1 ? [grant.SecretNameOf(grant.Generation - 1)] : Array.Empty<string>()];

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The new token pair of grant {Grant} could not be stored (attempt {Attempt}): {Reason}")]
        public static partial void NotStored(ILogger logger, GrantId grant, int attempt, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Secret {Name} does not hold a token pair")]
        public static partial void Unreadable(ILogger logger, string name);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The former secret {Name} could not be removed: {Reason}")]
        public static partial void OldNameLeft(ILogger logger, string name, string reason);
    }
}
