using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Insights;

/// <summary>Revenue since the financial year began, by the provider's profit and loss by month, beside the same months of the year before.</summary>
internal static class RevenueByYear
{
    public static Insight<IReadOnlyList<RevenueMonth>> Of(BooksFrame frame, MonthEndBalances reported, DateOnly monthEnd)
    {
        if (frame.Year is not { } year)
            return Insight<IReadOnlyList<RevenueMonth>>.Needs("the end of the financial year, which the books do not say");
        var accounts = frame.Accounts.Where(account => account.Class == AccountClass.Revenue).Select(account => account.Id).ToList();
        // A year that begins within a month (6 April) is counted in the whole months that end in it.
        var first = year.EndBefore(monthEnd);
        List<RevenueMonth> months = [];
        var (own, before) = (0m, (decimal?)0m);
        for (var month = EndOf(first.AddDays(1)); month <= monthEnd; month = EndOf(month.AddDays(1)))
        {
            if (Earned(reported, accounts, month) is not { } earned)
                return Insight<IReadOnlyList<RevenueMonth>>.Needs($"the profit and loss of {month.ToString("MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture)}");
            own += earned;
            before += Earned(reported, accounts, EndOf(month.AddDays(1).AddYears(-1).AddDays(-1)));
            months.Add(new(month, own, before));
        }

        return Insight<IReadOnlyList<RevenueMonth>>.Of(months);
    }

    // Movements are debits; what is earned is a credit. The report of a month tells every account or none.
    private static decimal? Earned(MonthEndBalances reported, List<string> accounts, DateOnly month) =>
        reported.Months.Contains(month) ? -accounts.Sum(account => reported.Movement(account, month) ?? 0m) : null;

    private static DateOnly EndOf(DateOnly day) => new(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));
}
