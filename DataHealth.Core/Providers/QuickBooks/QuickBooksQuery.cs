using System.Globalization;
using DataHealth.Core.Providers.Wire;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>The addresses of reads. Nothing here can address a write: every call is a GET.</summary>
internal static class QuickBooksQuery
{
    /// <summary>One page of an entity, in order of the id, so that edits move no row.</summary>
    /// <param name="app">Our app.</param>
    /// <param name="company">The realm id.</param>
    /// <param name="dataset">What.</param>
    /// <param name="since">Only what changed at or after; a lower bound only, since with an upper one a record that is edited meanwhile would leave the set.</param>
    /// <param name="start">The first row, from 1.</param>
    public static Uri Page(QuickBooksOptions app, string company, QuickBooksDataset dataset, DateTimeOffset? since, int start) =>
        Query(app, company, $"SELECT * FROM {dataset.Source}{Where(dataset, since)} ORDERBY Id STARTPOSITION {Number(start)} MAXRESULTS {Number(app.PageSize)}");

    /// <summary>How many records of an entity there are.</summary>
    public static Uri Count(QuickBooksOptions app, string company, QuickBooksDataset dataset) => Query(app, company, $"SELECT COUNT(*) FROM {dataset.Source}{Where(dataset, since: null)}");

    /// <summary>What changed in several entities since, at most 1,000 objects in all.</summary>
    public static Uri Changes(QuickBooksOptions app, string company, IEnumerable<QuickBooksDataset> datasets, DateTimeOffset since) =>
        Under(app, company, $"cdc?entities={string.Join(',', datasets.Select(dataset => dataset.Source))}&changedSince={Uri.EscapeDataString(Moment(since))}");

    /// <summary>A report over a span of days.</summary>
    public static Uri Report(QuickBooksOptions app, string company, QuickBooksDataset dataset, DaySpan days) =>
        Under(app, company, $"reports/{dataset.Source}?start_date={Day(days.From)}&end_date={Day(days.To)}{(dataset.Query.Length > 0 ? "&" : "")}{dataset.Query}");

    /// <summary>The days that a report is read over, by a date of today.</summary>
    public static DaySpan Window(QuickBooksDataset dataset, DateOnly today)
    {
        var last = new DateOnly(today.Year, today.Month, 1).AddMonths(-dataset.MonthsBack);
        return new(last.AddMonths(1 - dataset.Months), last.AddMonths(1).AddDays(-1));
    }

    private static string Where(QuickBooksDataset dataset, DateTimeOffset? since)
    {
        List<string> conditions = [];
        if (dataset.HasInactive)
            conditions.Add("Active IN (true,false)");
        if (since is { } from)
            conditions.Add($"MetaData.LastUpdatedTime >= '{Moment(from)}'");
        return conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
    }

    private static Uri Query(QuickBooksOptions app, string company, string statement) => Under(app, company, $"query?query={Uri.EscapeDataString(statement)}");

    private static Uri Under(QuickBooksOptions app, string company, string path) =>
        app.ApiUri.Under($"v3/company/{Uri.EscapeDataString(company)}/{path}&minorversion={Number(app.MinorVersion)}");

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Days, both ends included.</summary>
internal readonly record struct DaySpan(DateOnly From, DateOnly To)
{
    private const string Format = "yyyy-MM-dd";

    /// <summary>The two halves; null where it may not be cut any further.</summary>
    public (DaySpan First, DaySpan Second)? Halves(ReportSplit split)
    {
        var months = ((To.Year - From.Year) * 12) + To.Month - From.Month + 1;
        if (split is ReportSplit.None || (split is ReportSplit.Months ? months < 2 : From >= To))
            return null;
        var middle = split is ReportSplit.Months
            ? new DateOnly(From.Year, From.Month, 1).AddMonths(months / 2).AddDays(-1)
            : From.AddDays((To.DayNumber - From.DayNumber) / 2);
        return (new(From, middle), new(middle.AddDays(1), To));
    }

    /// <summary>As a record's id: <c>2025-12-01_2026-11-30</c>.</summary>
    public override string ToString() => $"{From.ToString(Format, CultureInfo.InvariantCulture)}_{To.ToString(Format, CultureInfo.InvariantCulture)}";

    /// <summary>Reads <see cref="ToString"/> back.</summary>
    public static bool TryParse(string text, out DaySpan days)
    {
        days = default;
        if (text.Split('_') is not [var from, var to] || !TryDay(from, out var first) || !TryDay(to, out var last) || first > last)
            return false;
        days = new(first, last);
        return true;

        static bool TryDay(string day, out DateOnly date) => DateOnly.TryParseExact(day, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }
}
