using DataHealth.Core.Notices;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Members;

/// <summary>Invitations with their links, from configuration only: no address of a request is ever in one. Mailed where that is possible.</summary>
public sealed class InvitationLinks(ICurrentMember member, SendInvitation mails, IOptions<WebOptions> web)
{
    public async Task<InvitationBody> TellAsync(Invitation invitation, CancellationToken cancellationToken)
    {
        var link = web.Value.InvitationUri is { } page ? new Uri(QueryHelpers.AddQueryString(page.AbsoluteUri, "code", invitation.Code)) : null;
        var isMailed = link is not null && await mails.ExecuteAsync(invitation, link, member.Name, cancellationToken);
        return new InvitationBody(MemberBody.Of(invitation.Member), invitation.Code, link, isMailed);
    }
}
