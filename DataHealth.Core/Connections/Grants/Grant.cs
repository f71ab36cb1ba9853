using Azure;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Grants;

/// <summary>What we know of a grant, without its secrets.</summary>
/// <param name="Id">Provider and owner: the same owner always has the same grant.</param>
/// <param name="Provider">The provider's key.</param>
/// <param name="OwnerId">Whose token set it is, at the provider.</param>
internal sealed record Grant(GrantId Id, string Provider, string OwnerId)
{
    /// <summary>A name or e-mail of the owner, when the consent gave one.</summary>
    public string? OwnerName { get; init; }

    public GrantState State { get; init; }

    /// <summary>When the owner last consented.</summary>
    public DateTimeOffset? ConsentedAt { get; init; }

    /// <summary>When the newest pair arrived.</summary>
    public DateTimeOffset? RefreshedAt { get; init; }

    public DateTimeOffset? RefreshExpiresAt { get; init; }

    /// <summary>When the grant ends for good, however often it is refreshed; null where it never does, or nobody said.</summary>
    public DateTimeOffset? HardExpiresAt { get; init; }

    /// <summary>A refresh was sent then and its answer was not seen: kept only for providers at which two refreshes must never meet.</summary>
    public DateTimeOffset? RefreshSentAt { get; init; }

    /// <summary>The number in the secret's name; it moves on before the vault's bound on versions.</summary>
    public int Generation { get; init; } = 1;

    /// <summary>How often the secret of this generation was written.</summary>
    public int SecretWrites { get; init; }

    /// <summary>The provider's proof, once dead.</summary>
    public ProviderFault? Fault { get; init; }

    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>On how many days in a row a refresh failed without proof. Told to support; it never kills a grant.</summary>
    public int FailureDays { get; init; }

    public ETag ETag { get; init; }

    public string SecretName => SecretNameOf(Generation);

    public string SecretNameOf(int generation) => $"grant-{StorageKeys.Hash(Id.Value)}-{generation}";
}

internal enum GrantState
{
    /// <summary>Its row is there, its first pair is not yet.</summary>
    New,

    Live,

    /// <summary>The provider proved it dead; the owner's next consent revives it.</summary>
    Dead,

    /// <summary>We let it go; the owner's next consent revives it.</summary>
    Revoked,
}
