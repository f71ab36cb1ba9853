namespace DataHealth.Core.Health.Export;

/// <summary>A finding as a row of an export.</summary>
/// <param name="Check">Its check's title.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Text">One plain sentence.</param>
/// <param name="Money">At risk, base currency.</param>
/// <param name="Since">Since when it is so.</param>
/// <param name="State">Open, dismissed, resolved.</param>
/// <param name="FirstSeen">The recalculation that found it first.</param>
/// <param name="LastSeen">The latest that found it.</param>
/// <param name="Records">How many records show it.</param>
/// <param name="Address">Where a person sees the first of them at the provider.</param>
public sealed record FindingRow(
    string Check, Severity Severity, string Text, decimal? Money, DateOnly? Since, string State, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen, int Records, Uri? Address);

/// <summary>The grid of findings.</summary>
public static class FindingGrid
{
    private static readonly GridColumn[] Columns =
    [
        new("Check", Width: 30), new("Severity", Width: 10), new("Finding", Width: 90), new("Money at risk", GridKind.Money, 16), new("Since", GridKind.Date, 12), new("State", Width: 12),
        new("First seen (UTC)", GridKind.Time, 18), new("Last seen (UTC)", GridKind.Time, 18), new("Records", Width: 10), new("Address", Width: 60),
    ];

    /// <summary>Of findings as they come.</summary>
    public static Grid Of(IAsyncEnumerable<FindingRow> findings) => new("Findings", Columns, findings.Select(finding => (IReadOnlyList<object?>)
        [finding.Check, finding.Severity.ToString(), finding.Text, finding.Money, finding.Since, finding.State, finding.FirstSeen, finding.LastSeen, finding.Records, finding.Address]));
}
