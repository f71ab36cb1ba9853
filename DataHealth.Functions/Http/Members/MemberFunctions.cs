using DataHealth.Core;
using DataHealth.Core.Clients;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Members;

/// <summary>The practice's people: see them, change what they may do, keep them out.</summary>
public sealed class MemberFunctions(ICurrentMember member, MemberStore members, MemberChanges changes, ClientStore clients, AuthorisedConnections authorised, KnownActors known)
{
    [Function("ListMembers")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "members")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ViewMembers))
            return Problems.MayNot(member.Actor, Permissions.ViewMembers);
        if (Paging.Read(request, out var paging) is { } problem)
            return problem;
        if (paging.Continuation is { } after && !MemberStore.IsWellFormed(new MemberId(after)))
            return Problems.BadContinuation;
        List<MemberBody> page = [];
        await foreach (var one in members.AllAsync(member.Practice, cancellationToken))
        {
            if (one.State is MemberState.Removed || string.CompareOrdinal(one.Id.Value, paging.Continuation) <= 0)
                continue;
            if (page.Count == paging.Take)
                return Answer.Ok(new MemberListBody(page, page[^1].Id), ApiJson.Default.MemberListBody);
            page.Add(MemberBody.Of(one));
        }
        return Answer.Ok(new MemberListBody(page, null), ApiJson.Default.MemberListBody);
    }

    [Function("GetMember")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "members/{memberId}")] HttpRequest request, string memberId, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ViewMembers))
            return Problems.MayNot(member.Actor, Permissions.ViewMembers);
        return await members.FindAsync(member.Practice, new MemberId(memberId), cancellationToken) is { } found ? One(found) : Problems.NoMember;
    }

    [Function("ChangeMember")]
    public async Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "members/{memberId}")] HttpRequest request, string memberId, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ManageMembers))
            return Problems.MayNot(member.Actor, Permissions.ManageMembers);
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.MemberInput, cancellationToken);
        if (input is null)
            return problem!;
        ClientName? name = null;
        if (input.Name is not null && !ClientName.TryParse(input.Name, out name, out _))
            return Problems.BadField("name", "1 to 200 characters, no control characters.");
        var seen = request.Headers.IfMatch is { Count: > 0 } match && match != "*" ? match.ToString() : null;
        return AnswerTo(await changes.ChangeAsync(
            member.Actor, new MemberId(memberId), seen, name?.Value, input.Role, input.Privileges is { } given ? Privileges.Of(given) : null, cancellationToken));
    }

    [Function("SuspendMember")]
    public async Task<IResult> SuspendAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "members/{memberId}/suspend")] HttpRequest request, string memberId, CancellationToken cancellationToken) =>
        member.May(Permissions.ManageMembers)
            ? await WarningAsync(request, memberId, MemberState.Suspended, cancellationToken) ?? AnswerTo(await changes.SuspendAsync(member.Actor, new MemberId(memberId), cancellationToken))
            : Problems.MayNot(member.Actor, Permissions.ManageMembers);

    [Function("ReinstateMember")]
    public async Task<IResult> ReinstateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "members/{memberId}/reinstate")] HttpRequest request, string memberId, CancellationToken cancellationToken) =>
        member.May(Permissions.ManageMembers)
            ? AnswerTo(await changes.ReinstateAsync(member.Actor, new MemberId(memberId), cancellationToken))
            : Problems.MayNot(member.Actor, Permissions.ManageMembers);

    [Function("RemoveMember")]
    public async Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "members/{memberId}")] HttpRequest request, string memberId, CancellationToken cancellationToken) =>
        member.May(Permissions.ManageMembers)
            ? await WarningAsync(request, memberId, MemberState.Removed, cancellationToken) ?? AnswerTo(await changes.RemoveAsync(member.Actor, new MemberId(memberId), cancellationToken))
            : Problems.MayNot(member.Actor, Permissions.ManageMembers);

    [Function("GetMemberClients")]
    public async Task<IResult> ClientsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "members/{memberId}/clients")] HttpRequest request, string memberId, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ViewMembers))
            return Problems.MayNot(member.Actor, Permissions.ViewMembers);
        return await members.FindAsync(member.Practice, new MemberId(memberId), cancellationToken) is { } found ? Access(found) : Problems.NoMember;
    }

    [Function("ChangeMemberClients")]
    public async Task<IResult> ChangeClientsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "members/{memberId}/clients")] HttpRequest request, string memberId, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ManageMembers))
            return Problems.MayNot(member.Actor, Permissions.ManageMembers);
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.AccessInput, cancellationToken);
        if (input is null)
            return problem!;
        if (await IdsAsync(input.Give ?? [], cancellationToken) is not { } give)
            return Problems.BadField("give", $"ids of clients of this practice, at most {MemberChanges.MostClients}.");
        var withdraw = (input.Withdraw ?? []).Select(id => new ClientId(id)).ToList();
        if (withdraw.Count > MemberChanges.MostClients || !withdraw.TrueForAll(ClientStore.IsWellFormed))
            return Problems.BadField("withdraw", $"ids of clients, at most {MemberChanges.MostClients}.");
        return AnswerTo(await changes.ChangeAccessAsync(member.Actor, new MemberId(memberId), give, withdraw, cancellationToken), Access);
    }

    // Whoever leaves may lose the access at the provider by which clients are read: that is told before it is done, and confirmed by somebody who has read it.
    private async Task<Problem?> WarningAsync(HttpRequest request, string memberId, MemberState to, CancellationToken cancellationToken)
    {
        var confirm = request.Query["confirm"];
        if (confirm.Count > 0 && confirm != "true")
            return Problems.BadField("confirm", "true, or left out.");
        if (confirm.Count > 0 || await members.FindAsync(member.Practice, new MemberId(memberId), cancellationToken) is not { } leaving || leaving.State == to)
            return null;
        // Who cannot leave anyway need not be warned first.
        if (await members.IsLastKeeperAsync(leaving, cancellationToken))
            return null;
        var stopping = await authorised.OfAsync(member.Actor, leaving.Id, cancellationToken);
        return stopping.Count == 0 ? null : Problems.AuthorisesConnections(leaving, stopping);
    }

    // Only what is the practice's can be given; what is not does not exist.
    private async Task<IReadOnlyCollection<ClientId>?> IdsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count > MemberChanges.MostClients)
            return null;
        List<ClientId> found = [];
        foreach (var some in ids.Distinct().Chunk(20))
        {
            var read = await Task.WhenAll(some.Select(id => clients.FindAsync(member.Actor, new ClientId(id), cancellationToken)));
            if (read.Contains(null))
                return null;
            found.AddRange(read.Select(client => client!.Id));
        }
        return found;
    }

    private IResult AnswerTo(MemberOutcome outcome, Func<Member, IResult>? done = null)
    {
        known.Forget();
        return outcome switch
        {
            MemberOutcome.Done { Member: var changed } => done is null ? One(changed) : done(changed),
            MemberOutcome.Unknown => Problems.NoMember,
            MemberOutcome.LastAdmin => Problems.LastAdmin,
            MemberOutcome.Changed => Problems.Changed,
            MemberOutcome.WrongRole => Problems.BadField("role", "not a role of this practice."),
            MemberOutcome.NoPrivileges taken => Problems.TakesNoPrivileges(taken.Role),
            MemberOutcome.WrongState wrong => Problems.WrongMemberState(wrong.State),
            _ => throw new InvalidOperationException($"{outcome} is not an outcome of changing a member."),
        };
    }

    private static Answer<MemberBody> One(Member found) => new(StatusCodes.Status200OK, MemberBody.Of(found), ApiJson.Default.MemberBody) { ETag = found.Version };

    private static Answer<AccessBody> Access(Member found) =>
        Answer.Ok(new AccessBody(found.Clients.IsAll, [.. found.Given.Given.Select(client => client.Value).Order(StringComparer.Ordinal)]), ApiJson.Default.AccessBody);
}
