using System.Text.Json;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>A report's answer, looked at only as far as reading it needs: the whole body is the record.</summary>
/// <param name="ServiceTime">The time at which the report was made; null where it does not say.</param>
/// <param name="IsCut">It is cut at Intuit's limit of cells, so that it shows less than there is.</param>
/// <param name="Fault">A fault that came with a 200.</param>
internal sealed record QuickBooksReport(DateTimeOffset? ServiceTime, bool IsCut, QuickBooksFault? Fault)
{
    private static ReadOnlySpan<byte> CutText => "Unable to display more data"u8;

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">Cut short, not JSON, not a report.</exception>
    public static QuickBooksReport Read(ReadOnlyMemory<byte> json)
    {
        using var body = JsonDocument.Parse(json);
        if (QuickBooksFault.Find(body.RootElement) is { } fault)
            return new(null, false, fault);
        if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty("Header", out var header) || header.ValueKind != JsonValueKind.Object
            || !body.RootElement.TryGetProperty("Rows", out var rows) || rows.ValueKind != JsonValueKind.Object)
            throw new JsonException("Not a report.");
        var made = header.TryGetProperty("Time", out var time) && time.ValueKind == JsonValueKind.String && time.TryGetDateTimeOffset(out var at) ? at : (DateTimeOffset?)null;
        return new(made, json.Span.IndexOf(CutText) >= 0, null);
    }
}
