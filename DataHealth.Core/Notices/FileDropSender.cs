using Microsoft.Extensions.Options;
using MimeKit;

namespace DataHealth.Core.Notices;

/// <summary>Writes mails into a folder, as files that any mail program opens: for one machine.</summary>
internal sealed class FileDropSender(IOptions<NoticeOptions> options, TimeProvider time) : INoticeSender
{
    public bool IsConfigured => true;

    public async Task SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        try
        {
            var folder = Directory.CreateDirectory(options.Value.DropFolder!).FullName;
            var name = $"{time.GetUtcNow():yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..8]}.eml";
            await mail.WriteToAsync(Path.Combine(folder, name), cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new NoticeNotSentException($"A mail could not be written: {problem.GetType().Name}.", problem);
        }
    }
}

/// <summary>No way out is configured.</summary>
internal sealed class NoSender : INoticeSender
{
    public bool IsConfigured => false;

    public Task SendAsync(MimeMessage mail, CancellationToken cancellationToken) => throw new InvalidOperationException("No way out for mails is configured.");
}
