using System.Text.RegularExpressions;
using DataHealth.Core.Health.Export;

namespace DataHealth.Core.Health.Sharing;

/// <summary>
/// What a share link shows: the overview, less what outsiders have no business with. There is no field for a team member in it; what supplier bank details are found out about is only counted, and what
/// looks like an account number in a text (somebody may have typed one into a name) is masked.
/// </summary>
/// <param name="Overview">What it shows.</param>
/// <param name="ExpiresAt">The link opens nothing from then on.</param>
public sealed partial record SharedOverview(OverviewReport Overview, DateTimeOffset ExpiresAt)
{
    private const string Mask = "••••";

    // Checks whose findings are about contacts' bank details.
    private const string OfBankDetails = "supplier-bank-details";

    /// <summary>Takes out of a report what outsiders may see.</summary>
    public static SharedOverview Of(OverviewReport report, DateTimeOffset expiresAt) => new(
        report with { TopFindings = [.. report.TopFindings.Where(finding => finding.CheckKey != OfBankDetails).Select(finding => finding with { Text = Masked(finding.Text) })] }, expiresAt);

    private static string Masked(string text) => AccountNumber().Replace(text, found => Day().IsMatch(found.Value) ? found.Value : Mask);

    // An IBAN, or eight digits and more in groups (sort code and account number); amounts have commas and points.
    [GeneratedRegex(@"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b|\b\d(?:[ -]?\d){7,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex AccountNumber();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}$", RegexOptions.CultureInvariant)]
    private static partial Regex Day();
}
