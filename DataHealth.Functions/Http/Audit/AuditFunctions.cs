using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Audit;

/// <summary>One thing that a person did, in answers.</summary>
public sealed record AuditEntryBody(
    string Id, DateTimeOffset At, string MemberId, string MemberName, Role Role, AuditAction Action, string? ClientId, string? Before, string? After, string RequestId)
{
    public static AuditEntryBody Of(AuditEntry entry) => new(
        entry.Id, entry.At.ToUniversalTime(), entry.Member.Value, entry.MemberName, entry.Role, entry.Action, entry.Client?.Value, entry.Before, entry.After, entry.RequestId);
}

/// <summary>A page of the audit, newest first.</summary>
public sealed record AuditListBody(IReadOnlyList<AuditEntryBody> Items, string? Continuation);

/// <summary>What people did, for those who answer for the practice.</summary>
public sealed class AuditFunctions(ICurrentMember member, ClientDoor door, AuditTrail audit)
{
    [Function("ListAudit")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit")] HttpRequest request, CancellationToken cancellationToken) =>
        member.May(Permissions.ViewAudit) ? await PageAsync(request, null, cancellationToken) : Problems.MayNot(member.Actor, Permissions.ViewAudit);

    [Function("ListClientAudit")]
    public async Task<IResult> ListOfClientAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/audit")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewAudit, cancellationToken);
        return client is null ? problem! : await PageAsync(request, client, cancellationToken);
    }

    [Function("ExportAudit")]
    public async Task<IResult> ExportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/export")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ViewAudit))
            return Problems.MayNot(member.Actor, Permissions.ViewAudit);
        var format = request.Query["format"] is [{ } one] ? one : "csv";
        if (format is not ("csv" or "jsonl"))
            return Problems.BadField("format", "csv or jsonl.");
        await audit.RecordAsync(member.Actor, AuditAction.AuditExported, null, after: format);
        // The first page is read before the first byte leaves: until then a fault is still a problem.
        var entries = audit.ReadAsync(member.Practice, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await entries.MoveNextAsync();
        return new AuditExport(entries, format);
    }

    private async Task<IResult> PageAsync(HttpRequest request, Client? client, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, out var paging) is { } problem)
            return problem;
        if (paging.Continuation is not null && !AuditTrail.IsContinuation(paging.Continuation))
            return Problems.BadContinuation;
        var page = await audit.PageAsync(member.Practice, client?.Id, paging.Take, paging.Continuation, cancellationToken);
        return Answer.Ok(new AuditListBody([.. page.Entries.Select(AuditEntryBody.Of)], page.Continuation), ApiJson.Default.AuditListBody);
    }
}
