using DataHealth.Core.Practices.Members;
using DataHealth.Core.Settings;
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
    public ValidateOptionsResult Validate(string? name, NoticeOptions options) => new SettingFaults(NoticeOptions.Section)
        .Range(nameof(options.AccessEndsSoon), options.AccessEndsSoon, SettingFaults.Tick, TimeSpan.FromDays(100))
        .Range(nameof(options.ConsentEndsSoon), options.ConsentEndsSoon, SettingFaults.Tick, TimeSpan.FromDays(366))
        .Range(nameof(options.DigestHour), options.DigestHour, 0, 23)
        .Range(nameof(options.SmtpPort), options.SmtpPort, 1, 65_535)
        .Must(IsMailbox(options.From), nameof(options.From), "must be a mail address")
        .Must(options.LinkTo is null || IsPage(options.LinkTo), nameof(options.LinkTo), "must be an https address (http only on this machine), or empty for no link")
        .Must(string.IsNullOrEmpty(options.SmtpHost) || Uri.CheckHostName(options.SmtpHost) != UriHostNameType.Unknown, nameof(options.SmtpHost), "must be a host's name or address without a port, or empty for no mail")
        .Must(options.SmtpEncrypted || string.IsNullOrEmpty(options.SmtpHost) || IsHere(options.SmtpHost), nameof(options.SmtpEncrypted), "may be false only for a mail server on this machine")
        .Must(string.IsNullOrEmpty(options.SmtpUser) || !string.IsNullOrEmpty(options.SmtpPassword), nameof(options.SmtpPassword), "is missing, although Notices:SmtpUser is set")
        .Must(string.IsNullOrEmpty(options.SmtpPassword) || !string.IsNullOrEmpty(options.SmtpUser), nameof(options.SmtpUser), "is missing, although Notices:SmtpPassword is set")
        .Must(options is not { SmtpHost.Length: > 0, DropFolder.Length: > 0 }, nameof(options.DropFolder), "must be empty where Notices:SmtpHost is set")
        .Result;

    private static bool IsPage(Uri address) => address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    private static bool IsMailbox(string text) => MimeKit.MailboxAddress.TryParse(text, out var mailbox) && EmailAddress.TryParse(mailbox.Address, out _);

    private static bool IsHere(string host) => host is "localhost" or "127.0.0.1" or "::1";
}
