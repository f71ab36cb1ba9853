using DataHealth.Core.Connections;
using DataHealth.Core.Notices;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Clients.Overview;

/// <summary>
/// What a practice sees of a client at a glance: a narrow copy of what the client, its connection, its grant and its runs say, written anew whenever one of them changes.
/// It decides nothing; who acts reads the truth.
/// </summary>
public sealed record ClientSummary
{
    /// <summary>The client.</summary>
    public required ClientId Client { get; init; }

    /// <summary>Its practice.</summary>
    public required PracticeId Practice { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was added.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The member who looks after it.</summary>
    public MemberId? Manager { get; init; }

    /// <summary>Its tax number as the practice entered it.</summary>
    public string? TaxNumber { get; init; }

    /// <summary>Where its connection stands; never <see cref="ConnectionState.Connecting"/>, which is a time (<see cref="StateAt"/>).</summary>
    public ConnectionState State { get; init; }

    /// <summary>Until when a consent that was begun can be completed.</summary>
    public DateTimeOffset? ConnectingUntil { get; init; }

    /// <summary>Since when it is in <see cref="State"/>.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The organisation; after a disconnect the one whose copy we hold.</summary>
    public OrganisationId? Organisation { get; init; }

    /// <summary>Its name at the provider.</summary>
    public string? OrganisationName { get; init; }

    /// <summary>Why it needs a reconnect.</summary>
    public FaultKind? Fault { get; init; }

    /// <summary>The member who authorised the connection.</summary>
    public MemberId? AuthorisedBy { get; init; }

    /// <summary>That member's name at the time.</summary>
    public string? AuthorisedByName { get; init; }

    /// <summary>Disconnected here, and the provider has not confirmed its part.</summary>
    public bool IsProviderPending { get; init; }

    /// <summary>The token set that it reads with.</summary>
    public GrantId? Grant { get; init; }

    /// <summary>When the access ends by itself unless it is used before: 60 days at Xero, 100 at QuickBooks. As of the last look; use moves it on.</summary>
    public DateTimeOffset? AccessEndsAt { get; init; }

    /// <summary>When the consent ends whatever is done: five years at QuickBooks.</summary>
    public DateTimeOffset? ConsentEndsAt { get; init; }

    /// <summary>The client's and the organisation's names differ beyond case, punctuation and legal form, and nobody has said that this is right.</summary>
    public bool IsMismatch { get; init; }

    /// <summary>Where the latest run stands; null before the first.</summary>
    public RunState? Run { get; init; }

    /// <summary>How the latest run ended.</summary>
    public RunOutcome? Outcome { get; init; }

    /// <summary>The code of what went wrong in it.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>When a sync last ended well; null when none did.</summary>
    public DateTimeOffset? LastSyncAt { get; init; }

    /// <summary>When the first of the failures in a row happened; null when the last run did not fail.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>On how many days in a row syncs failed.</summary>
    public int FailedDays { get; init; }

    /// <summary>When the latest run was requested.</summary>
    public DateTimeOffset? RunSince { get; init; }

    /// <summary>Since when the run in flight has been waiting for a limit of a day or longer; short spells of work between two waits do not begin it anew. Null when it is not.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>Until when the run waits, or the sync that is due and not let begin.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Which limit it waits for; <see cref="LimitKind.Month"/> also where our tier's reads of the month are used up.</summary>
    public LimitKind? PausedBy { get; init; }

    /// <summary>What needs a person now, as raised.</summary>
    public IReadOnlyList<RaisedNotice> Notices { get; init; } = [];

    /// <summary>The latest run failed.</summary>
    public bool IsFailed => Run is RunState.Finished && Outcome is RunOutcome.Failed;

    /// <summary>The latest run, or a sync that is due, waits for a limit.</summary>
    public bool IsPaused => Run is RunState.Paused || PausedBy is not null;

    /// <summary>The state as it stands at that moment: a consent that was begun shows for ten minutes.</summary>
    public ConnectionState StateAt(DateTimeOffset now) =>
        State is ConnectionState.NotConnected or ConnectionState.Disconnected && ConnectingUntil > now ? ConnectionState.Connecting : State;
}
