using MimeKit;

namespace DataHealth.Core.Notices;

/// <summary>The way out for mails to people.</summary>
public interface INoticeSender
{
    /// <summary>False where no way out is configured: then nothing is prepared.</summary>
    bool IsConfigured { get; }

    /// <summary>Sends one mail.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancellationToken">Cancels the sending.</param>
    /// <exception cref="NoticeNotSentException">It was not taken; it can be sent again later.</exception>
    Task SendAsync(MimeMessage mail, CancellationToken cancellationToken);
}

/// <summary>A mail was not taken by the server, or could not be written.</summary>
public sealed class NoticeNotSentException(string why, Exception inner) : Exception(why, inner);
