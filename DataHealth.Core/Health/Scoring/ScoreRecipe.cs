using DataHealth.Core.Health.Checks;

namespace DataHealth.Core.Health.Scoring;

/// <summary>Which checks make the score, and what each weighs.</summary>
/// <param name="Weights">Per cent by check key; they add up to 100.</param>
public sealed record ScoreRecipe(IReadOnlyDictionary<string, decimal> Weights)
{
    /// <summary>A practice's own score has at least so many checks.</summary>
    public const int FewestChecks = 5;

    /// <summary>And at most so many.</summary>
    public const int MostChecks = 12;

    /// <summary>The product's own: every check that has a weight.</summary>
    public static ScoreRecipe Default { get; } =
        new(CheckCatalog.All.Where(check => check.DefaultWeight > 0m).ToDictionary(check => check.Key, check => check.DefaultWeight, StringComparer.Ordinal));

    /// <summary>What is wrong with a practice's own score, in plain words; null: nothing.</summary>
    public string? Problem() =>
        Weights.Keys.Where(key => CheckCatalog.Find(key) is null).Order(StringComparer.Ordinal).FirstOrDefault() is { } unknown ? $"There is no check '{unknown}'."
        : Weights.Count is < FewestChecks or > MostChecks ? $"A score has {FewestChecks} to {MostChecks} checks, this one has {Weights.Count}."
        : Weights.Values.Any(weight => weight is <= 0m or > 100m) ? "A weight is more than 0 and at most 100."
        : Weights.Values.Sum() is var sum && sum != 100m ? $"The weights add up to {sum:0.##}, they must add up to 100."
        : null;
}
