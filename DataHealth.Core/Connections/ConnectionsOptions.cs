using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections;

/// <summary>How connections are made. Section <c>Connections</c>.</summary>
public sealed class ConnectionsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Connections";

    /// <summary>Our own address as the provider's redirect reaches it, e.g. <c>http://localhost:7071/api</c>; the callback is <c>{base}/oauth/{provider}/callback</c>.</summary>
    public Uri CallbackBaseUri { get; set; } = new("http://localhost:7071/api");

    /// <summary>How long a state, and what its callback brought, is good for.</summary>
    public TimeSpan ConsentLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a person may take to match the organisations of one consent to clients.</summary>
    public TimeSpan MatchingTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long the former access to the same books stays good after somebody else has taken the connection over: longer than a slice of a sync with its last call.</summary>
    public TimeSpan HandoverTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A grant that was not refreshed for so many days is refreshed by the keep-alive. Refresh tokens die after 60 (Xero) or 100 (QuickBooks) unused days.</summary>
    public int KeepAliveDays { get; set; } = 20;

    /// <summary>How many grants one keep-alive refreshes at most.</summary>
    public int KeepAliveBatch { get; set; } = 200;

    /// <summary>After how long of watching it unchanged a grant's lease may be taken over. Longer than a token call's limit.</summary>
    public TimeSpan GrantLease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a token call may take.</summary>
    public TimeSpan TokenCallLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The redirect address of one provider.</summary>
    public Uri RedirectUri(string provider) => new($"{CallbackBaseUri.AbsoluteUri.TrimEnd('/')}/oauth/{provider}/callback");
}

/// <summary>What the connection options must be.</summary>
/// <param name="place">Where this process runs.</param>
public sealed class ConnectionsRule(Practices.HostingPlace place) : IValidateOptions<ConnectionsOptions>
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestLease = TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ConnectionsOptions options) => new SettingFaults(ConnectionsOptions.Section)
        .Address(nameof(options.CallbackBaseUri), options.CallbackBaseUri, "must be https, or http on this machine")
        .Must(!place.IsAzure || options.CallbackBaseUri is not { IsAbsoluteUri: true, IsLoopback: true }, nameof(options.CallbackBaseUri), "must be the address at which providers reach this app in Azure")
        .Range(nameof(options.ConsentLifetime), options.ConsentLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1))
        .Range(nameof(options.MatchingTime), options.MatchingTime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1))
        .Range(nameof(options.HandoverTime), options.HandoverTime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1))
        // Refresh tokens that nobody uses die after 60 days.
        .Range(nameof(options.KeepAliveDays), options.KeepAliveDays, 1, 50)
        .Range(nameof(options.KeepAliveBatch), options.KeepAliveBatch, 1, 10_000)
        .Range(nameof(options.TokenCallLimit), options.TokenCallLimit, TimeSpan.FromSeconds(1), LongestCall)
        // Storing a new pair is given ten seconds of a lease that is certain.
        .Range(nameof(options.GrantLease), options.GrantLease, ShortestLease, LongestLease)
        .Must(
            options.GrantLease < ShortestLease || options.TokenCallLimit > LongestCall || options.GrantLease >= options.TokenCallLimit * 1.5,
            nameof(options.GrantLease), "must be at least one and a half times Connections:TokenCallLimit")
        .Result;
}
