using Microsoft.Extensions.Options;

namespace DataHealth.Core.Notices;

/// <summary>When and how people are told. Section <c>Notices</c>.</summary>
public sealed class NoticeOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Notices";

    /// <summary>How long before an unused access ends (60 days at Xero, 100 at QuickBooks) it counts as expiring. Shorter than the rest after the keep-alive, which uses it every 20 days.</summary>
    public TimeSpan AccessEndsSoon { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long before a consent ends for good (five years at QuickBooks) it counts as expiring.</summary>
    public TimeSpan ConsentEndsSoon { get; set; } = TimeSpan.FromDays(30);

    /// <summary>From which hour of the day (UTC) the digest goes out.</summary>
    public int DigestHour { get; set; } = 6;

    /// <summary>The sender's address of the digest.</summary>
    public string From { get; set; } = "Data Health <no-reply@datahealth.example>";

    /// <summary>Where the digest's link leads: the front end. Empty: no link.</summary>
    public Uri? LinkTo { get; set; }

    /// <summary>The mail server. Empty: no mail is sent.</summary>
    public string? SmtpHost { get; set; }

    /// <summary>Its port: 587 (STARTTLS) or 465 (TLS).</summary>
    public int SmtpPort { get; set; } = 587;

    /// <summary>Whether the connection to the mail server must be encrypted; false only on one machine.</summary>
    public bool SmtpEncrypted { get; set; } = true;

    /// <summary>The account at the mail server; empty for none.</summary>
    public string? SmtpUser { get; set; }

    /// <summary>Its password; from Key Vault in Azure.</summary>
    public string? SmtpPassword { get; set; }

    /// <summary>A folder into which mails are written instead of being sent: on one machine. Empty: none.</summary>
    public string? DropFolder { get; set; }
}

/// <summary>Refuses options that cannot work, at start.</summary>
internal sealed class NoticeRule : IValidateOptions<NoticeOptions>
{
    public ValidateOptionsResult Validate(string? name, NoticeOptions options)
    {
        List<string> wrong = [];
        if (options.AccessEndsSoon <= TimeSpan.Zero || options.ConsentEndsSoon <= TimeSpan.Zero)
            wrong.Add("Notices:AccessEndsSoon and Notices:ConsentEndsSoon must be longer than nothing.");
        if (options.DigestHour is < 0 or > 23)
            wrong.Add("Notices:DigestHour must be between 0 and 23.");
        if (options.SmtpPort is < 1 or > 65535)
            wrong.Add("Notices:SmtpPort must be a port.");
        if (!MimeKit.MailboxAddress.TryParse(options.From, out _))
            wrong.Add("Notices:From must be a mail address.");
        if (options is { SmtpHost.Length: > 0, DropFolder.Length: > 0 })
            wrong.Add("Set Notices:SmtpHost or Notices:DropFolder, not both.");
        return wrong.Count > 0 ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
    }
}
