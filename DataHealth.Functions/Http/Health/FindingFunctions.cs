using DataHealth.Core;
using DataHealth.Core.Health.Findings;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Health;

/// <summary>A client's findings: lists of them, and what people note on them.</summary>
public sealed class FindingFunctions(ICurrentMember member, ClientDoor door, ReadHealth health, ListFindings list, DismissFindings dismiss, LabelFinding label, MemberStore members)
{
    [Function("ListFindings")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health/findings")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (FindingRequest.Read(request, member.Actor, out var query, out var paging) is { } wrong)
            return wrong;
        if (await health.ExecuteAsync(client.Id, client.Practice, cancellationToken) is not { } standing)
            return Problems.NotJudged;
        var page = await list.ExecuteAsync(client.Id, standing, query, paging.Take, paging.Continuation, cancellationToken);
        return Answer.Ok(new FindingListBody(standing.Head.Version.Value, [.. page.Findings.Select(HealthWords.Of)], page.Total, page.Continuation), ApiJson.Default.FindingListBody);
    }

    [Function("GetFinding")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health/findings/{findingId}")] HttpRequest request, string clientId, string findingId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        return client is null ? problem! : await OneAsync(client.Id, findingId, cancellationToken);
    }

    [Function("LabelFinding")]
    public async Task<IResult> LabelAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "clients/{clientId}/health/findings/{findingId}")] HttpRequest request, string clientId, string findingId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.DismissFindings, cancellationToken);
        if (client is null)
            return problem!;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.FindingInput, cancellationToken);
        if (input is null)
            return problem!;
        if (input.Tags is { } tags && (tags.Count > FindingLabel.MostTags || tags.Any(tag => tag is null || tag.Trim().Length is 0 or > FindingLabel.MostTag || tag.Any(char.IsControl))))
            return Problems.BadField("tags", $"at most {FindingLabel.MostTags}, each of 1 to {FindingLabel.MostTag} characters.");
        if (input.AssignedTo is { Length: > 0 } person
            && await members.FindAsync(member.Practice, new MemberId(person), cancellationToken) is not { State: MemberState.Active })
            return Problems.BadField("assignedTo", "an active member of your practice; an empty text gives it to nobody.");
        // Where there is none (any more), reading it says why.
        await label.ExecuteAsync(member.Actor, client.Id, findingId, input.Tags?.Select(tag => tag.Trim()).ToList(), input.AssignedTo is { } to ? new MemberId(to) : null, cancellationToken);
        return await OneAsync(client.Id, findingId, cancellationToken);
    }

    [Function("DismissFindings")]
    public async Task<IResult> DismissAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/health/findings/dismiss")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.DismissFindings, cancellationToken);
        if (client is null)
            return problem!;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.DismissInput, cancellationToken);
        if (input is null)
            return problem!;
        if (FindingRequest.Read(input.Ids, input.Filter, input.All, member.Actor, out var which) is { } wrong)
            return wrong;
        if (input.Reason?.Trim() is not { Length: > 0 and <= Dismissal.MostReason } reason)
            return Problems.BadField("reason", $"why it is no fault; 1 to {Dismissal.MostReason} characters.");
        return Noted(await dismiss.DismissAsync(member.Actor, client.Id, which with { Version = input.Version }, reason, cancellationToken));
    }

    [Function("RestoreFindings")]
    public async Task<IResult> RestoreAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/health/findings/restore")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.DismissFindings, cancellationToken);
        if (client is null)
            return problem!;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.RestoreInput, cancellationToken);
        if (input is null)
            return problem!;
        return FindingRequest.Read(input.Ids, input.Filter, input.All, member.Actor, out var which) is { } wrong
            ? wrong
            : Noted(await dismiss.RestoreAsync(member.Actor, client.Id, which, cancellationToken));
    }

    private static IResult Noted(NoteOutcome outcome) => outcome switch
    {
        NoteOutcome.Done done => Answer.Ok(new NotedBody(done.Changed, done.Unknown, HealthWords.Of(done.Score)), ApiJson.Default.NotedBody),
        NoteOutcome.Recalculated => Problems.FindingsChanged,
        _ => Problems.NotJudged,
    };

    private async Task<IResult> OneAsync(ClientId client, string findingId, CancellationToken cancellationToken)
    {
        if (await health.ExecuteAsync(client, member.Practice, cancellationToken) is not { } standing)
            return Problems.NotJudged;
        return FindingRequest.IsId(findingId) && await list.FindAsync(client, standing, findingId, cancellationToken) is { } finding
            ? Answer.Ok(HealthWords.Of(finding), ApiJson.Default.FindingBody)
            : Problems.NoFinding;
    }
}
