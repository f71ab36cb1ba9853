using System.Globalization;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Intuit writes instants in the time of California. By rule, so that no machine's time zone files are needed.</summary>
internal static class PacificTime
{
    /// <summary><c>2026-11-23T09:10:00-08:00</c></summary>
    public static string Second(DateTime utc) => At(utc).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary><c>2026-11-23T12:30:52.417-08:00</c></summary>
    public static string Millisecond(DateTime utc) => At(utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private static DateTimeOffset At(DateTime utc)
    {
        // Summer time from the second Sunday of March, 2:00, to the first Sunday of November, 2:00.
        var summer = utc >= Sunday(utc.Year, 3, 2).AddHours(10) && utc < Sunday(utc.Year, 11, 1).AddHours(9);
        return new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).ToOffset(TimeSpan.FromHours(summer ? -7 : -8));
    }

    private static DateTime Sunday(int year, int month, int number)
    {
        var first = new DateTime(year, month, 1, 0, 0, 0, DateTimeKind.Utc);
        return first.AddDays(((7 - (int)first.DayOfWeek) % 7) + (7 * (number - 1)));
    }
}
