namespace DataHealth.Core.Health.Scoring;

/// <summary>A score. The formula, with a worked example, is in <c>docs/score.md</c>.</summary>
/// <param name="Exact">0 to 100, not rounded.</param>
/// <param name="Checks">What each check gave, in the order of keys.</param>
public sealed record HealthScore(decimal Exact, IReadOnlyList<CheckScore> Checks)
{
    /// <summary>From here the heart is teal.</summary>
    public const int TealFrom = 71;

    /// <summary>From here it is amber, below red.</summary>
    public const int AmberFrom = 36;

    /// <summary>The least part of the weights that must have been judged: what one small check of a copy that broke off says is not the health of the books.</summary>
    public const decimal LeastJudged = 0.25m;

    /// <summary>Whole per cent, half rounded up.</summary>
    public int Percent => (int)Math.Floor(Exact + 0.5m);

    /// <summary>Of the rounded per cent.</summary>
    public ScoreColour Colour => Percent >= TealFrom ? ScoreColour.Teal : Percent >= AmberFrom ? ScoreColour.Amber : ScoreColour.Red;

    /// <summary>Scores outcomes; null when checks of less than <see cref="LeastJudged"/> of the weights apply: no score is not 0, and not 100.</summary>
    /// <param name="recipe">Weights.</param>
    /// <param name="outcomes">By check key.</param>
    /// <param name="isOpen">Which findings count: those that nobody dismissed.</param>
    public static HealthScore? Of(ScoreRecipe recipe, IReadOnlyDictionary<string, CheckOutcome> outcomes, Func<Finding, bool> isOpen)
    {
        var open = outcomes.Where(outcome => outcome.Value is CheckOutcome.Checked && recipe.Weights.GetValueOrDefault(outcome.Key) > 0m)
            .ToDictionary(outcome => outcome.Key, outcome => Open((CheckOutcome.Checked)outcome.Value, isOpen), StringComparer.Ordinal);
        return OfShares(
            recipe, open.ToDictionary(check => check.Key, check => ((CheckOutcome.Checked)outcomes[check.Key]).Measure.Share(check.Value), StringComparer.Ordinal),
            open.ToDictionary(check => check.Key, check => check.Value.Count, StringComparer.Ordinal));
    }

    /// <summary>The same of pass shares that were kept; null when those of less than <see cref="LeastJudged"/> of the weights are there.</summary>
    internal static HealthScore? OfShares(ScoreRecipe recipe, IReadOnlyDictionary<string, decimal> shares, IReadOnlyDictionary<string, int> open)
    {
        var applying = recipe.Weights.Where(weight => weight.Value > 0m && shares.ContainsKey(weight.Key)).OrderBy(weight => weight.Key, StringComparer.Ordinal).ToList();
        var whole = applying.Sum(weight => weight.Value);
        return whole == 0m || whole < recipe.Weights.Values.Sum() * LeastJudged
            ? null
            // Divided once, at the end: a full pass is exactly 100.
            : new HealthScore(
                100m * applying.Sum(weight => weight.Value * shares[weight.Key]) / whole,
                applying.ConvertAll(weight => new CheckScore(weight.Key, weight.Value, 100m * weight.Value / whole, shares[weight.Key], open.GetValueOrDefault(weight.Key))));
    }

    internal static List<Finding> Open(CheckOutcome.Checked ran, Func<Finding, bool> isOpen) => [.. ran.Findings.Where(finding => finding.IsScored && isOpen(finding))];
}

/// <summary>What a check gave to a score.</summary>
/// <param name="Check">Its key.</param>
/// <param name="Weight">Its weight in the recipe, per cent.</param>
/// <param name="EffectiveWeight">The same after the weight of checks that do not apply was spread over the others.</param>
/// <param name="Share">The pass share, 0 to 1.</param>
/// <param name="Open">Findings that count.</param>
public sealed record CheckScore(string Check, decimal Weight, decimal EffectiveWeight, decimal Share, int Open)
{
    /// <summary>Points it gave.</summary>
    public decimal Points => EffectiveWeight * Share;

    /// <summary>Points it still could give.</summary>
    public decimal PointsToGain => EffectiveWeight * (1m - Share);
}

/// <summary>Colours of the heart.</summary>
public enum ScoreColour
{
    /// <summary>0 to 35.</summary>
    Red,

    /// <summary>36 to 70.</summary>
    Amber,

    /// <summary>71 to 100.</summary>
    Teal,
}
