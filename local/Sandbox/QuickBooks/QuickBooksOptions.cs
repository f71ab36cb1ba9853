using DataHealth.Local.Sandbox.QuickBooks.Limits;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks;

/// <summary>How a QuickBooks sandbox starts. What is here can be changed later through the control API, except port, data folder, issuer and time.</summary>
public sealed record QuickBooksOptions
{
    public const int DefaultPort = 7081;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where grants, edits and settings are kept; null keeps them in memory.</summary>
    public string? DataFolder { get; init; }

    public string ClientId { get; init; } = "sandbox-client";

    public string ClientSecret { get; init; } = "sandbox-secret";

    public string AppName { get; init; } = "Data Health (local)";

    public IReadOnlyList<string> RedirectUris { get; init; } = ["http://localhost:7071/api/oauth/quickbooks/callback"];

    public string Issuer { get; init; } = "https://oauth.platform.intuit.com/op/v1";

    /// <summary>Where webhooks go; null sends none.</summary>
    public string? WebhookUrl { get; init; }

    public string VerifierToken { get; init; } = "sandbox-verifier-token";

    /// <summary>False starts with no people and no companies.</summary>
    public bool DefaultWorld { get; init; } = true;

    public QuickBooksSwitches Switches { get; init; } = new();

    public RealmLimitSettings Limits { get; init; } = new();

    /// <summary>The clock under the sandbox's own (which can be moved); slow answers are always slow by the wall clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
