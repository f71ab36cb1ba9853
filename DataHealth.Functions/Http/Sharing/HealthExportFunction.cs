using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Export;
using DataHealth.Core.Health.Overview;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Sharing;

/// <summary>A client's overview or findings as a file.</summary>
public sealed class HealthExportFunction(ICurrentMember member, ClientDoor door, ReadHealth health, AuditTrail audit)
{
    [Function("ExportHealth")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health/export")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ExportData, cancellationToken);
        if (client is null)
            return problem!;
        var what = request.Query["what"] is [{ } given] ? given : "overview";
        var format = request.Query["format"] is [{ } asked] ? asked : what == "overview" ? "pdf" : "csv";
        if (what is not ("overview" or "findings"))
            return Problems.BadField("what", "overview or findings.");
        if ((what, format) is not (("overview", "pdf" or "xlsx") or ("findings", "csv" or "xlsx")))
            return Problems.BadField("format", what == "overview" ? "pdf or xlsx." : "csv or xlsx.");
        if (await health.ExecuteAsync(client.Id, client.Practice, cancellationToken) is not { } judged)
            return Problems.NotJudged;
        await audit.RecordAsync(member.Actor, AuditAction.HealthExported, client.Id, after: $"{what} as {format}");
        return new File(client, judged, what, format);
    }

    // Where somebody looks after a finding, or said why it was dismissed, is for the screen: the file goes to people outside.
    private static Grid Findings(JudgedHealth judged)
    {
        var titles = CheckCatalog.All.ToDictionary(check => check.Key, check => check.Title, StringComparer.Ordinal);
        return FindingGrid.Of(judged.Standing().Select(one => new FindingRow(
            titles.GetValueOrDefault(one.Kept.Finding.Check, one.Kept.Finding.Check), one.Kept.Finding.Severity, one.Kept.Finding.Text, one.Kept.Finding.Money, one.Kept.Finding.Since,
            one.State.ToString().ToLowerInvariant(), one.Kept.FirstSeen, one.Kept.LastSeen, one.Kept.Finding.EvidenceCount, one.Kept.Finding.Evidence is [var first, ..] ? first.Address : null)).ToAsyncEnumerable());
    }

    /// <summary>What fails half-way breaks the answer off.</summary>
    private sealed class File(Client client, JudgedHealth judged, string what, string format) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (response, stop) = (httpContext.Response, httpContext.RequestAborted);
            response.ContentType = format switch { "pdf" => OverviewPdf.ContentType, "csv" => GridCsv.ContentType, _ => Workbook.ContentType };
            response.Headers.ContentDisposition = Attachment.Of(client.Name, $"{what} {judged.Head.ReportingDate:yyyy-MM-dd}", format);
            switch (format)
            {
                case "pdf":
                    var pdf = OverviewPdf.Render(OverviewReport.Of(client.Name, HealthOverview.Of(judged)));
                    response.ContentLength = pdf.Length;
                    await response.Body.WriteAsync(pdf, stop);
                    break;
                case "csv":
                    await GridCsv.WriteAsync(Findings(judged), response.Body, stop);
                    break;
                case "xlsx" when what == "overview":
                    await OverviewWorkbook.WriteAsync(OverviewReport.Of(client.Name, HealthOverview.Of(judged)), response.Body, stop);
                    break;
                default:
                    await Workbook.WriteAsync([Findings(judged)], response.Body, stop);
                    break;
            }
        }
    }
}
