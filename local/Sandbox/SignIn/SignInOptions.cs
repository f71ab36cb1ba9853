namespace DataHealth.Local.Sandbox.SignIn;

/// <summary>How the sign-in provider starts.</summary>
public sealed record SignInOptions
{
    public const int DefaultPort = 7090;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>What access tokens name as their audience: our API.</summary>
    public string Audience { get; init; } = "datahealth-api";

    /// <summary>The public client (a browser program: no secret, PKCE instead).</summary>
    public string ClientId { get; init; } = "datahealth-web";

    /// <summary>Where it may send the browser back; any page of this machine besides.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(30);
}
