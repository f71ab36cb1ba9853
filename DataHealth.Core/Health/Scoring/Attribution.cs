namespace DataHealth.Core.Health.Scoring;

/// <summary>
/// Why a score changed between two runs: parts that add up to the change, with no "other" part. Scored after each step, in this order: rules and weights, coverage, new postings, work done.
/// </summary>
/// <param name="Before">The earlier score, exact.</param>
/// <param name="After">The later score, exact.</param>
/// <param name="RulesAndWeights">Other weights, settings or rules. A check whose rules changed counts here as a whole: its two results do not compare.</param>
/// <param name="Coverage">Checks that can judge now and could not, or the other way round.</param>
/// <param name="NewPostings">What was found new, and more examined.</param>
/// <param name="WorkDone">What was put right or dismissed.</param>
public sealed record Attribution(decimal Before, decimal After, decimal RulesAndWeights, decimal Coverage, decimal NewPostings, decimal WorkDone)
{
    /// <summary>Takes a change apart; null when one of the two has no score.</summary>
    public static Attribution? Between(ScoredState before, ScoredState after)
    {
        if (before.Score() is not { Exact: var start } || after.Score() is not { Exact: var end })
            return null;

        // 1. Yesterday's results, today's weights; results of other rules are today's.
        var outcomes = new Dictionary<string, CheckOutcome>(before.Outcomes, StringComparer.Ordinal);
        var open = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (key, outcome) in before.Outcomes)
            open[key] = OpenOf(outcome, before.IsOpen);
        foreach (var (key, outcome) in after.Outcomes)
        {
            if (Rules(before, key) != Rules(after, key))
                Take(key, outcome);
        }
        var rules = Score(start);

        // 2. What could not be judged on one of the two days.
        foreach (var key in before.Outcomes.Keys.Union(after.Outcomes.Keys).ToList())
        {
            var now = after.Outcomes.GetValueOrDefault(key);
            if (now is not CheckOutcome.Checked || outcomes.GetValueOrDefault(key) is not CheckOutcome.Checked)
                Take(key, now);
        }
        var coverage = Score(rules);

        // 3. Today's books as if nobody had worked: what was open stays open.
        foreach (var (key, outcome) in after.Outcomes)
        {
            if (outcome is not CheckOutcome.Checked now || outcomes[key] is not CheckOutcome.Checked then || ReferenceEquals(now, then))
                continue;
            var stillOpen = then.Findings.Where(finding => open[key].Contains(finding.Id)).ToList();
            var found = now.Findings.Concat(stillOpen).DistinctBy(finding => finding.Id).ToList();
            var known = then.Findings.Select(finding => finding.Id).ToHashSet(StringComparer.Ordinal);
            var counts = stillOpen.Select(finding => finding.Id)
                .Concat(now.Findings.Where(finding => after.IsOpen(finding) || !known.Contains(finding.Id)).Select(finding => finding.Id)).ToHashSet(StringComparer.Ordinal);
            var scoredBefore = stillOpen.Where(finding => finding.IsScored).ToList();
            outcomes[key] = new CheckOutcome.Checked(now.Measure.GetType() == then.Measure.GetType() ? now.Measure.WithoutWorkSince(then.Measure, scoredBefore) : now.Measure, found);
            open[key] = counts;
        }
        var postings = Score(coverage);
        return new Attribution(start, end, rules - start, coverage - rules, postings - coverage, end - postings);

        void Take(string key, CheckOutcome? outcome)
        {
            if (outcome is null)
                outcomes.Remove(key);
            else
                outcomes[key] = outcome;
            open[key] = OpenOf(outcome, after.IsOpen);
        }

        // A step at which no check applies has no score: its change falls to the next step.
        decimal Score(decimal otherwise) => HealthScore.Of(after.Recipe, outcomes, finding => open[finding.Check].Contains(finding.Id))?.Exact ?? otherwise;
    }

    private static HashSet<string> OpenOf(CheckOutcome? outcome, Func<Finding, bool> isOpen) =>
        outcome is CheckOutcome.Checked ran ? ran.Findings.Where(isOpen).Select(finding => finding.Id).ToHashSet(StringComparer.Ordinal) : [];

    private static (int Version, string? Settings) Rules(ScoredState state, string key) => (state.RulesVersion, state.Settings.GetValueOrDefault(key));
}

/// <summary>A run as attribution needs it.</summary>
/// <param name="RulesVersion">Which rules judged.</param>
/// <param name="Settings">Settings by check key, JSON; a check without had its defaults.</param>
/// <param name="Recipe">Weights.</param>
/// <param name="Outcomes">By check key.</param>
/// <param name="IsOpen">Which findings counted.</param>
public sealed record ScoredState(
    int RulesVersion, IReadOnlyDictionary<string, string> Settings, ScoreRecipe Recipe, IReadOnlyDictionary<string, CheckOutcome> Outcomes, Func<Finding, bool> IsOpen)
{
    /// <summary>Its score.</summary>
    public HealthScore? Score() => HealthScore.Of(Recipe, Outcomes, IsOpen);
}
