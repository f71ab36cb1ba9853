using DataHealth.Core.Notices;
using DataHealth.Core.Practices;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Notices;

/// <summary>The one list of what needs a person in the practice.</summary>
public sealed class NoticeFunctions(ICurrentMember member, ListNotices list)
{
    [Function("ListNotices")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "notices")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ViewClients))
            return Problems.MayNot(member.Actor, Permissions.ViewClients);
        if (Paging.Read(request, out var paging) is { } problem)
            return problem;
        if (paging.Continuation is not null && !ListNotices.IsContinuation(paging.Continuation))
            return Problems.BadContinuation;
        NoticeKind? kind = null;
        if (request.Query.TryGetValue("kind", out var asked) && (kind = QueryReader.Word<NoticeKind>(asked[0] ?? "")) is null)
            return Problems.BadField("kind", "one of the kinds of notices.");
        var page = await list.ExecuteAsync(member.Actor, kind, paging.Take, paging.Continuation, cancellationToken);
        return Answer.Ok(new NoticeListBody([.. page.Notices.Select(NoticeBody.Of)], page.Continuation), ApiJson.Default.NoticeListBody);
    }
}

/// <summary>Something that needs a person.</summary>
public sealed record NoticeBody(string ClientId, string ClientName, NoticeKind Kind, DateTimeOffset RaisedAt, string Title, string Detail)
{
    public static NoticeBody Of(Notice notice) => new(notice.Client.Value, notice.ClientName, notice.Kind, notice.RaisedAt.ToUniversalTime(), notice.Title, notice.Detail);
}

/// <summary>A page of notices.</summary>
public sealed record NoticeListBody(IReadOnlyList<NoticeBody> Items, string? Continuation);
