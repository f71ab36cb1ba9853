using DataHealth.Core.Health.PracticeLevel;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Health.Recalculation;

/// <summary>Results with what people noted on them and the practice's score: all that the score, its moves and the lists are made of. Reckoned on read, so a dismissal counts at once.</summary>
/// <param name="Health">The results.</param>
/// <param name="Notes">Dismissals and labels.</param>
/// <param name="Custom">The practice's own score; null: the product's.</param>
public sealed record JudgedHealth(KeptHealth Health, FindingNotes Notes, CustomScore? Custom)
{
    /// <summary>Weights that count.</summary>
    public ScoreRecipe Recipe => Custom?.Recipe ?? ScoreRecipe.Default;

    /// <summary>Everything but findings.</summary>
    public HealthHead Head => Health.Head;

    /// <summary>The score now; null when no check of the recipe applies.</summary>
    public HealthScore? Score() => HealthScore.Of(Recipe, Health.Outcomes, Notes.IsOpen);

    /// <summary>What would move it.</summary>
    public ScoreMoves? Moves() => ScoreMoves.Of(Recipe, Health.Outcomes, Notes.IsOpen);

    /// <summary>As attribution needs it.</summary>
    public ScoredState State() => new(Head.RulesVersion, Head.Settings, Recipe, Health.Outcomes, Notes.IsOpen);

    /// <summary>Where a finding stands.</summary>
    public FindingState StateOf(KeptFinding kept) =>
        kept.Sight == FindingSight.Gone ? FindingState.Resolved : Notes.IsOpen(kept.Finding) ? FindingState.Open : FindingState.Dismissed;

    /// <summary>The findings that were found last time, each with where it stands; those that could not be judged are left out.</summary>
    public IEnumerable<(KeptFinding Kept, FindingState State)> Standing() => Health.Findings.Where(kept => kept.Sight != FindingSight.NotJudged).Select(kept => (kept, StateOf(kept)));
}

/// <summary>Where a finding stands.</summary>
public enum FindingState
{
    /// <summary>It counts.</summary>
    Open,

    /// <summary>Somebody said that it is no fault, and its records are as they were then.</summary>
    Dismissed,

    /// <summary>It was found once and is not found any more.</summary>
    Resolved,
}

/// <summary>Reads what stands of a client's health.</summary>
public sealed class ReadHealth(HealthStore health, NoteStore notes, PracticeScores scores)
{
    /// <summary>Reads it; null before the first recalculation. The caller has checked that the member may see the client.</summary>
    public async Task<JudgedHealth?> ExecuteAsync(ClientId client, PracticeId practice, CancellationToken cancellationToken) =>
        await health.FindAsync(client, cancellationToken) is { } kept
            ? new JudgedHealth(kept, await notes.AllAsync(client, cancellationToken), await scores.FindAsync(practice, cancellationToken))
            : null;
}
