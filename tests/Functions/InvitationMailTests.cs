using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using MimeKit;

namespace DataHealth.Functions.Tests;

/// <summary>Invitations go out by mail, with the link that is good once.</summary>
public sealed class InvitationMailTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promise_5_an_invitation_is_mailed_with_a_link_that_stands_nowhere_else_and_works_once()
    {
        var folder = Directory.CreateTempSubdirectory("datahealth-mail-").FullName;
        try
        {
            await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("Notices:DropFolder", folder), ("Web:InvitationUri", "https://app.datahealth.example/join"));
            foreach (var file in Directory.GetFiles(folder))
                File.Delete(file);

            using var answer = await application.Api.PostAsJsonAsync("members", new { email = "nora@new.example", name = "Nora New", role = "standard" }, Cancelled);
            var invited = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled));

            invited.GetProperty("isMailed").GetBoolean().ShouldBeTrue();
            using var mail = await MimeMessage.LoadAsync(Directory.GetFiles(folder, "*.eml").ShouldHaveSingleItem(), Cancelled);
            mail.To.Mailboxes.Single().Address.ShouldBe("nora@new.example");
            mail.Subject.ShouldBe("Mara Lindt invites you to Birch Accountants");
            var link = mail.TextBody!.Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith("https://", StringComparison.Ordinal));
            link.ShouldBe(PracticeDriver.Text(invited, "link"));
            var code = System.Web.HttpUtility.ParseQueryString(new Uri(link).Query)["code"]!;
            using var nora = application.As(await application.SignIn.TokenAsync("nora", Cancelled));
            (await nora.PostAsJsonAsync("invitations/accept", new { code }, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await nora.PostAsJsonAsync("invitations/accept", new { code }, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
            var secret = code[^20..];
            application.Logs.Lines.Concat(await StorageText.ReadAsync(azurite, application.Prefix, Cancelled)).Where(line => line.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_mail_that_is_not_taken_leaves_the_link_with_the_admin()
    {
        var port = FreePorts.Take(1)[0];
        await using var application = await TestApplication.StartAsync(
            azurite, Cancelled, ("Notices:SmtpHost", "127.0.0.1"), ("Notices:SmtpPort", $"{port}"), ("Web:InvitationUri", "https://app.datahealth.example/join"));

        using var answer = await application.Api.PostAsJsonAsync("members", new { email = "nora@new.example", name = "Nora New", role = "standard" }, Cancelled);
        var invited = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled));

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        invited.GetProperty("isMailed").GetBoolean().ShouldBeFalse();
        PracticeDriver.Text(invited, "link").ShouldStartWith("https://app.datahealth.example/join?code=");
        application.Logs.Lines.ShouldContain(line => line.Contains("was not sent", StringComparison.Ordinal));
        application.Logs.Lines.ShouldNotContain(line => line.Contains(PracticeDriver.Text(invited, "code"), StringComparison.Ordinal));
    }
}
