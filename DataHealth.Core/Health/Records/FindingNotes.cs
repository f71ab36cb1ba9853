using DataHealth.Core.Practices;

namespace DataHealth.Core.Health.Records;

/// <summary>What people noted on a client's findings.</summary>
/// <param name="Stamp">Changes with every note; null before the first recalculation.</param>
/// <param name="Dismissals">By finding id.</param>
/// <param name="Labels">By finding id.</param>
public sealed record FindingNotes(string? Stamp, IReadOnlyDictionary<string, Dismissal> Dismissals, IReadOnlyDictionary<string, FindingLabel> Labels)
{
    /// <summary>Counts in the score: not dismissed, or dismissed on other evidence than there is now.</summary>
    public bool IsOpen(Finding finding) => !(Dismissals.TryGetValue(finding.Id, out var dismissal) && dismissal.Fingerprint == finding.Fingerprint);

    /// <summary>Was dismissed once, and is open again because its records have changed.</summary>
    public bool IsReopened(Finding finding) => Dismissals.TryGetValue(finding.Id, out var dismissal) && dismissal.Fingerprint != finding.Fingerprint;
}

/// <summary>A member said that a finding is no fault. Holds for the evidence of that time.</summary>
/// <param name="Finding">Its id.</param>
/// <param name="Check">Its check.</param>
/// <param name="Fingerprint">Of the evidence that was dismissed.</param>
/// <param name="By">Who.</param>
/// <param name="ByName">Who, as they were called then.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why.</param>
public sealed record Dismissal(string Finding, string Check, string Fingerprint, MemberId By, string ByName, DateTimeOffset At, string Reason)
{
    /// <summary>The longest reason.</summary>
    public const int MostReason = 500;

    internal static Dismissal Of(Finding finding, Actor actor, DateTimeOffset at, string reason) => new(finding.Id, finding.Check, finding.Fingerprint, actor.Member, actor.Name, at, reason);
}

/// <summary>Tags of a finding, and who looks after it.</summary>
/// <param name="Finding">Its id.</param>
/// <param name="Tags">In the order of the alphabet.</param>
/// <param name="AssignedTo">A member of the practice.</param>
public sealed record FindingLabel(string Finding, IReadOnlyList<string> Tags, MemberId? AssignedTo)
{
    /// <summary>The most tags of a finding.</summary>
    public const int MostTags = 10;

    /// <summary>The longest tag.</summary>
    public const int MostTag = 40;
}
