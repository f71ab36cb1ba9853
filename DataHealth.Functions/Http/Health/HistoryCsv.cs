using System.Globalization;
using System.Text;
using DataHealth.Core.Health.History;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http.Health;

/// <summary>A series as CSV (RFC 4180): a column for each check's points. Dates, numbers and our own keys only, so nothing in it needs quotes or could be a formula.</summary>
internal sealed class HistoryCsv(IReadOnlyList<SeriesPoint> series) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"health-history.csv\"";
        await using var text = new StreamWriter(response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 16 * 1024, leaveOpen: true) { NewLine = "\r\n" };
        var checks = series.SelectMany(one => one.Point.Checks).Select(check => check.Check).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        await text.WriteLineAsync(string.Join(',', (string[])["start", "calculatedAt", "reportingDate", "percent", "exact", "colour", "isPartial", "rulesVersion", .. checks]));
        foreach (var (start, point) in series)
        {
            var points = point.Checks.ToDictionary(check => check.Check, check => check.Points, StringComparer.Ordinal);
            await text.WriteLineAsync(string.Join(',', (string[])
            [
                Text(start), point.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), Text(point.ReportingDate), point.Percent?.ToString(CultureInfo.InvariantCulture) ?? "", Text(point.Exact),
                point.Score?.Colour.ToString().ToLowerInvariant() ?? "", point.IsPartial ? "true" : "false", point.RulesVersion.ToString(CultureInfo.InvariantCulture),
                .. checks.Select(check => points.TryGetValue(check, out var own) ? Text(own) : ""),
            ]));
        }
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(decimal? number) => number is { } value ? HealthWords.Round(value).ToString(CultureInfo.InvariantCulture) : "";
}
