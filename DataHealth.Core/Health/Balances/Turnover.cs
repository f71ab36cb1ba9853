using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>What counts towards the threshold at which a business must register for sales tax, over the twelve months up to a month's end; base currency.</summary>
/// <param name="MonthEnd">The last day of the twelve months.</param>
/// <param name="Taxable">Sales that count, by tax treatment and not by account: taxed, zero-rated and reverse-charged ones do, exempt ones and those outside the tax do not.</param>
/// <param name="LeftOut">Sales that do not count.</param>
public sealed record Turnover(DateOnly MonthEnd, decimal Taxable, decimal LeftOut)
{
    /// <summary>How far a threshold is; negative when it is passed.</summary>
    public decimal DistanceTo(decimal threshold) => threshold - Taxable;

    /// <summary>Adds up the sales of twelve months.</summary>
    /// <param name="totals">Tax by rate and month.</param>
    /// <param name="rates">The rates; a rate that is not among them counts.</param>
    /// <param name="isRegistered">False: the business charges no tax yet, so that its sales outside the tax are what counts.</param>
    /// <param name="monthEnd">The last day of the twelve months.</param>
    public static Turnover Of(IEnumerable<TaxTotal> totals, IEnumerable<TaxRate> rates, bool isRegistered, DateOnly monthEnd)
    {
        var known = new Dictionary<string, TaxRate>(StringComparer.Ordinal);
        foreach (var rate in rates)
        {
            known[rate.Id] = rate;
            known.TryAdd(rate.TaxType, rate);
        }

        var (taxable, leftOut) = (0m, 0m);
        foreach (var total in totals.Where(total => total.MonthEnd <= monthEnd && total.MonthEnd > monthEnd.AddDays(1).AddMonths(-12).AddDays(-1)))
        {
            if (Counts(known.GetValueOrDefault(total.RateId), total.RateId, isRegistered))
                taxable += total.SalesNet;
            else
                leftOut += total.SalesNet;
        }

        return new(monthEnd, taxable, leftOut);
    }

    private static bool Counts(TaxRate? rate, string id, bool isRegistered)
    {
        if (Says(rate?.ReportType, "EXEMPT") || Says(rate?.Name, "exempt"))
            return false;
        var isOutside = id == TaxTotals.Untaxed || rate?.ReportType == "NONE" || rate?.TaxType == "NONE";
        return !isOutside || !isRegistered;
    }

    private static bool Says(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
