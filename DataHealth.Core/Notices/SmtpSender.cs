using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace DataHealth.Core.Notices;

/// <summary>Sends mails through a mail server.</summary>
internal sealed class SmtpSender(IOptions<NoticeOptions> options) : INoticeSender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public bool IsConfigured => true;

    public async Task SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        var server = options.Value;
        using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        try
        {
            // Never in the clear unless that is configured: "auto" would fall back to it.
            var security = !server.SmtpEncrypted ? SecureSocketOptions.None : server.SmtpPort == 465 ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls;
            await client.ConnectAsync(server.SmtpHost!, server.SmtpPort, security, cancellationToken);
            if (server.SmtpUser is { Length: > 0 } user)
                await client.AuthenticateAsync(user, server.SmtpPassword ?? "", cancellationToken);
            await client.SendAsync(mail, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception problem) when (problem is ServiceNotConnectedException or CommandException or ProtocolException or SslHandshakeException or AuthenticationException or SocketException or IOException or TimeoutException or NotSupportedException)
        {
            // NotSupported: the server offers no encryption. The exception's own text may quote the server, which may quote the mail.
            throw new NoticeNotSentException($"The mail server did not take a mail: {problem.GetType().Name}.", problem);
        }
    }
}
