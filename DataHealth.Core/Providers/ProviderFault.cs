namespace DataHealth.Core.Providers;

/// <summary>Something a provider refused or failed to do, for the log, the run record and, by <see cref="FaultWords"/>, for people.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Technical">The cause for an engineer: status, code, the provider's message. Never a token, a code or personal data.</param>
/// <param name="CorrelationId">The provider's id of the call, which its support asks for.</param>
public sealed record ProviderFault(FaultKind Kind, string Technical, string? CorrelationId = null)
{
    /// <summary>The provider's id of the one record that cannot be read; null where it is not one record's fault.</summary>
    public string? RecordId { get; init; }
}

/// <summary>What a fault means for us.</summary>
public enum FaultKind
{
    /// <summary>The refresh token is dead (<c>invalid_grant</c>): only a new consent mends it.</summary>
    GrantInvalid,

    /// <summary>The organisation is no longer among those that the grant reaches: removed there, access lost, closed or reset, or (QuickBooks, which may answer the same then) its subscription ended.</summary>
    OrganisationRemoved,

    /// <summary>Our app id or secret is wrong (<c>invalid_client</c>): ours to mend.</summary>
    ClientCredentialsWrong,

    /// <summary>The consent lacks the scope for this endpoint.</summary>
    ScopeMissing,

    /// <summary>The connecting user lacks the right inside the books.</summary>
    UserRightMissing,

    /// <summary>The organisation's own subscription at the provider has ended or is on hold.</summary>
    SubscriptionLapsed,

    /// <summary>The organisation's plan at the provider does not include this part of the books.</summary>
    NotInPlan,

    /// <summary>The provider says that this one organisation is offline.</summary>
    OrganisationOffline,

    /// <summary>The provider is down, slow or unreachable.</summary>
    ProviderUnavailable,

    /// <summary>The provider refuses this query for an organisation of extremely high volume.</summary>
    HighVolumeRefused,

    /// <summary>The answer was not what the provider documents: wrong type, cut short, too large, a record without an id.</summary>
    BadAnswer,

    /// <summary>The provider says that our request is wrong.</summary>
    RequestRefused,

    /// <summary>Our own storage or vault failed.</summary>
    OurStorage,

    /// <summary>The app is not configured for this provider.</summary>
    NotConfigured,

    /// <summary>The client has no live connection (any more): somebody disconnected it here, or its access ended meanwhile.</summary>
    ConnectionEnded,
}
