namespace DataHealth.Core.Health.Scoring;

/// <summary>What would move the score.</summary>
/// <param name="Findings">Each scored open finding by itself: most points first, then those that need fewest others, then by id.</param>
/// <param name="Checks">The checks in the order in which to work: most points for each finding that must go.</param>
public sealed record ScoreMoves(IReadOnlyList<FindingMove> Findings, IReadOnlyList<CheckMove> Checks)
{
    /// <summary>Reckons it; null when there is no score.</summary>
    /// <param name="recipe">Weights.</param>
    /// <param name="outcomes">By check key.</param>
    /// <param name="isOpen">Which findings count.</param>
    public static ScoreMoves? Of(ScoreRecipe recipe, IReadOnlyDictionary<string, CheckOutcome> outcomes, Func<Finding, bool> isOpen)
    {
        if (HealthScore.Of(recipe, outcomes, isOpen) is not { } score)
            return null;
        var whole = score.Checks.Sum(check => check.Weight);
        var findings = new List<FindingMove>();
        foreach (var check in score.Checks)
        {
            var ran = (CheckOutcome.Checked)outcomes[check.Check];
            var open = HealthScore.Open(ran, isOpen);
            var needed = open.Count == 0 ? 1 : ran.Measure.NeededToMove(open);
            var without = ran.Measure.SharesWithout(open);
            foreach (var finding in open)
            {
                var points = 100m * check.Weight * (without[finding.Id] - check.Share) / whole;
                findings.Add(new FindingMove(check.Check, finding.Id, points, points > 0m ? 0 : Math.Max(needed - 1, 0)));
            }
        }
        return new ScoreMoves(
            [.. findings.OrderByDescending(move => move.Points).ThenBy(move => move.MoreBeforeItMoves).ThenBy(move => move.Finding, StringComparer.Ordinal)],
            [
                .. score.Checks.Where(check => check.Open > 0).Select(check => new CheckMove(check.Check, check.Open, check.PointsToGain))
                    .OrderByDescending(move => move.Points / move.Findings).ThenBy(move => move.Check, StringComparer.Ordinal),
            ]);
    }
}

/// <summary>What a finding is worth.</summary>
/// <param name="Check">Its check.</param>
/// <param name="Finding">Its id.</param>
/// <param name="Points">By how much the score rises when it alone is put right, exactly.</param>
/// <param name="MoreBeforeItMoves">Where that is nothing, because the check's share is at its floor: how many others of the check must go as well.</param>
public sealed record FindingMove(string Check, string Finding, decimal Points, int MoreBeforeItMoves);

/// <summary>What a whole check is worth.</summary>
/// <param name="Check">Its key.</param>
/// <param name="Findings">Open findings.</param>
/// <param name="Points">By how much the score rises when all are put right.</param>
public sealed record CheckMove(string Check, int Findings, decimal Points);
