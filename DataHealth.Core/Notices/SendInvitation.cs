using DataHealth.Core.Practices.Members;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MimeKit;

namespace DataHealth.Core.Notices;

/// <summary>Sends an invitation's link to the invited address. The link stands in the mail and nowhere else: it is neither stored nor logged.</summary>
public sealed partial class SendInvitation(INoticeSender sender, MemberStore members, IOptions<NoticeOptions> options, ILogger<SendInvitation> logger)
{
    /// <summary>Sends it; false where no way out for mails is configured, or when the mail was not taken: then the admin sends the link on.</summary>
    /// <param name="invitation">The invitation.</param>
    /// <param name="link">The page that accepts it, with its code.</param>
    /// <param name="inviter">Who invites, for people.</param>
    /// <param name="cancellationToken">Cancels the sending.</param>
    public async Task<bool> ExecuteAsync(Invitation invitation, Uri link, string inviter, CancellationToken cancellationToken)
    {
        var member = invitation.Member;
        if (!sender.IsConfigured || await members.FindAsync(member.Practice, cancellationToken) is not { } practice)
            return false;
        try
        {
            using var mail = Mail(member, practice.Name, link, inviter);
            await sender.SendAsync(mail, cancellationToken);
            return true;
        }
        catch (NoticeNotSentException failed)
        {
            Log.Failed(logger, member.Practice, member.Id, failed.Message);
            return false;
        }
    }

    private MimeMessage Mail(Member member, string practice, Uri link, string inviter)
    {
        var mail = new MimeMessage { Subject = $"{inviter} invites you to {practice}" };
        mail.From.Add(MailboxAddress.Parse(options.Value.From));
        mail.To.Add(new MailboxAddress(member.Name, member.Email));
        mail.Body = new TextPart("plain")
        {
            Text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"""
                Hello{(member.Name.Length > 0 ? " " + member.Name : "")},

                {inviter} invites you to work with {practice} in Data Health. Open this link and sign in with {member.Email}:

                {link.AbsoluteUri}

                It is good once, until {member.InvitationEnds?.UtcDateTime:d MMMM yyyy HH:mm} UTC, and for this address only. If you do not know {inviter}, leave it.
                """),
        };
        return mail;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The invitation of practice {Practice} for member {Member} was not sent: {Why}")]
        public static partial void Failed(ILogger logger, PracticeId practice, MemberId member, string why);
    }
}
