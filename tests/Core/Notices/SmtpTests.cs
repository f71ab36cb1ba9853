using DataHealth.Core.Notices;
using Microsoft.Extensions.Options;
using MimeKit;

namespace DataHealth.Core.Tests.Notices;

/// <summary>The SMTP adapter against a server that speaks the protocol over a socket.</summary>
public sealed class SmtpTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_arrives_whole_at_its_reader_from_our_address()
    {
        using var server = new SmtpStub();

        await Sender(server).SendAsync(Mail(), Cancelled);

        var (from, to, data) = server.Taken.ShouldHaveSingleItem();
        (from, to).ShouldBe(("<no-reply@datahealth.example>", "<ann@north.example>"));
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(data)), Cancelled);
        mail.Subject.ShouldBe("Käse & Söhne needs you");
        mail.TextBody!.ReplaceLineEndings("|").ShouldStartWith("Hello,|.a line that begins with a dot|");
        server.Said.ShouldContain("QUIT");
    }

    [Fact]
    public async Task The_account_is_proven_before_the_mail()
    {
        using var server = new SmtpStub { Capabilities = ["AUTH PLAIN"] };

        await Sender(server, options => (options.SmtpUser, options.SmtpPassword) = ("mailer", "a-password")).SendAsync(Mail(), Cancelled);

        var proof = server.Said.Single(line => line.StartsWith("AUTH PLAIN ", StringComparison.Ordinal))["AUTH PLAIN ".Length..];
        System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(proof)).ShouldBe("\0mailer\0a-password");
        server.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Promise_5_a_server_that_offers_no_encryption_gets_neither_account_nor_mail()
    {
        using var server = new SmtpStub { Capabilities = ["AUTH PLAIN"] };

        await Should.ThrowAsync<NoticeNotSentException>(() => Sender(server, options => (options.SmtpEncrypted, options.SmtpUser, options.SmtpPassword) = (true, "mailer", "a-password")).SendAsync(Mail(), Cancelled));

        server.Said.ShouldAllBe(line => line.StartsWith("EHLO", StringComparison.Ordinal) || line == "QUIT");
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 ann@north.example is unknown here")]
    [InlineData("MAIL", "451 4.3.0 Try again later")]
    [InlineData("DATA", "554 5.7.1 We do not like Käse & Söhne")]
    [InlineData("EHLO", "421 4.3.2 Closing")]
    public async Task A_mail_that_is_not_taken_is_told_without_the_servers_words(string at, string answer)
    {
        using var server = new SmtpStub { RefuseAt = at, Refusal = answer };

        var refused = await Should.ThrowAsync<NoticeNotSentException>(() => Sender(server).SendAsync(Mail(), Cancelled));

        refused.Message.ShouldNotContain("north.example");
        refused.Message.ShouldNotContain("Söhne");
        server.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_as_a_mail_that_was_not_taken()
    {
        var server = new SmtpStub();
        server.Dispose();

        await Should.ThrowAsync<NoticeNotSentException>(() => Sender(server).SendAsync(Mail(), Cancelled));
    }

    private static SmtpSender Sender(SmtpStub server, Action<NoticeOptions>? change = null)
    {
        var options = new NoticeOptions { SmtpHost = "127.0.0.1", SmtpPort = server.Port, SmtpEncrypted = false };
        change?.Invoke(options);
        return new SmtpSender(Options.Create(options));
    }

    private static MimeMessage Mail()
    {
        var mail = new MimeMessage { Subject = "Käse & Söhne needs you", Body = new TextPart("plain") { Text = "Hello,\n.a line that begins with a dot\n.\nand the rest\n" } };
        mail.From.Add(MailboxAddress.Parse("Data Health <no-reply@datahealth.example>"));
        mail.To.Add(new MailboxAddress("Ann", "ann@north.example"));
        return mail;
    }
}
