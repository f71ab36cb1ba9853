using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Health.Overview;

/// <summary>A client's health on one page: a plain copy, for the API, exports and shared pages alike.</summary>
public sealed record HealthOverview
{
    /// <summary>The most findings that it names.</summary>
    public const int MostFindings = 10;

    /// <summary>When it was reckoned, on what, by which rules.</summary>
    public required HealthHead Head { get; init; }

    /// <summary>The score; null when no check of the recipe applies.</summary>
    public HealthScore? Score { get; init; }

    /// <summary>The score has the practice's own weights.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Every check: those of the score first, by weight.</summary>
    public required IReadOnlyList<CheckStanding> Checks { get; init; }

    /// <summary>The worst open findings, at most <see cref="MostFindings"/>.</summary>
    public required IReadOnlyList<ListedFinding> Top { get; init; }

    /// <summary>Findings that are open, listed ones included.</summary>
    public int Open { get; init; }

    /// <summary>Findings that are dismissed.</summary>
    public int Dismissed { get; init; }

    /// <summary>Findings that are no longer found.</summary>
    public int Resolved { get; init; }

    /// <summary>Of open findings; what is led to by the same record counts once, at its largest.</summary>
    public decimal MoneyAtRisk { get; init; }

    /// <summary>Makes it of what stands.</summary>
    public static HealthOverview Of(JudgedHealth health)
    {
        var score = health.Score();
        var scores = (score?.Checks ?? []).ToDictionary(check => check.Check, StringComparer.Ordinal);
        var standing = health.Standing().ToList();
        var byCheck = standing.ToLookup(one => one.Kept.Finding.Check, StringComparer.Ordinal);
        var open = standing.Where(one => one.State == FindingState.Open).Select(one => one.Kept).ToList();
        return new HealthOverview
        {
            Head = health.Head,
            Score = score,
            IsCustom = health.Custom is not null,
            Checks =
            [
                .. CheckCatalog.All.Where(check => health.Head.Outcomes.ContainsKey(check.Key))
                    .Select(check => CheckStanding.Of(check, health, scores.GetValueOrDefault(check.Key), [.. byCheck[check.Key]]))
                    .OrderByDescending(check => check.Weight).ThenBy(check => check.Check.Key, StringComparer.Ordinal),
            ],
            Top =
            [
                .. open.OrderByDescending(kept => kept.Finding.IsScored).ThenByDescending(kept => kept.Finding.Severity).ThenByDescending(kept => kept.Finding.Money ?? 0m)
                    .ThenBy(kept => kept.Finding.Id, StringComparer.Ordinal).Take(MostFindings).Select(kept => ListedFinding.Of(health, kept, FindingState.Open, null)),
            ],
            Open = open.Count,
            Dismissed = standing.Count(one => one.State == FindingState.Dismissed),
            Resolved = standing.Count(one => one.State == FindingState.Resolved),
            MoneyAtRisk = MoneyOf(open),
        };
    }

    internal static decimal MoneyOf(IEnumerable<KeptFinding> open) =>
        open.Where(kept => kept.Finding.Money > 0m).GroupBy(kept => kept.Finding.Evidence is [{ } lead, ..] ? lead.Record.ToString() : kept.Finding.Id, StringComparer.Ordinal)
            .Sum(record => record.Max(kept => kept.Finding.Money!.Value));
}

/// <summary>How a check stands.</summary>
/// <param name="Check">The check.</param>
/// <param name="Outcome">Whether it could judge, and if not, why.</param>
/// <param name="Weight">Its weight in the score, per cent; 0 for one that is only listed.</param>
/// <param name="Score">What it gave to the score; null when it has no part in it.</param>
/// <param name="Share">Its pass share, also where it has no part in the score; null when it could not judge.</param>
/// <param name="Open">Open findings.</param>
/// <param name="Dismissed">Dismissed ones.</param>
/// <param name="MoneyAtRisk">Of the open ones.</param>
public sealed record CheckStanding(HealthCheck Check, KeptOutcome Outcome, decimal Weight, CheckScore? Score, decimal? Share, int Open, int Dismissed, decimal MoneyAtRisk)
{
    /// <summary>Makes it of what stands.</summary>
    public static CheckStanding Of(HealthCheck check, JudgedHealth health)
    {
        var score = health.Score()?.Checks.FirstOrDefault(one => one.Check == check.Key);
        return Of(check, health, score, [.. health.Standing().Where(one => one.Kept.Finding.Check == check.Key)]);
    }

    internal static CheckStanding Of(HealthCheck check, JudgedHealth health, CheckScore? score, IReadOnlyList<(KeptFinding Kept, FindingState State)> findings)
    {
        var open = findings.Where(one => one.State == FindingState.Open).Select(one => one.Kept).ToList();
        var outcome = health.Head.Outcomes[check.Key];
        return new CheckStanding(
            check, outcome, health.Recipe.Weights.GetValueOrDefault(check.Key), score,
            outcome.Measure?.Share([.. open.Select(kept => kept.Finding).Where(finding => finding.IsScored)]),
            open.Count, findings.Count(one => one.State == FindingState.Dismissed), HealthOverview.MoneyOf(open));
    }
}
