using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Health.Export;

/// <summary>A client's overview as it is exported and shared: plain values, no storage behind them, no team member in them.</summary>
public sealed record OverviewReport
{
    /// <summary>How many findings are named.</summary>
    public const int MostFindings = 20;

    /// <summary>The client, as the practice calls it.</summary>
    public required string Client { get; init; }

    /// <summary>The organisation, as its books name it.</summary>
    public string? Organisation { get; init; }

    /// <summary>The books as they stood at the end of this day.</summary>
    public required DateOnly ReportingDate { get; init; }

    /// <summary>The days under review.</summary>
    public required Period Period { get; init; }

    /// <summary>When it was reckoned.</summary>
    public DateTimeOffset? CalculatedAt { get; init; }

    /// <summary>Whole per cent; null: no score, which is neither 0 nor 100.</summary>
    public int? Percent { get; init; }

    /// <summary>Of the per cent.</summary>
    public ScoreColour? Colour { get; init; }

    /// <summary>Which rules judged.</summary>
    public required int RulesVersion { get; init; }

    /// <summary>ISO code of all amounts.</summary>
    public string? BaseCurrency { get; init; }

    /// <summary>On what data.</summary>
    public required IReadOnlyList<OverviewDataset> Coverage { get; init; }

    /// <summary>Every dataset was complete; else the score is on partial data.</summary>
    public bool IsComplete => Coverage.All(dataset => dataset.UpTo is not null);

    /// <summary>Those of the score first, the heaviest leading; then the others by title.</summary>
    public required IReadOnlyList<OverviewCheck> Checks { get; init; }

    /// <summary>The worst open findings: by severity, then by money at risk.</summary>
    public required IReadOnlyList<OverviewFinding> TopFindings { get; init; }

    /// <summary>How many findings are open in all.</summary>
    public required int OpenFindings { get; init; }

    /// <summary>Makes it of what a recalculation found out.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="result">What was found out.</param>
    /// <param name="recipe">The weights of the practice's score.</param>
    /// <param name="isOpen">Which findings count: those that nobody dismissed.</param>
    public static OverviewReport Of(string client, HealthResult result, ScoreRecipe recipe, Func<Finding, bool> isOpen)
    {
        var score = result.Score(recipe, isOpen);
        return new OverviewReport
        {
            Client = client,
            Organisation = result.Organisation.Name,
            ReportingDate = result.Request.ReportingDate,
            Period = result.Request.Period,
            RulesVersion = result.RulesVersion,
            BaseCurrency = result.Organisation.BaseCurrency,
            Percent = score?.Percent,
            Colour = score?.Colour,
            Coverage = [.. result.Coverage.Select(dataset => new OverviewDataset(dataset.Title, dataset.UpTo))],
            Checks = OverviewCheck.Of(result.Outcomes, score, isOpen),
            TopFindings = OverviewFinding.Worst(result.Findings.Where(isOpen)),
            OpenFindings = result.Findings.Count(isOpen),
        };
    }

    /// <summary>Makes it of what the latest recalculation left, with what people dismissed since.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="judged">What it left.</param>
    public static OverviewReport Of(string client, JudgedHealth judged)
    {
        var (head, score) = (judged.Head, judged.Score());
        var open = judged.Health.Outcomes.Values.OfType<CheckOutcome.Checked>().SelectMany(outcome => outcome.Findings).Where(judged.Notes.IsOpen).ToList();
        return new OverviewReport
        {
            Client = client,
            Organisation = head.OrganisationName,
            ReportingDate = head.ReportingDate,
            Period = head.Period,
            CalculatedAt = head.CalculatedAt,
            RulesVersion = head.RulesVersion,
            BaseCurrency = head.BaseCurrency,
            Percent = score?.Percent,
            Colour = score?.Colour,
            Coverage = [.. head.Coverage.Select(dataset => new OverviewDataset(dataset.Title, dataset.UpTo))],
            Checks = OverviewCheck.Of(judged.Health.Outcomes, score, judged.Notes.IsOpen),
            TopFindings = OverviewFinding.Worst(open),
            OpenFindings = open.Count,
        };
    }
}

/// <summary>How far a dataset is copied.</summary>
/// <param name="Title">What a person reads.</param>
/// <param name="UpTo">Complete up to this time of the provider; null: never.</param>
public sealed record OverviewDataset(string Title, DateTimeOffset? UpTo);

/// <summary>A check on the overview.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Title">What a person reads.</param>
/// <param name="Share">Pass share, 0 to 1; null where it is not in the score or could not run.</param>
/// <param name="Weight">Its weight after that of checks that do not apply was spread over the others, per cent; null where it is not in the score.</param>
/// <param name="Open">Open findings; null where it did not run.</param>
/// <param name="Words">Why it did not run; null where it did.</param>
public sealed record OverviewCheck(string Key, string Title, decimal? Share, decimal? Weight, int? Open, string? Words)
{
    /// <summary>Points that it gives to the score.</summary>
    public decimal? Points => Share * Weight;

    /// <summary>Makes them of outcomes.</summary>
    /// <param name="outcomes">By check key.</param>
    /// <param name="score">Of these outcomes.</param>
    /// <param name="isOpen">Which findings count.</param>
    public static IReadOnlyList<OverviewCheck> Of(IReadOnlyDictionary<string, CheckOutcome> outcomes, HealthScore? score, Func<Finding, bool> isOpen)
    {
        var scored = (score?.Checks ?? []).ToDictionary(check => check.Check, StringComparer.Ordinal);
        return
        [
            .. CheckCatalog.All.Where(check => outcomes.ContainsKey(check.Key)).Select(check =>
            {
                var own = scored.GetValueOrDefault(check.Key);
                return outcomes[check.Key] switch
                {
                    CheckOutcome.Checked ran => new OverviewCheck(check.Key, check.Title, own?.Share, own?.EffectiveWeight, ran.Findings.Count(isOpen), null),
                    CheckOutcome.NotAvailable lacks => new OverviewCheck(check.Key, check.Title, null, null, null, $"Not available, needs {lacks.Needs}."),
                    CheckOutcome.NotApplicable idle => new OverviewCheck(check.Key, check.Title, null, null, null, idle.Why),
                    _ => throw new InvalidOperationException("An outcome without words."),
                };
            }).OrderByDescending(check => check.Weight ?? -1m).ThenBy(check => check.Title, StringComparer.Ordinal),
        ];
    }
}

/// <summary>A finding on the overview.</summary>
/// <param name="Check">Its check's title.</param>
/// <param name="CheckKey">Its check's key.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Text">One plain sentence.</param>
/// <param name="Money">At risk, base currency; null where none is.</param>
/// <param name="Since">Since when it is so.</param>
public sealed record OverviewFinding(string Check, string CheckKey, Severity Severity, string Text, decimal? Money, DateOnly? Since)
{
    /// <summary>The worst of findings: by severity, then by money at risk, then by id.</summary>
    /// <param name="open">Those that nobody dismissed.</param>
    public static IReadOnlyList<OverviewFinding> Worst(IEnumerable<Finding> open)
    {
        var titles = CheckCatalog.All.ToDictionary(check => check.Key, check => check.Title, StringComparer.Ordinal);
        return
        [
            .. open.OrderByDescending(finding => finding.Severity).ThenByDescending(finding => finding.Money ?? 0m).ThenBy(finding => finding.Id, StringComparer.Ordinal).Take(OverviewReport.MostFindings)
                .Select(finding => new OverviewFinding(titles.GetValueOrDefault(finding.Check, finding.Check), finding.Check, finding.Severity, finding.Text, finding.Money, finding.Since)),
        ];
    }
}
