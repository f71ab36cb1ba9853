using DataHealth.Core.Connections.Vault;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Connections.Grants;

/// <summary>A grant's pair in the vault. All writing happens under the grant's lease.</summary>
public sealed partial class GrantSecrets(ITokenVault vault, GrantStore grants, TimeProvider time, ILogger<GrantSecrets> logger)
{
    /// <summary>Key Vault backs up a secret of at most 500 versions, so its name moves on before.</summary>
    internal const int MaxWrites = 400;

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

    /// <summary>Stores a pair, trying again for some seconds: the pair exists nowhere else.</summary>
    /// <exception cref="VaultException">The vault did not take it.</exception>
    internal async Task StoreAsync(Grant grant, TokenPair pair)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                // Never cancelled by a caller who went away.
                await vault.SetAsync(grant.SecretName, pair.ToSecret(), CancellationToken.None);
                return;
            }
            catch (VaultException refused) when (attempt < Waits.Length)
            {
                Log.NotStored(logger, grant.Id, attempt + 1, refused.Message);
                await Task.Delay(Waits[attempt], time, CancellationToken.None);
            }
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
    internal async Task<SecretRemoval> DeleteAsync(Grant grant, CancellationToken cancellationToken)
    {
        var removal = SecretRemoval.Gone;
        foreach (var name in NamesOf(grant))
        {
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
