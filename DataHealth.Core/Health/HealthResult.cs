using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>What one pass over the books gave.</summary>
public sealed record HealthResult
{
    /// <summary>What was asked.</summary>
    public required HealthRequest Request { get; init; }

    /// <summary>Which rules judged; a change of any rule changes it.</summary>
    public required int RulesVersion { get; init; }

    /// <summary>The organisation as its books name it.</summary>
    public required Organisation Organisation { get; init; }

    /// <summary>On what data: a score never goes without it.</summary>
    public required IReadOnlyList<DatasetCoverage> Coverage { get; init; }

    /// <summary>By check key, in the order of keys.</summary>
    public required IReadOnlyDictionary<string, CheckOutcome> Outcomes { get; init; }

    /// <summary>What the next run is to be told (<see cref="HealthRequest.Memory"/>): of a check that did not run, or could not judge this time, what was known before.</summary>
    public required IReadOnlyDictionary<string, string> Memory { get; init; }

    /// <summary>All findings, by check and id.</summary>
    public IEnumerable<Finding> Findings => Outcomes.Values.OfType<CheckOutcome.Checked>().SelectMany(outcome => outcome.Findings);

    /// <summary>Every dataset that a check reads was complete.</summary>
    public bool IsComplete => Coverage.All(dataset => dataset.UpTo is not null);

    /// <summary>Scores it.</summary>
    /// <param name="recipe">Weights.</param>
    /// <param name="isOpen">Which findings count: those that nobody dismissed.</param>
    public HealthScore? Score(ScoreRecipe recipe, Func<Finding, bool> isOpen) => HealthScore.Of(recipe, Outcomes, isOpen);
}
