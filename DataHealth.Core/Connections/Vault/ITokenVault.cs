namespace DataHealth.Core.Connections.Vault;

/// <summary>Where tokens live: named secrets. Nothing that it holds is stored anywhere else.</summary>
public interface ITokenVault
{
    /// <summary>The secret of that name, or null when there is none.</summary>
    /// <param name="name">Letters, digits and hyphens, at most 127.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="VaultException">The vault did not answer, or refuses us.</exception>
    Task<string?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a secret; it is durable when this returns.</summary>
    /// <param name="name">Letters, digits and hyphens, at most 127.</param>
    /// <param name="value">At most 25 KB.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="VaultException">The vault did not answer, or refuses us. The secret may or may not have been written.</exception>
    Task SetAsync(string name, string value, CancellationToken cancellationToken);

    /// <summary>Removes a secret with all its versions. Removing one that is not there is success.</summary>
    /// <exception cref="VaultException">The vault did not answer, or refuses us.</exception>
    Task<SecretRemoval> DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>A removed secret that the vault keeps, unreadable, for its retention; null when it keeps none of that name, as a vault does that removes at once.</summary>
    /// <exception cref="VaultException">The vault did not answer.</exception>
    Task<RetainedSecret?> FindRetainedAsync(string name, CancellationToken cancellationToken) => Task.FromResult<RetainedSecret?>(null);
}

/// <summary>A removed secret that a vault keeps.</summary>
/// <param name="Until">When the vault forgets it; null when it does not tell us.</param>
public sealed record RetainedSecret(DateTimeOffset? Until);

/// <summary>How far a removal went.</summary>
public enum SecretRemoval
{
    /// <summary>Nothing of it is left.</summary>
    Gone,

    /// <summary>No longer readable; the vault forgets it when its retention ends, because we may not purge.</summary>
    Retained,
}

/// <summary>The vault did not answer, or refuses us. Says nothing of any secret.</summary>
public sealed class VaultException : Exception
{
    /// <summary>Names what happened.</summary>
    /// <param name="message">For an engineer; no secret.</param>
    /// <param name="isRefusal">True when the vault answered that we may not: ours to mend, in its access rules.</param>
    /// <param name="inner">The cause.</param>
    public VaultException(string message, bool isRefusal = false, Exception? inner = null)
        : base(message, inner) => IsRefusal = isRefusal;

    /// <summary>The vault answered that we may not.</summary>
    public bool IsRefusal { get; }
}
