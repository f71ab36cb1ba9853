using DataHealth.Core.Costs;

namespace DataHealth.Functions.Http.Costs;

/// <summary>A practice's month: what its clients' syncs cost, and what our app's tier at each provider allows.</summary>
public sealed record PracticeCostsBody(string Month, long Calls, long Bytes, IReadOnlyList<DayCostBody> Days, IReadOnlyList<TierBody> Tiers);

/// <summary>A client's month, and what is left of its limits.</summary>
public sealed record ClientCostsBody(string Month, long Calls, long Bytes, IReadOnlyList<DayCostBody> Days, HeadroomBody? Headroom);

/// <summary>One day at one provider.</summary>
public sealed record DayCostBody(string Day, string Provider, long Calls, long Bytes)
{
    public static DayCostBody Of(DayCost day) => new(day.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), day.Provider, day.Cost.Calls, day.Cost.Bytes);
}

/// <summary>What our app's tier allows in that month, over all practices, and what is used of it.</summary>
public sealed record TierBody
{
    public required string Provider { get; init; }

    public string? Name { get; init; }

    /// <summary>All calls of the app in the month; at QuickBooks every one of them is metered.</summary>
    public required long AppCalls { get; init; }

    public long? MeteredReads { get; init; }

    /// <summary>The tier's reads are used up: syncs of all clients at this provider wait until then.</summary>
    public DateTimeOffset? SyncsWaitUntil { get; init; }

    public required long AppBytes { get; init; }

    public decimal? EgressGigabytes { get; init; }

    /// <summary>What the bytes beyond the allowance cost so far.</summary>
    public decimal? EgressCost { get; init; }

    public string? Currency { get; init; }

    public int? Connections { get; init; }

    public int? MostConnections { get; init; }
}

/// <summary>What is left of an organisation's limits, as far as we know.</summary>
public sealed record HeadroomBody(int? DayRemaining, int? DayLimit, int MinuteLimit, DateTimeOffset? PausedUntil, Core.Providers.LimitKind? PausedBy);
