namespace DataHealth.Local.Sandbox.QuickBooks.World;

/// <summary>What no primary source settles (facts, section 8), each switchable so that a client can be shown to be right either way.</summary>
public sealed record QuickBooksSwitches
{
    public int AccessTokenSeconds { get; init; } = 3600;

    public int CodeSeconds { get; init; } = 300;

    /// <summary>Rolling end of a refresh token, moved on by every refresh.</summary>
    public int RefreshTokenSeconds { get; init; } = 8_726_400;

    /// <summary>Hard end, counted from the consent.</summary>
    public int HardEndDays { get; init; } = 1825;

    /// <summary>A refresh later than this after the last change of value gives a new value; an earlier one the same.</summary>
    public double RotationHours { get; init; } = 24;

    /// <summary>For so long after a change the previous value still works; 0 makes it stale at once.</summary>
    public double PreviousTokenHours { get; init; } = 24;

    /// <summary>Two refreshes at once end the connection.</summary>
    public bool ConcurrentRefreshKills { get; init; } = true;

    /// <summary>A code exchanged twice ends the connection that it made.</summary>
    public bool CodeReuseKills { get; init; } = true;

    /// <summary>How long a token call is under way at least, by the wall clock: what makes two meet.</summary>
    public int TokenMilliseconds { get; init; } = 10;

    /// <summary>A new consent for the same company ends the older tokens.</summary>
    public bool NewConsentEndsOlderTokens { get; init; } = true;

    public RefusalParameter Refusal { get; init; } = RefusalParameter.AccessDenied;

    /// <summary>invalid_grant carries an error_description.</summary>
    public bool TokenErrorDescriptions { get; init; } = true;

    /// <summary>What a data call meets after the company disconnected the app: 401 (code 3200) or 403 (code 3100).</summary>
    public int DisconnectedStatus { get; init; } = 401;

    /// <summary>What reads answer once the subscription has ended.</summary>
    public SubscriptionAnswer SubscriptionEnded { get; init; } = SubscriptionAnswer.Code6190;

    /// <summary>Status of code 120, the user's missing right.</summary>
    public int NoRightStatus { get; init; } = 400;

    /// <summary>Entities that the company's plan does not include: 5020, also for a question about changes that names one of them among others.</summary>
    public IReadOnlyList<string> NotInPlan { get; init; } = [];

    /// <summary>Ids compare and sort as numbers or as text.</summary>
    public bool IdsAsText { get; init; }

    /// <summary>Names of entities must be spelt as documented; clients in use get away with any casing.</summary>
    public bool StrictEntityNames { get; init; }

    /// <summary>A list that asks for no order comes by id instead of by its last change.</summary>
    public bool DefaultOrderById { get; init; }

    public TotalCount TotalCount { get; init; } = TotalCount.WhenWhole;

    /// <summary>changedSince of more than thirty days ago: refused, or answered as if it were thirty.</summary>
    public bool CdcTooOldRefused { get; init; } = true;

    /// <summary>The 1,000 objects are for each entity instead of for all together.</summary>
    public bool CdcCapPerEntity { get; init; }

    public LimitedForm LimitedBody { get; init; } = LimitedForm.Xml;

    /// <summary>Retry-After on 429.</summary>
    public bool RetryAfter { get; init; }

    /// <summary>The text inside a 429 says statusCode=403, as older ones did.</summary>
    public bool LimitedSays403 { get; init; }

    /// <summary>Cells beyond which a report is cut.</summary>
    public int ReportCells { get; init; } = 400_000;

    /// <summary>Body of webhooks.</summary>
    public WebhookForm Webhooks { get; init; } = WebhookForm.CloudEvents;

    public string WebhookContentType { get; init; } = "application/json";

    /// <summary>Everything answers 503.</summary>
    public bool Maintenance { get; init; }
}

public enum RefusalParameter { AccessDenied, NoParameter }

public enum SubscriptionAnswer { Code6190, Forbidden3100, Answered }

public enum TotalCount { WhenWhole, Always, Never, OfPage }

public enum LimitedForm { Xml, Json, Empty }

public enum WebhookForm { CloudEvents, Old }
