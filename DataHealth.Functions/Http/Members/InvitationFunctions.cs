using DataHealth.Core;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Members;

/// <summary>Invites people. The link is told once, to the admin who sends it on; only the person with the invited address can use it.</summary>
public sealed class InvitationFunctions(ICurrentMember member, Invitations invitations, IOptions<WebOptions> web)
{
    [Function("InviteMember")]
    public async Task<IResult> InviteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "members")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ManageMembers))
            return Problems.MayNot(Permissions.ManageMembers);
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
        return AnswerTo(await invitations.InviteAsync(member.Actor, email, name?.Value ?? "", role, Privileges.Of(input.Privileges ?? []), cancellationToken));
    }

    [Function("RenewInvitation")]
    public async Task<IResult> RenewAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "members/{memberId}/invitation")] HttpRequest request, string memberId, CancellationToken cancellationToken) =>
        member.May(Permissions.ManageMembers)
            ? AnswerTo(await invitations.RenewAsync(member.Actor, new MemberId(memberId), cancellationToken))
            : Problems.MayNot(Permissions.ManageMembers);

    /// <summary>The invitation with its link, from configuration only: no address of a request is ever in it.</summary>
    internal static InvitationBody Of(Invitation invitation, WebOptions web) => new(
        MemberBody.Of(invitation.Member),
        invitation.Code,
        web.InvitationUri is { } page ? new Uri(QueryHelpers.AddQueryString(page.AbsoluteUri, "code", invitation.Code)) : null);

    private IResult AnswerTo(InviteOutcome outcome) => outcome switch
    {
        InviteOutcome.Invited invited => Answer.Created($"members/{invited.Invitation.Member.Id}", Of(invited.Invitation, web.Value), ApiJson.Default.InvitationBody),
        InviteOutcome.Exists => Problems.AlreadyAMember,
        InviteOutcome.WrongRole => Problems.BadField("role", "not a role of this practice."),
        InviteOutcome.Full => Problems.TooManyMembers,
        InviteOutcome.Unknown => Problems.NoMember,
        _ => throw new InvalidOperationException($"{outcome} is not an outcome of inviting."),
    };
}
