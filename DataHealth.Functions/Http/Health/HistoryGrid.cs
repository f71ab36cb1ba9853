using DataHealth.Core.Health.Export;
using DataHealth.Core.Health.History;

namespace DataHealth.Functions.Http.Health;

/// <summary>A series as a table: a column for each check's points.</summary>
internal static class HistoryGrid
{
    public static Grid Of(IReadOnlyList<SeriesPoint> series)
    {
        var checks = series.SelectMany(one => one.Point.Checks).Select(check => check.Check).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        string[] columns = ["start", "calculatedAt", "reportingDate", "percent", "exact", "colour", "isPartial", "rulesVersion", "kind", "recomputedBy", "booksAsOf", .. checks];
        return new Grid("health history", [.. columns.Select(column => new GridColumn(column))], series.Select(one => Row(one, checks)).ToAsyncEnumerable());
    }

    private static IReadOnlyList<object?> Row(SeriesPoint one, List<string> checks)
    {
        var point = one.Point;
        var points = point.Checks.ToDictionary(check => check.Check, check => HealthWords.Round(check.Points), StringComparer.Ordinal);
        return
        [
            one.Start, point.At, point.ReportingDate, point.Percent, point.Exact is { } exact ? HealthWords.Round(exact) : null, point.Score?.Colour.ToString().ToLowerInvariant(),
            point.IsPartial ? "true" : "false", point.RulesVersion,
            one.Recomputed is null ? "recorded" : "recomputed", one.Recomputed?.ByName, one.Recomputed?.BooksAsOf, .. checks.Select(check => points.TryGetValue(check, out var own) ? (object?)own : null),
        ];
    }
}
