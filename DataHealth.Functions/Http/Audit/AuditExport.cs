using System.Globalization;
using System.Text;
using System.Text.Json;
using DataHealth.Core.Audit;
using DataHealth.Core.Health.Export;
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
        await using (entries)
        {
            if (format == "csv")
                await GridCsv.WriteAsync(new Grid("audit", [.. Columns.Select(column => new GridColumn(column))], RowsAsync()), response.Body, httpContext.RequestAborted);
            else
                await WriteLinesAsync(response.Body);
        }
    }

    private async Task WriteLinesAsync(Stream body)
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 16 * 1024, leaveOpen: true) { NewLine = "\n" };
        do
            await text.WriteLineAsync(JsonSerializer.Serialize(AuditEntryBody.Of(entries.Current), ApiJson.Default.AuditEntryBody));
        while (await entries.MoveNextAsync());
    }

    // Words as the API writes them; times in full, since entries of one second have an order.
    private async IAsyncEnumerable<IReadOnlyList<object?>> RowsAsync()
    {
        do
        {
            var entry = entries.Current;
            yield return
            [
                entry.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), entry.Member.Value, entry.MemberName, Word(entry.Role), Word(entry.Action),
                entry.Client?.Value, entry.Before, entry.After, entry.RequestId, entry.Id,
            ];
        }
        while (await entries.MoveNextAsync());
    }

    private static string Word<TWord>(TWord word)
        where TWord : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
