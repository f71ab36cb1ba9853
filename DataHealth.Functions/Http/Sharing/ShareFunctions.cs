using DataHealth.Core.Health.Sharing;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Http.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Sharing;

/// <summary>Links that show a client's overview to somebody who has no sign-in: make, list, take back, open.</summary>
public sealed class ShareFunctions(
    ICurrentMember member, ClientDoor door, ShareOverview share, ListShares list, RevokeShare revoke, OpenSharedOverview open, IOptions<WebOptions> web, TimeProvider time)
{
    [Function("ShareOverview")]
    public async Task<IResult> ShareAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/shares")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ExportData, cancellationToken);
        if (client is null)
            return problem!;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.ShareInput, cancellationToken);
        if (input is null)
            return problem!;
        if (input.Days is < 1 || input.Days > OverviewShare.Longest.Days)
            return Problems.BadField("days", $"from 1 to {OverviewShare.Longest.Days}.");
        return await share.ExecuteAsync(member.Actor, client, input.Days is { } days ? TimeSpan.FromDays(days) : OverviewShare.Usual, cancellationToken) switch
        {
            ShareOutcome.Done done => Answer.Created(
                $"clients/{client.Id}/shares/{done.Share.Id}", ShareBody.Of(done.Share, time.GetUtcNow()).With(done.Code, web.Value.SharedOverviewUri), ApiJson.Default.ShareBody),
            ShareOutcome.NoOverview => Problems.NotJudged,
            ShareOutcome.TooMany => Problems.TooManyShares,
            var other => throw new InvalidOperationException($"{other} is not an outcome of sharing."),
        };
    }

    [Function("ListShares")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/shares")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ExportData, cancellationToken);
        if (client is null)
            return problem!;
        var now = time.GetUtcNow();
        var shares = await list.ExecuteAsync(member.Actor, client, cancellationToken);
        return Answer.Ok(new ShareListBody([.. shares.Select(one => ShareBody.Of(one, now))]), ApiJson.Default.ShareListBody);
    }

    [Function("RevokeShare")]
    public async Task<IResult> RevokeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "clients/{clientId}/shares/{shareId}")] HttpRequest request, string clientId, string shareId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ExportData, cancellationToken);
        if (client is null)
            return problem!;
        return ShareId.TryParse(shareId, out var id) && await revoke.ExecuteAsync(member.Actor, client, id, cancellationToken) ? Results.NoContent() : Problems.NoShare;
    }

    /// <summary>The code comes in the body: an address is written down in too many places.</summary>
    [OpenToAll]
    [AddressRate(60)]
    [Function("OpenSharedOverview")]
    public async Task<IResult> OpenAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "shared/overview")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.OpenShareInput, cancellationToken);
        if (input is null)
            return problem!;
        return await open.ExecuteAsync(input.Code, cancellationToken) is { } overview ? Answer.Ok(overview, ApiJson.Default.SharedOverview) : Problems.NoSharedOverview;
    }
}
