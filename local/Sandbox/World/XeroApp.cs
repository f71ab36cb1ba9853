namespace DataHealth.Local.Sandbox.World;

/// <summary>An app as registered with Xero's developer portal.</summary>
public sealed record XeroApp
{
    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    public string Name { get; init; } = "Sandbox app";

    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>True for an app created before 2 March 2026: it may still ask for broad scopes.</summary>
    public bool BroadScopes { get; init; }

    public Tier Tier { get; init; } = Tier.Core;

    /// <summary>One consent may add several organisations; null follows the tier (Advanced and Enterprise).</summary>
    public bool? Bulk { get; init; }

    /// <summary>First 30 minutes of a connection without minute and day limits; the tier must have it (Plus and above).</summary>
    public bool RapidSync { get; init; }

    public bool AddsSeveral => Bulk ?? Tier >= Tier.Advanced;

    public bool SyncsRapidly => RapidSync && Tier >= Tier.Plus;

    public int DayLimit => Tier == Tier.Starter ? 1_000 : 5_000;

    public int MostConnections => Tier switch
    {
        Tier.Starter => 5,
        Tier.Core => 50,
        Tier.Plus => 1_000,
        Tier.Advanced => 10_000,
        _ => int.MaxValue,
    };
}

public enum Tier { Starter, Core, Plus, Advanced, Enterprise }
