using DataHealth.Local.Sandbox.Limits;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox;

/// <summary>How a sandbox starts. What is here can be changed later through the control API, except port, data folder, issuer and time.</summary>
public sealed record SandboxOptions
{
    public const int DefaultPort = 7080;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port of the sign-in provider, which the process starts beside the sandbox; 0 takes a free one.</summary>
    public int SignInPort { get; init; }

    /// <summary>Where the sign-in provider may send the browser back, besides any page of this machine.</summary>
    public IReadOnlyList<string> SignInRedirectUris { get; init; } = [];

    /// <summary>Where grants, connections, edits and settings are kept; null keeps them in memory.</summary>
    public string? DataFolder { get; init; }

    public string ClientId { get; init; } = "sandbox-client";

    public string ClientSecret { get; init; } = "sandbox-secret";

    public string AppName { get; init; } = "Data Health (local)";

    public IReadOnlyList<string> RedirectUris { get; init; } = ["http://localhost:7071/api/oauth/xero/callback"];

    /// <summary>The issuer that tokens and the discovery document name.</summary>
    public string Issuer { get; init; } = "https://identity.xero.com";

    /// <summary>False starts with no people and no organisations.</summary>
    public bool DefaultWorld { get; init; } = true;

    public Switches Switches { get; init; } = new();

    public LimitSettings Limits { get; init; } = new();

    /// <summary>The clock under the sandbox's own (which can be moved); slow answers are always slow by the wall clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
