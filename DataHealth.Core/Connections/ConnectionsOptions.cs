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
public sealed class ConnectionsRule : IValidateOptions<ConnectionsOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ConnectionsOptions options)
    {
        List<string> wrong = [];
        if (options.CallbackBaseUri is not { IsAbsoluteUri: true } address || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            wrong.Add("Connections:CallbackBaseUri must be https, or http on this machine.");
        if (options.ConsentLifetime < TimeSpan.FromMinutes(1) || options.ConsentLifetime > TimeSpan.FromHours(1))
            wrong.Add("Connections:ConsentLifetime must be between a minute and an hour.");
        if (options.KeepAliveDays is < 1 or > 50)
            wrong.Add("Connections:KeepAliveDays must be 1 to 50, since unused refresh tokens die after 60 days.");
        if (options.KeepAliveBatch is < 1 or > 10_000)
            wrong.Add("Connections:KeepAliveBatch must be 1 to 10,000.");
        if (options.TokenCallLimit < TimeSpan.FromSeconds(1) || options.GrantLease < options.TokenCallLimit * 1.5)
            wrong.Add("Connections:GrantLease must be at least one and a half times Connections:TokenCallLimit, which is at least a second.");
        // Storing a new pair is given ten seconds of a lease that is certain.
        if (options.GrantLease < TimeSpan.FromSeconds(15))
            wrong.Add("Connections:GrantLease must be at least 15 seconds.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
