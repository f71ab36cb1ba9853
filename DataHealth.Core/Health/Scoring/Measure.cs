using System.Text.Json.Serialization;

namespace DataHealth.Core.Health.Scoring;

/// <summary>What the score takes from a check: enough to score it again with other findings dismissed, without the books. The formulas are in <c>docs/score.md</c>.</summary>
[JsonDerivedType(typeof(PopulationMeasure), "population")]
[JsonDerivedType(typeof(StateMeasure), "state")]
[JsonDerivedType(typeof(BankMeasure), "bank")]
[JsonDerivedType(typeof(DaysMeasure), "days")]
public abstract record Measure
{
    private protected Measure()
    {
    }

    /// <summary>The pass share, 0 to 1.</summary>
    /// <param name="open">The check's findings that count: scored and not dismissed.</param>
    public abstract decimal Share(IReadOnlyCollection<Finding> open);

    /// <summary>For each of the open findings the share without it.</summary>
    internal virtual IReadOnlyDictionary<string, decimal> SharesWithout(IReadOnlyCollection<Finding> open) =>
        open.ToDictionary(finding => finding.Id, finding => Share([.. open.Where(other => other.Id != finding.Id)]), StringComparer.Ordinal);

    /// <summary>How many of the open findings must go before the share moves at all; 1 where any does.</summary>
    internal virtual int NeededToMove(IReadOnlyCollection<Finding> open) => 1;

    /// <summary>This measure as it would be had nobody put anything right since an earlier one: what attribution takes apart.</summary>
    /// <param name="before">The earlier one, of the same kind.</param>
    /// <param name="openBefore">What was open then.</param>
    internal virtual Measure WithoutWorkSince(Measure before, IReadOnlyCollection<Finding> openBefore) => this;
}

/// <summary>Findings among many of a kind: <c>max(0, 1 - (open / max(examined, 20)) / tolerance)</c>. Dismissed ones stay among the examined.</summary>
/// <param name="Examined">How many were looked at.</param>
/// <param name="Tolerance">The rate of findings at which nothing is left: 0.05 duplicates, 0.10 transactions, 0.25 contacts and accounts.</param>
public sealed record PopulationMeasure(int Examined, decimal Tolerance) : Measure
{
    /// <summary>Below so many, one finding weighs as it would among so many.</summary>
    public const int Fewest = 20;

    /// <summary>Of duplicates.</summary>
    public const decimal OfDuplicates = 0.05m;

    /// <summary>Of transactions.</summary>
    public const decimal OfTransactions = 0.10m;

    /// <summary>Of contacts and accounts.</summary>
    public const decimal OfLists = 0.25m;

    /// <inheritdoc />
    public override decimal Share(IReadOnlyCollection<Finding> open) => Share(open.Sum(finding => finding.Units));

    internal override IReadOnlyDictionary<string, decimal> SharesWithout(IReadOnlyCollection<Finding> open)
    {
        var units = open.Sum(finding => finding.Units);
        return open.ToDictionary(finding => finding.Id, finding => Share(units - finding.Units), StringComparer.Ordinal);
    }

    internal override int NeededToMove(IReadOnlyCollection<Finding> open)
    {
        var (units, needed) = (open.Sum(finding => finding.Units), 0);
        foreach (var finding in open.OrderByDescending(finding => finding.Units))
        {
            needed++;
            units -= finding.Units;
            if (Share(units) > 0m)
                return needed;
        }
        return Math.Max(needed, 1);
    }

    private decimal Share(int units) => Math.Max(0m, 1m - (units / (decimal)Math.Max(Examined, Fewest) / Tolerance));
}

/// <summary>The mean over the parts of a state: green 1, amber 0.5, red 0. A part whose findings are all dismissed is green.</summary>
/// <param name="Parts">By name.</param>
public sealed record StateMeasure(IReadOnlyDictionary<string, Light> Parts) : Measure
{
    /// <inheritdoc />
    public override decimal Share(IReadOnlyCollection<Finding> open)
    {
        if (Parts.Count == 0)
            return 1m;
        var troubled = open.Select(finding => finding.Part).ToHashSet();
        return Parts.Sum(part => troubled.Contains(part.Key) ? part.Value.Worth() : 1m) / Parts.Count;
    }

    internal override Measure WithoutWorkSince(Measure before, IReadOnlyCollection<Finding> openBefore)
    {
        var former = ((StateMeasure)before).Parts;
        var troubled = openBefore.Select(finding => finding.Part).ToHashSet();
        return new StateMeasure(Parts.ToDictionary(
            part => part.Key,
            part => troubled.Contains(part.Key) && former.TryGetValue(part.Key, out var light) && light.Worth() < part.Value.Worth() ? light : part.Value));
    }
}

/// <summary>State of one part.</summary>
public enum Light
{
    /// <summary>As it should be.</summary>
    Green,

    /// <summary>Not quite.</summary>
    Amber,

    /// <summary>Wrong.</summary>
    Red,
}

/// <summary>What a light is worth.</summary>
public static class LightWorth
{
    /// <summary>1, 0.5 or 0.</summary>
    public static decimal Worth(this Light light) => light switch { Light.Green => 1m, Light.Amber => 0.5m, _ => 0m };
}

/// <summary>Average debtor days: 1 up to 45, linear to 0 at 90.</summary>
/// <param name="Days">Receivables over a year's credit sales, times 365.</param>
public sealed record DaysMeasure(decimal Days) : Measure
{
    /// <summary>Up to here the share is full.</summary>
    public const decimal Good = 45m;

    /// <summary>From here nothing is left.</summary>
    public const decimal Bad = 90m;

    /// <inheritdoc />
    public override decimal Share(IReadOnlyCollection<Finding> open) => open.Count == 0 ? 1m : Math.Clamp((Bad - Days) / (Bad - Good), 0m, 1m);

    internal override Measure WithoutWorkSince(Measure before, IReadOnlyCollection<Finding> openBefore) =>
        openBefore.Count > 0 ? new DaysMeasure(Math.Max(Days, ((DaysMeasure)before).Days)) : this;
}
