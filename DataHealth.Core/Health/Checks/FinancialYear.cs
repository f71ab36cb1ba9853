using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Checks;

/// <summary>An organisation's financial years: they end on the same day of the calendar each year, whatever their length (a year of 53 weeks ends near it, and the books name the day).</summary>
internal static class FinancialYear
{
    /// <summary>The last day of the latest year that ended on or before a day; null where the books do not tell when years end.</summary>
    public static DateOnly? EndOnOrBefore(Organisation organisation, DateOnly day)
    {
        if (organisation.YearEndMonth is not (>= 1 and <= 12) || organisation.YearEndMonth is not { } month)
            return null;
        var end = End(day.Year);
        return end <= day ? end : End(day.Year - 1);

        DateOnly End(int year)
        {
            var last = DateTime.DaysInMonth(year, month);
            return new DateOnly(year, month, organisation.YearEndDay is { } date and >= 1 ? Math.Min(date, last) : last);
        }
    }

    /// <summary>The first day of the tax year of persons: 6 April in the United Kingdom, else that of the business.</summary>
    public static DateOnly? TaxYearStart(Organisation organisation, DateOnly day)
    {
        if (organisation.Country is "GB" or "UK")
            return new DateOnly(day.Month > 4 || (day.Month == 4 && day.Day >= 6) ? day.Year : day.Year - 1, 4, 6);
        return EndOnOrBefore(organisation, day.AddDays(-1))?.AddDays(1);
    }
}
