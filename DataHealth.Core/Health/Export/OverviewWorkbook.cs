namespace DataHealth.Core.Health.Export;

/// <summary>The overview as an XLSX workbook: a sheet of what it is about, one of checks, one of findings, one of the data that it stands on.</summary>
public static class OverviewWorkbook
{
    /// <summary>Writes it.</summary>
    /// <param name="report">What.</param>
    /// <param name="into">Stays open; written asynchronously only.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public static Task WriteAsync(OverviewReport report, Stream into, CancellationToken cancellationToken) => Workbook.WriteAsync(
        [
            new Grid("Overview", [new("Item", Width: 24), new("Value", Width: 60)], Rows(
            [
                ["Client", report.Client],
                ["Organisation", report.Organisation],
                ["Score", report.Percent is { } percent ? percent : "No score: no check applies."],
                ["Colour", report.Colour?.ToString()],
                ["Data", report.IsComplete ? "complete" : "partial: see Coverage"],
                ["Reporting date", report.ReportingDate],
                ["Period from", report.Period.From],
                ["Period to", report.Period.To],
                ["Calculated at (UTC)", report.CalculatedAt],
                ["Rules version", report.RulesVersion],
                ["Base currency", report.BaseCurrency],
                ["Open findings", report.OpenFindings],
            ])),
            new Grid("Checks", [new("Check", Width: 34), new("Share", GridKind.Share, 10), new("Weight %", GridKind.Money, 10), new("Points", GridKind.Money, 10), new("Open", Width: 10), new("Why not", Width: 60)],
                Rows(report.Checks.Select(check => (IReadOnlyList<object?>)[check.Title, check.Share, check.Weight, check.Points, check.Open, check.Words]))),
            new Grid("Top findings", [new("Finding of", Width: 34), new("Severity", Width: 12), new("Finding", Width: 90), new("Money at risk", GridKind.Money, 16), new("Since", GridKind.Date, 12)],
                Rows(report.TopFindings.Select(finding => (IReadOnlyList<object?>)[finding.Check, finding.Severity.ToString(), finding.Text, finding.Money, finding.Since]))),
            new Grid("Coverage", [new("Dataset", Width: 40), new("Complete up to (UTC)", GridKind.Time, 22)],
                Rows(report.Coverage.Select(dataset => (IReadOnlyList<object?>)[dataset.Title, dataset.UpTo is { } upTo ? upTo : "not copied to its end"]))),
        ],
        into, cancellationToken);

    private static IAsyncEnumerable<IReadOnlyList<object?>> Rows(IEnumerable<IReadOnlyList<object?>> rows) => rows.ToAsyncEnumerable();
}
