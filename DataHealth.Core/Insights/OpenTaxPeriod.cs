using DataHealth.Core.Ledger;

namespace DataHealth.Core.Insights;

/// <summary>
/// Since when sales tax is not filed. A setting says it; else it is the day after the last return that is entered as filed; else the month, or in Australia the quarter, by the provider's word for the
/// period. A quarter's months are not told elsewhere (British quarters end in any month), and nothing is guessed.
/// </summary>
internal static class OpenTaxPeriod
{
    private static readonly string[] Months = ["MONTHLY", "1MONTHLY", "ONEMONTHS"];

    public static (DateOnly From, string Source)? Of(Organisation organisation, InsightSettings settings, DateOnly? lastFiled, DateOnly reportingDate)
    {
        if (settings.OpenTaxPeriodFrom is { } from && from <= reportingDate)
            return (from, "As set.");
        if (lastFiled is { } filed)
            return (filed.AddDays(1), "The day after the last filed return.");
        var month = new DateOnly(reportingDate.Year, reportingDate.Month, 1);
        if (Months.Contains(organisation.SalesTaxPeriod, StringComparer.OrdinalIgnoreCase))
            return (month, "The month of the reporting date: returns are monthly.");
        if (organisation.Country == "AU" && organisation.SalesTaxPeriod?.StartsWith("QUARTERLY", StringComparison.OrdinalIgnoreCase) == true)
            return (month.AddMonths(-((month.Month - 1) % 3)), "The quarter of the reporting date: returns are quarterly.");
        return null;
    }
}
