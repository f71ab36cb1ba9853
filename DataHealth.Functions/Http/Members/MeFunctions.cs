using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Members;

/// <summary>What a signed-in person can do before any practice knows them: see where they belong, accept an invitation.</summary>
public sealed class MeFunctions(CurrentMember current, FindActor find, Invitations invitations, KnownActors known)
{
    [ForAnyPerson]
    [Function("GetMe")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "me")] HttpRequest request, CancellationToken cancellationToken)
    {
        var memberships = await find.MembershipsAsync(current.Person, cancellationToken);
        return Answer.Ok(
            new MeBody(current.Person.Name, current.Person.Email, current.Person.IsEmailVerified, [.. memberships.Select(Of)]), ApiJson.Default.MeBody);
    }

    [ForAnyPerson]
    [Function("AcceptInvitation")]
    public async Task<IResult> AcceptAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "invitations/accept")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.AcceptInput, cancellationToken);
        if (input is null)
            return problem!;
        if (string.IsNullOrWhiteSpace(input.Code))
            return Problems.BadField("code", "what the invitation's link carries.");
        var outcome = await invitations.AcceptAsync(current.Person, input.Code.Trim(), request.HttpContext.TraceIdentifier, cancellationToken);
        known.Forget();
        return outcome switch
        {
            AcceptOutcome.Accepted accepted => Answer.Ok(MemberBody.Of(accepted.Member), ApiJson.Default.MemberBody),
            AcceptOutcome.CodeRefused => Problems.InvitationRefused,
            AcceptOutcome.OtherEmail other => other.IsVerified ? Problems.InvitationOfAnother : Problems.EmailNotVerified,
            AcceptOutcome.IsMember => Problems.AlreadyAMember,
            _ => throw new InvalidOperationException($"{outcome} is not an outcome of accepting."),
        };
    }

    private static MembershipBody Of(Membership membership) => new(
        membership.Member.Practice.Value,
        membership.PracticeName,
        membership.Member.Id.Value,
        membership.Member.State,
        membership.Member.Role,
        Privileges.Of(membership.Member.Privileges),
        membership.Member.State is MemberState.Active ? Names(membership.Member.Permissions) : [],
        membership.Member.Clients.IsAll);

    private static IReadOnlyList<string> Names(Permissions permissions) =>
        [.. Enum.GetValues<Permissions>().Where(one => System.Numerics.BitOperations.IsPow2((int)one) && permissions.HasFlag(one)).Select(one => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(one.ToString()))];
}
