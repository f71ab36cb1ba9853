using DataHealth.Core.Health.Records;

namespace DataHealth.Core.Health.Recalculation;

/// <summary>A finding with all that is known of it.</summary>
/// <param name="Kept">The finding over time.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Evidence">The records that show it, at most <see cref="Finding.MostEvidence"/>; on an overview the first.</param>
/// <param name="Dismissal">The latest, also one that no longer holds.</param>
/// <param name="IsReopened">The dismissal no longer holds: the records have changed.</param>
/// <param name="Label">Tags and who looks after it.</param>
public sealed record ListedFinding(KeptFinding Kept, FindingState State, IReadOnlyList<Evidence> Evidence, Dismissal? Dismissal, bool IsReopened, FindingLabel? Label)
{
    internal static ListedFinding Of(JudgedHealth health, KeptFinding kept, FindingState state, IReadOnlyList<Evidence>? evidence) => new(
        kept, state, evidence ?? kept.Finding.Evidence, health.Notes.Dismissals.GetValueOrDefault(kept.Finding.Id), health.Notes.IsReopened(kept.Finding),
        health.Notes.Labels.GetValueOrDefault(kept.Finding.Id));
}
