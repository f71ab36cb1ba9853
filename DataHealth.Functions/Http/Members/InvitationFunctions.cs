using DataHealth.Core;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Members;

/// <summary>Invites people. The link is mailed, or sent on by the admin, to whom it is told once; only the person with the invited address can use it.</summary>
public sealed class InvitationFunctions(ICurrentMember member, Invitations invitations, InvitationLinks links)
{
    [Function("InviteMember")]
    public async Task<IResult> InviteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "members")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ManageMembers))
            return Problems.MayNot(member.Actor, Permissions.ManageMembers);
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.InviteInput, cancellationToken);
        if (input is null)
            return problem!;
        if (!EmailAddress.TryParse(input.Email, out var email))
            return Problems.BadField("email", "the person's e-mail address.");
        if (input.Role is not { } role)
            return Problems.BadField("role", "practiceAdmin, clientAdmin or standard.");
        ClientName? name = null;
        if (input.Name is not null && !ClientName.TryParse(input.Name, out name, out _))
            return Problems.BadField("name", "1 to 200 characters, no control characters.");
        return await AnswerToAsync(await invitations.InviteAsync(member.Actor, email, name?.Value ?? "", role, Privileges.Of(input.Privileges ?? []), cancellationToken), cancellationToken);
    }

    [Function("RenewInvitation")]
    public async Task<IResult> RenewAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "members/{memberId}/invitation")] HttpRequest request, string memberId, CancellationToken cancellationToken) =>
        member.May(Permissions.ManageMembers)
            ? await AnswerToAsync(await invitations.RenewAsync(member.Actor, new MemberId(memberId), cancellationToken), cancellationToken)
            : Problems.MayNot(member.Actor, Permissions.ManageMembers);

    private async Task<IResult> AnswerToAsync(InviteOutcome outcome, CancellationToken cancellationToken) => outcome switch
    {
        InviteOutcome.Invited invited => Answer.Created($"members/{invited.Invitation.Member.Id}", await links.TellAsync(invited.Invitation, cancellationToken), ApiJson.Default.InvitationBody),
        InviteOutcome.Exists => Problems.AlreadyAMember,
        InviteOutcome.WrongRole => Problems.BadField("role", "not a role of this practice."),
        InviteOutcome.NoPrivileges taken => Problems.TakesNoPrivileges(taken.Role),
        InviteOutcome.Full => Problems.TooManyMembers,
        InviteOutcome.NotInvited not => Problems.WrongMemberState(not.State),
        InviteOutcome.Unknown => Problems.NoMember,
        _ => throw new InvalidOperationException($"{outcome} is not an outcome of inviting."),
    };
}
