using System.Globalization;
using System.Net.Http.Headers;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.Wire;

namespace DataHealth.Core.Providers.Xero;

/// <summary>What Xero says in headers: limits, the correlation id, its own clock.</summary>
internal static class XeroHeaders
{
    /// <summary>The id that Xero's support asks for.</summary>
    public static string? CorrelationId(HttpResponseMessage response)
    {
        var id = Text(response.Headers, "Xero-Correlation-Id");
        return id is { Length: > 0 and <= 100 } && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') ? id : null;
    }

    /// <summary>The limits that an answer shows. A 503 of the old style, with a limit's headers, counts as a refusal by it.</summary>
    public static LimitObservation Limits(HttpResponseMessage response, DateTimeOffset sentAt, DateTimeOffset now)
    {
        var day = Number(response.Headers, "X-DayLimit-Remaining");
        var problem = Text(response.Headers, "X-Rate-Limit-Problem");
        var refused = (int)response.StatusCode == 429 || ((int)response.StatusCode == 503 && problem is not null);
        return new LimitObservation(sentAt, now)
        {
            MinuteRemaining = Number(response.Headers, "X-MinLimit-Remaining"),
            DayRemaining = day,
            AppMinuteRemaining = Number(response.Headers, "X-AppMinLimit-Remaining"),
            Refused = refused ? Kind(problem, day) : null,
            RetryAfter = refused ? WireHeaders.RetryAfter(response.Headers, now) : null,
        };
    }

    // Both spellings were seen on the wire, and two were never seen at all; a day that has nothing left is the day's limit whatever the text says.
    private static LimitKind Kind(string? problem, int? dayRemaining)
    {
        if (dayRemaining == 0)
            return LimitKind.Day;
        return problem?.Trim() switch
        {
            null => LimitKind.Unknown,
            var text when text.StartsWith("da", StringComparison.OrdinalIgnoreCase) => LimitKind.Day,
            var text when text.Contains("app", StringComparison.OrdinalIgnoreCase) => LimitKind.AppMinute,
            var text when text.StartsWith("min", StringComparison.OrdinalIgnoreCase) => LimitKind.Minute,
            var text when text.StartsWith("conc", StringComparison.OrdinalIgnoreCase) => LimitKind.Concurrent,
            _ => LimitKind.Unknown,
        };
    }

    private static int? Number(HttpResponseHeaders headers, string name) =>
        int.TryParse(Text(headers, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Math.Max(0, number) : null;

    private static string? Text(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
