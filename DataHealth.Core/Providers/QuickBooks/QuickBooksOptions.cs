namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>Our app at Intuit. Section <c>QuickBooks</c>. Without <see cref="ClientId"/> the provider is there but not configured.</summary>
public sealed class QuickBooksOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "QuickBooks";

    /// <summary>The app's client id: production and development keys differ, and each reaches only its own kind of company.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The app's secret.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Host of the consent page (<c>/connect/oauth2</c>), reached by the browser.</summary>
    public Uri AuthorizeUri { get; set; } = new("https://appcenter.intuit.com");

    /// <summary>Host of the token endpoint (<c>/oauth2/v1/tokens/bearer</c>).</summary>
    public Uri TokenUri { get; set; } = new("https://oauth.platform.intuit.com");

    /// <summary>Host of the revocation endpoint (<c>/v2/oauth2/tokens/revoke</c>).</summary>
    public Uri RevokeUri { get; set; } = new("https://developer.api.intuit.com");

    /// <summary>Host of the books (<c>/v3/company</c>); development keys use <c>https://sandbox-quickbooks.api.intuit.com</c>.</summary>
    public Uri ApiUri { get; set; } = new("https://quickbooks.api.intuit.com");

    /// <summary>Scopes, separated by spaces. There is no read-only one: that we only read is held by the client, which has no way to write.</summary>
    public string Scopes { get; set; } = "com.intuit.quickbooks.accounting";

    /// <summary>The verifier token that Intuit signs webhooks with; development and production have one each. Empty: no webhook is genuine.</summary>
    public string WebhookVerifierToken { get; set; } = "";

    /// <summary>The version of the API that the answers are read by.</summary>
    public int MinorVersion { get; set; } = 75;

    /// <summary>Calls a minute for one company.</summary>
    public int MinuteLimit { get; set; } = 500;

    /// <summary>Calls a second for one company.</summary>
    public int SecondLimit { get; set; } = 10;

    /// <summary>Calls in flight for one company.</summary>
    public int Concurrent { get; set; } = 5;

    /// <summary>Length of the minute window; shorter only where time is compressed.</summary>
    public TimeSpan MinuteWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a refusal by a limit is waited out when the answer does not say: Intuit's advice.</summary>
    public TimeSpan RefusalWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a reader waits by itself for a limit; longer waits are the caller's.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for one attempt of a call, body included; Intuit cuts a request after 120 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(125);

    /// <summary>Time for a token call.</summary>
    public TimeSpan TokenTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a refresh whose answer was lost may still be at work at Intuit, which cuts a request after 120 s: no second one is sent before.</summary>
    public TimeSpan LostAnswerRest { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Attempts of a read that meets a transport fault or 5xx, the first included.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>Wait before the second attempt; doubles after, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Records on a page, at most 1,000.</summary>
    public int PageSize { get; set; } = 1_000;

    /// <summary>An answer of changes that holds so many is taken for incomplete: Intuit cuts it at 1,000 over all entities, and one near that is not to be trusted either.</summary>
    public int FullChanges { get; set; } = 950;

    /// <summary>How far back changes are asked for; Intuit keeps them for 30 days.</summary>
    public TimeSpan ChangesHorizon { get; set; } = TimeSpan.FromDays(29);

    /// <summary>The largest answer that is taken, decompressed, in bytes.</summary>
    public int LargestAnswer { get; set; } = 64 * 1024 * 1024;
}
