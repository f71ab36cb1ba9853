namespace DataHealth.Core.Providers.Xero;

/// <summary>Our app at Xero. Section <c>Xero</c>. Without <see cref="ClientId"/> the provider is there but not configured.</summary>
public sealed class XeroOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Xero";

    /// <summary>The app's client id.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The app's secret; empty only for a PKCE app.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>The signing key of the app's webhooks, from Xero's developer portal; empty when the app has none. A secret.</summary>
    public string WebhookKey { get; set; } = "";

    /// <summary>The app type without a secret. A web app with a secret leaves it false.</summary>
    public bool UsePkce { get; set; }

    /// <summary>Host of the consent page (<c>/identity/connect/authorize</c>), reached by the browser.</summary>
    public Uri LoginUri { get; set; } = new("https://login.xero.com");

    /// <summary>Host of the token and revocation endpoints (<c>/connect/token</c>).</summary>
    public Uri IdentityUri { get; set; } = new("https://identity.xero.com");

    /// <summary>Host of <c>/connections</c>, <c>/api.xro/2.0</c> and <c>/assets.xro/1.0</c>.</summary>
    public Uri ApiUri { get; set; } = new("https://api.xero.com");

    /// <summary>Granular read scopes, separated by spaces (facts: broad ones are refused to apps made since March 2026).</summary>
    public string Scopes { get; set; } =
        "offline_access openid profile email accounting.invoices.read accounting.payments.read accounting.banktransactions.read "
        + "accounting.manualjournals.read accounting.settings.read accounting.contacts.read accounting.reports.trialbalance.read "
        + "accounting.reports.balancesheet.read accounting.reports.profitandloss.read accounting.reports.banksummary.read assets.read";

    /// <summary>Calls a day for one organisation: 5,000; 1,000 on the Starter tier.</summary>
    public int DayLimit { get; set; } = 5_000;

    /// <summary>Part of the day kept for people who press Sync, 0 to 0.9.</summary>
    public double DayReserve { get; set; } = 0.1;

    /// <summary>Calls a minute for one organisation.</summary>
    public int MinuteLimit { get; set; } = 60;

    /// <summary>Calls in flight for one organisation.</summary>
    public int Concurrent { get; set; } = 5;

    /// <summary>Calls a minute for the whole app.</summary>
    public int AppMinuteLimit { get; set; } = 10_000;

    /// <summary>Length of the minute window; shorter only where time is compressed.</summary>
    public TimeSpan MinuteWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Length of the day window; shorter only where time is compressed.</summary>
    public TimeSpan DayWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The longest that a reader waits by itself for a limit; longer waits are the caller's.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for one attempt of a call, body included. A slot of a caller that died frees itself after this and a little more.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Time for a token or connections call.</summary>
    public TimeSpan TokenTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Attempts of a read that meets a transport fault or 5xx, the first included.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>Wait before the second attempt; doubles after, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Records on a page, at most 1,000.</summary>
    public int PageSize { get; set; } = 1_000;

    /// <summary>The largest answer that is taken, decompressed, in bytes.</summary>
    public int LargestAnswer { get; set; } = 64 * 1024 * 1024;
}
