using System.Globalization;

namespace DataHealth.Core.Clients.Overview;

/// <summary>An order in which lists of clients are read: a copy of each client's row under a key that sorts so.</summary>
public sealed class SummaryOrder
{
    private const string End = "~";
    private readonly string _prefix;
    private readonly Func<ClientSummary, string> _place;

    private SummaryOrder(string name, string prefix, Func<ClientSummary, string> place) => (Name, _prefix, _place) = (name, prefix, place);

    /// <summary>By name, as people sort.</summary>
    public static SummaryOrder ByName { get; } = new("name", "n|", summary => BusinessName.Order(summary.Name));

    /// <summary>Those whose last good sync is longest ago first; never synced before all.</summary>
    public static SummaryOrder StalestFirst { get; } = new("stalest", "o|", summary => Ticks((summary.LastSyncAt ?? SummaryRows.Never).UtcTicks));

    /// <summary>Those that were synced last first; never synced after all.</summary>
    public static SummaryOrder FreshestFirst { get; } = new("freshest", "f|", summary => Ticks(DateTime.MaxValue.Ticks - (summary.LastSyncAt ?? SummaryRows.Never).UtcTicks));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SummaryOrder> All { get; } = [ByName, StalestFirst, FreshestFirst];

    /// <summary>Its name in addresses.</summary>
    public string Name { get; }

    /// <summary>Where the order begins and ends among the keys.</summary>
    internal (string First, string Last) Range => (_prefix, _prefix[..^1] + End);

    internal string Key(ClientSummary summary) => $"{_prefix}{_place(summary)}|{summary.Client}";

    /// <summary>True when a key could be one of this order.</summary>
    internal bool Owns(string key) => key.StartsWith(_prefix, StringComparison.Ordinal);

    private static string Ticks(long ticks) => ticks.ToString("D19", CultureInfo.InvariantCulture);
}
