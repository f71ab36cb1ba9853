using System.Globalization;
using System.Text;
using System.Text.Json;
using DataHealth.Core.Audit;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http.Audit;

/// <summary>The whole audit of a practice as it is read, never in memory at once: CSV (RFC 4180) or one JSON object a line.</summary>
/// <param name="entries">At its first entry; there is one, that of the export itself.</param>
/// <param name="format">csv or jsonl.</param>
internal sealed class AuditExport(IAsyncEnumerator<AuditEntry> entries, string format) : IResult
{
    private static readonly string[] Columns = ["at", "memberId", "memberName", "role", "action", "clientId", "before", "after", "requestId", "id"];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"audit.{format}\"";
        await using var text = new StreamWriter(response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 16 * 1024, leaveOpen: true) { NewLine = "\r\n" };
        if (format == "csv")
            await text.WriteLineAsync(string.Join(',', Columns));
        else
            text.NewLine = "\n";
        await using (entries)
        {
            do
                await text.WriteLineAsync(format == "csv" ? Csv(entries.Current) : JsonSerializer.Serialize(AuditEntryBody.Of(entries.Current), ApiJson.Default.AuditEntryBody));
            while (await entries.MoveNextAsync());
        }
    }

    private static string Csv(AuditEntry entry) => string.Join(',', new[]
    {
        entry.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), entry.Member.Value, entry.MemberName, entry.Role.ToString(), entry.Action.ToString(),
        entry.Client?.Value, entry.Before, entry.After, entry.RequestId, entry.Id,
    }.Select(Field));

    // A field that a spreadsheet would take for a formula is disarmed by an apostrophe (OWASP: CSV injection).
    private static string Field(string? text)
    {
        var safe = text is [('=' or '+' or '-' or '@' or '\t' or '\r'), ..] ? "'" + text : text ?? "";
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
