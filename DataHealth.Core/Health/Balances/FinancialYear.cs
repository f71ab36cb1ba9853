using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>
/// The organisation's financial year by the day on which it ends each year. A 53-week year ends on a fixed day here as it does at the providers, which keep no other; a year's end within a month
/// (5 April) is allowed.
/// </summary>
/// <param name="EndMonth">Month of its last day, 1 to 12.</param>
/// <param name="EndDay">Day of that month; a day that the month lacks in some year is its last.</param>
public readonly record struct FinancialYear(int EndMonth, int EndDay)
{
    /// <summary>The year of an organisation; null where the provider does not tell the month. Without a day it ends with the month.</summary>
    public static FinancialYear? Of(Organisation organisation) =>
        organisation.YearEndMonth is >= 1 and <= 12 and var month ? new(month, organisation.YearEndDay is >= 1 and <= 31 and var day ? day : 31) : null;

    /// <summary>The last day of the year that holds a day.</summary>
    public DateOnly EndOf(DateOnly day)
    {
        var end = EndIn(day.Year);
        return end < day ? EndIn(day.Year + 1) : end;
    }

    /// <summary>The last day of the year before the one that holds a day.</summary>
    public DateOnly EndBefore(DateOnly day) => EndIn(EndOf(day).Year - 1);

    /// <summary>The first day of the year that holds a day.</summary>
    public DateOnly StartOf(DateOnly day) => EndBefore(day).AddDays(1);

    /// <summary>Whether months add up to years: the year ends with a month.</summary>
    public bool EndsWithMonth(DateOnly day) => EndBefore(day).AddDays(1).Day == 1;

    private DateOnly EndIn(int year) => new(year, EndMonth, Math.Min(EndDay, DateTime.DaysInMonth(year, EndMonth)));
}
