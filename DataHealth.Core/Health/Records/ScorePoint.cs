using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Health.Records;

/// <summary>A point of the score's history: one for each recalculation.</summary>
public sealed record ScorePoint
{
    /// <summary>Whose results.</summary>
    public required HealthVersion Version { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The books were judged as of this day.</summary>
    public required DateOnly ReportingDate { get; init; }

    /// <summary>The score, not rounded; null when no check of the recipe applied.</summary>
    public decimal? Exact { get; init; }

    /// <summary>Which rules judged.</summary>
    public required int RulesVersion { get; init; }

    /// <summary>Some dataset was not complete.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Weights of the score, per cent by check key.</summary>
    public required IReadOnlyDictionary<string, decimal> Weights { get; init; }

    /// <summary>What each check that applied gave.</summary>
    public required IReadOnlyList<CheckScore> Checks { get; init; }

    /// <summary>Whole per cent.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int? Percent => Score?.Percent;

    /// <summary>The score with its colour.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public HealthScore? Score => Exact is { } exact ? new HealthScore(exact, Checks) : null;
}

/// <summary>What attribution needs of a recalculation, kept when its findings have gone.</summary>
internal sealed record KeptState(int RulesVersion, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, decimal> Weights, IReadOnlyDictionary<string, KeptOutcomeState> Outcomes)
{
    public static KeptState Of(HealthHead head, ScoreRecipe recipe, IReadOnlyDictionary<string, CheckOutcome> outcomes, Func<Finding, bool> isOpen) => new(
        head.RulesVersion, head.Settings, recipe.Weights,
        outcomes.ToDictionary(outcome => outcome.Key, outcome => new KeptOutcomeState(
            KeptOutcome.Of(outcome.Value),
            outcome.Value is CheckOutcome.Checked ran ? [.. ran.Findings.Where(finding => finding.IsScored).Select(finding => new ScoredFinding(finding.Id, finding.Rule, finding.Units, finding.Part, finding.Since, isOpen(finding)))] : [])));

    public ScoredState ToScored()
    {
        var open = Outcomes.Values.SelectMany(outcome => outcome.Scored).Where(finding => finding.IsOpen).Select(finding => finding.Id).ToHashSet(StringComparer.Ordinal);
        return new ScoredState(
            RulesVersion, Settings, new ScoreRecipe(Weights),
            Outcomes.ToDictionary(outcome => outcome.Key, outcome => outcome.Value.Outcome.With([.. outcome.Value.Scored.Select(finding => finding.ToFinding(outcome.Key))]), StringComparer.Ordinal),
            finding => open.Contains(finding.Id));
    }
}

/// <summary>A check in a <see cref="KeptState"/>.</summary>
internal sealed record KeptOutcomeState(KeptOutcome Outcome, IReadOnlyList<ScoredFinding> Scored);

/// <summary>A finding, as far as the score looks at it.</summary>
internal sealed record ScoredFinding(string Id, string Rule, int Units, string? Part, DateOnly? Since, bool IsOpen)
{
    public Finding ToFinding(string check) => new() { Id = Id, Check = check, Rule = Rule, Severity = Severity.Warning, Text = "", Fingerprint = "", Units = Units, Part = Part, Since = Since };
}
