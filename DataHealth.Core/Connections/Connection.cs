using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections;

/// <summary>Where a client's connection stands.</summary>
public enum ConnectionState
{
    /// <summary>Never connected.</summary>
    NotConnected,

    /// <summary>A person is at the provider, or has come back and not confirmed yet. Ends by itself after ten minutes.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Connected,

    /// <summary>Proven dead; only a new consent mends it.</summary>
    ReconnectNeeded,

    /// <summary>A person disconnected it and the provider's part is being done. Nothing may be read any more.</summary>
    Disconnecting,

    /// <summary>A person disconnected it. The copied data stays.</summary>
    Disconnected,
}

/// <summary>Why a connection needs a reconnect.</summary>
/// <param name="Kind">The proof; <see cref="FaultWords.For"/> says it to people.</param>
/// <param name="At">When it was seen.</param>
/// <param name="Technical">For an engineer.</param>
/// <param name="CorrelationId">The provider's id of the call.</param>
public sealed record ConnectionFault(FaultKind Kind, DateTimeOffset At, string Technical, string? CorrelationId);

/// <summary>One client's connection to one organisation. A client without one has <see cref="ConnectionState.NotConnected"/>.</summary>
/// <param name="Client">The client.</param>
/// <param name="State">Where it stands.</param>
public sealed record Connection(ClientId Client, ConnectionState State)
{
    /// <summary>The client's practice; default where never connected.</summary>
    public PracticeId Practice { get; init; }

    /// <summary>The organisation; after a disconnect the one whose copy we hold. Null when never connected.</summary>
    public OrganisationId? Organisation { get; init; }

    /// <summary>The organisation's name at the provider, at the time of the consent.</summary>
    public string? OrganisationName { get; init; }

    /// <summary>The token set that it uses; null once it is let go.</summary>
    public GrantId? Grant { get; init; }

    /// <summary>The provider's id of our connection to the organisation.</summary>
    public string? ProviderConnectionId { get; init; }

    /// <summary>The member who authorised it.</summary>
    public MemberId? AuthorisedBy { get; init; }

    /// <summary>That member's name at the time.</summary>
    public string? AuthorisedByName { get; init; }

    /// <summary>Since when it is connected (or was, before a disconnect).</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When the provider ends the access for good, whatever is done (QuickBooks: five years after the consent): it must be reconnected before. Null where it never does.</summary>
    public DateTimeOffset? AccessEndsAt { get; init; }

    /// <summary>Since when it is in <see cref="State"/>.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Until when a consent that was begun can be completed.</summary>
    public DateTimeOffset? ConnectingUntil { get; init; }

    /// <summary>Why, with <see cref="ConnectionState.ReconnectNeeded"/>.</summary>
    public ConnectionFault? Fault { get; init; }

    /// <summary>The client is disconnected here, but the provider has not confirmed its part yet; it is tried again by itself.</summary>
    public bool ProviderPending { get; init; }

    /// <summary>It holds its organisation by its grant: connected, or proven dead and not yet let go.</summary>
    public bool IsLive => State is ConnectionState.Connected or ConnectionState.ReconnectNeeded;

    /// <summary>What to read with; null unless <see cref="ConnectionState.Connected"/>.</summary>
    public Books? Books => State is ConnectionState.Connected && Organisation is { } organisation && Grant is { } grant ? new Books(organisation, grant) : null;

    internal Azure.ETag ETag { get; init; }

    /// <summary>The same, with no consent under way.</summary>
    internal Connection WithoutConnecting() => this with
    {
        State = State is not ConnectionState.Connecting ? State : Organisation is null ? ConnectionState.NotConnected : ConnectionState.Disconnected,
        ConnectingUntil = null,
    };
}
