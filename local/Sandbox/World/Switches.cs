namespace DataHealth.Local.Sandbox.World;

/// <summary>What no primary source settles (facts, section 8), each switchable so that a client can be shown to be right either way.</summary>
public sealed record Switches
{
    /// <summary>Keys of error bodies: Pascal (seen live) or Camel (as documented).</summary>
    public KeyCasing ErrorKeys { get; init; } = KeyCasing.Pascal;

    /// <summary>A token that lacks the scope of an endpoint: 401 with WWW-Authenticate, or 403.</summary>
    public int InsufficientScopeStatus { get; init; } = 401;

    /// <summary>A page past the end: 200 with an empty list, or 404.</summary>
    public int PagePastEndStatus { get; init; } = 200;

    /// <summary>Dates in records: WithOffset, WithoutOffset or Mixed (differs from record to record).</summary>
    public DateStyle Dates { get; init; } = DateStyle.WithOffset;

    /// <summary>Slashes of dates as <c>\/</c>.</summary>
    public bool EscapeSlashes { get; init; } = true;

    /// <summary>Order of a list that asks for none, /Invoices apart.</summary>
    public DefaultOrder DefaultOrder { get; init; } = DefaultOrder.Updated;

    /// <summary>DELETED invoices, credit notes and accounts are in lists without a filter.</summary>
    public bool DeletedListed { get; init; } = true;

    /// <summary>Archived contacts come with If-Modified-Since even without includeArchived.</summary>
    public bool ArchivedContactsInModifiedSince { get; init; }

    /// <summary>Deleted transfers come with If-Modified-Since even without includeDeleted.</summary>
    public bool DeletedTransfersInModifiedSince { get; init; }

    /// <summary>Retry-After in seconds on 503; null sends none.</summary>
    public int? RetryAfterOn503 { get; init; }

    /// <summary>What a web app's PKCE challenge meets: Accept (and verify), Ignore or Refuse.</summary>
    public PkceAnswer Pkce { get; init; } = PkceAnswer.Accept;

    /// <summary>A new consent of a user ends the refresh tokens that this user gave the app before.</summary>
    public bool NewConsentEndsOlderTokens { get; init; }

    /// <summary>Choosing an organisation that is connected already leaves its connection's authEventId as it was.</summary>
    public bool ReconsentKeepsAuthEvent { get; init; }

    /// <summary>An organisation whose user lost access stays in /connections.</summary>
    public bool LostAccessStillListed { get; init; }

    /// <summary>Minutes for which the previous refresh token works after a refresh.</summary>
    public int RefreshGraceMinutes { get; init; } = 30;

    public int RefreshTokenDays { get; init; } = 60;

    public int AccessTokenSeconds { get; init; } = 1800;

    public int CodeSeconds { get; init; } = 300;

    /// <summary>invalid_grant and its kin carry error_description.</summary>
    public bool TokenErrorDescriptions { get; init; }

    /// <summary>Status of invalid_client: 400 or 401.</summary>
    public int InvalidClientStatus { get; init; } = 400;

    /// <summary>A broad scope asked by a new app: error page, or back to the app with that error.</summary>
    public BroadScopeAnswer BroadScope { get; init; } = BroadScopeAnswer.Page;

    /// <summary>Days after which the demo company resets itself; 0 never.</summary>
    public int DemoResetDays { get; init; }

    /// <summary>Order by the record's id is refused in organisations of high volume.</summary>
    public bool HighVolumeRefusesIdOrder { get; init; }

    /// <summary>Records that one unpaged or badly filtered request may touch.</summary>
    public int HighVolumeRecords { get; init; } = 100_000;

    /// <summary>Characters of path and query beyond which the answer is 404.</summary>
    public int LongestUrl { get; init; } = 2100;

    /// <summary>Everything answers 503: API offline for maintenance.</summary>
    public bool Maintenance { get; init; }
}

public enum KeyCasing { Pascal, Camel }

public enum DateStyle { WithOffset, WithoutOffset, Mixed }

public enum DefaultOrder { Updated, Id }

public enum PkceAnswer { Accept, Ignore, Refuse }

public enum BroadScopeAnswer { Page, InvalidScope, UnauthorizedClient }
