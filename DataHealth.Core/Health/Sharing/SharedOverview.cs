using System.Text.RegularExpressions;
using DataHealth.Core.Health.Export;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Health.Sharing;

/// <summary>
/// What a share link shows: the overview, less what outsiders have no business with. There is no field for a team member in it; what supplier bank details are found out about is only counted, and what
/// looks like an account number in a text (somebody may have typed one into a name) is masked.
/// </summary>
public sealed partial record SharedOverview
{
    private const string Mask = "••••";

    // Checks whose findings are about contacts' bank details.
    private const string OfBankDetails = "supplier-bank-details";

    /// <summary>The client, as the practice calls it.</summary>
    public required string Client { get; init; }

    /// <summary>The organisation, as its books name it.</summary>
    public string? Organisation { get; init; }

    /// <summary>The books as they stood at the end of this day.</summary>
    public required DateOnly ReportingDate { get; init; }

    /// <summary>The days under review.</summary>
    public required Period Period { get; init; }

    /// <summary>When it was reckoned.</summary>
    public DateTimeOffset? CalculatedAt { get; init; }

    /// <summary>Whole per cent; null: no score.</summary>
    public int? Percent { get; init; }

    /// <summary>Of the per cent.</summary>
    public ScoreColour? Colour { get; init; }

    /// <summary>Which rules judged.</summary>
    public required int RulesVersion { get; init; }

    /// <summary>ISO code of all amounts.</summary>
    public string? BaseCurrency { get; init; }

    /// <summary>Every dataset was complete.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>On what data.</summary>
    public required IReadOnlyList<OverviewDataset> Coverage { get; init; }

    /// <summary>The checks.</summary>
    public required IReadOnlyList<OverviewCheck> Checks { get; init; }

    /// <summary>The worst open findings.</summary>
    public required IReadOnlyList<OverviewFinding> TopFindings { get; init; }

    /// <summary>How many findings are open in all.</summary>
    public required int OpenFindings { get; init; }

    /// <summary>The link opens nothing from then on.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Takes out of a report what outsiders may see.</summary>
    public static SharedOverview Of(OverviewReport report, DateTimeOffset expiresAt) => new()
    {
        Client = report.Client,
        Organisation = report.Organisation,
        ReportingDate = report.ReportingDate,
        Period = report.Period,
        CalculatedAt = report.CalculatedAt,
        Percent = report.Percent,
        Colour = report.Colour,
        RulesVersion = report.RulesVersion,
        BaseCurrency = report.BaseCurrency,
        IsComplete = report.IsComplete,
        Coverage = report.Coverage,
        Checks = report.Checks,
        TopFindings = [.. report.TopFindings.Where(finding => finding.CheckKey != OfBankDetails).Select(finding => finding with { Text = Masked(finding.Text) })],
        OpenFindings = report.OpenFindings,
        ExpiresAt = expiresAt,
    };

    private static string Masked(string text) => AccountNumber().Replace(text, found => Day().IsMatch(found.Value) ? found.Value : Mask);

    // An IBAN, or eight digits and more in groups (sort code and account number); amounts have commas and points.
    [GeneratedRegex(@"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b|\b\d(?:[ -]?\d){7,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex AccountNumber();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}$", RegexOptions.CultureInvariant)]
    private static partial Regex Day();
}
