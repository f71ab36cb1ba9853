using System.Text;
using MimeKit;

namespace DataHealth.Core.Notices;

/// <summary>The digest as a mail: plain text, what is new first. It names clients and what is the matter, nothing of their books.</summary>
internal static class DigestMail
{
    private const int MostLines = 50;

    public static MimeMessage Of(string from, DigestReader reader, IReadOnlyList<Notice> fresh, int open, Uri? link)
    {
        var mail = new MimeMessage { Subject = fresh.Count == 1 ? $"{fresh[0].ClientName} needs you" : $"{fresh.Count} things need you at {reader.PracticeName}" };
        mail.From.Add(MailboxAddress.Parse(from));
        mail.To.Add(new MailboxAddress(reader.Name, reader.Email));
        var text = new StringBuilder();
        text.Append("Hello ").Append(reader.Name).AppendLine(",").AppendLine();
        text.AppendLine(fresh.Count == 1 ? "this is new and needs a person:" : "these are new and need a person:").AppendLine();
        foreach (var notice in fresh.Take(MostLines))
            text.Append("- ").Append(notice.ClientName).Append(": ").Append(notice.Title).Append(' ').AppendLine(notice.Detail);
        if (fresh.Count > MostLines)
            text.Append("- and ").Append(fresh.Count - MostLines).AppendLine(" more.");
        text.AppendLine();
        if (open > fresh.Count)
            text.Append("Open from before: ").Append(open - fresh.Count).AppendLine(".").AppendLine();
        if (link is not null)
            text.Append("The whole list: ").AppendLine(link.AbsoluteUri).AppendLine();
        text.AppendLine("A notice goes away by itself once its cause is gone. This mail comes only when something new needs a person, at most once a day.");
        mail.Body = new TextPart("plain") { Text = text.ToString() };
        return mail;
    }
}
