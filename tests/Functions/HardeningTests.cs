using System.Net;
using System.Net.Sockets;
using System.Text;
using DataHealth.Core.Storage;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Functions.Tests;

/// <summary>What the API does against those who mean it harm, beyond saying no.</summary>
public sealed class HardeningTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_too_much_waits_and_others_do_not()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("RateLimits:PerMember", "60"));
        using var other = application.As((await application.SignIn.JoinAsync(application.Api, "calm", "standard", [], Cancelled)).Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => application.Api.GetAsync("practice", Cancelled)));

        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        refused.ShouldNotBeEmpty();
        refused[0].Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThan(30);
        (await other.GetAsync("practice", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_is_a_503_that_says_when_to_come_back_and_nothing_of_the_vault()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("Xero:UsePkce", "true"));
        var client = await application.Practice.AddClientAsync("Birch", Cancelled);
        Directory.Delete(application.VaultFolder, recursive: true);
        await File.WriteAllTextAsync(application.VaultFolder, "no folder", Cancelled);
        try
        {
            foreach (var path in (string[])[$"clients/{client}/connections/xero", "connections/many/xero"])
            {
                using var answer = await application.Api.PostAsync(path, null, Cancelled);
                answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
                answer.Headers.RetryAfter.ShouldNotBeNull();
                (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldSatisfyAllConditions(body => body.ShouldContain("our-storage"), body => body.ShouldNotContain(application.VaultFolder));
            }
        }
        finally
        {
            File.Delete(application.VaultFolder);
            Directory.CreateDirectory(application.VaultFolder);
        }
    }

    [Fact]
    public async Task A_download_that_cannot_begin_is_a_problem_and_no_broken_file()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var client = await application.Practice.AddClientAsync("Birch", Cancelled);
        await (await application.Services.GetRequiredService<AppStorage>().TableAsync("audit", Cancelled)).DeleteAsync(Cancelled);

        foreach (var path in (string[])[$"clients/{client}/export", "audit/export"])
        {
            using var answer = await application.Api.GetAsync(path, Cancelled);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
    }

    [Fact]
    public async Task An_address_that_asks_too_much_waits_before_it_is_known_who_asks_and_cannot_name_itself_otherwise()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("RateLimits:PerAddress", "60"));
        using var nobody = application.As(null);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "clients") { Headers = { { "X-Forwarded-For", $"192.0.2.{number}" } } };
            return nobody.SendAsync(request, Cancelled);
        }));

        answers.ShouldContain(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Only_the_configured_origin_s_pages_may_read_our_answers()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("Web:Origins:0", "https://app.datahealth.example"));

        using var ours = await PreflightAsync(application, "https://app.datahealth.example");
        using var theirs = await PreflightAsync(application, "https://app.datahealth.example.evil.example");
        using var read = new HttpRequestMessage(HttpMethod.Get, "practice") { Headers = { { "Origin", "https://app.datahealth.example" } } };
        using var answer = await application.Api.SendAsync(read, Cancelled);

        ours.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        ours.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://app.datahealth.example"]);
        ours.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        theirs.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://app.datahealth.example"]);
    }

    [Fact]
    public async Task A_cookie_signs_nobody_in()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        using var request = new HttpRequestMessage(HttpMethod.Get, "practice") { Headers = { { "Cookie", $"access_token={await application.SignIn.TokenAsync("mara", Cancelled)}" } } };
        using var nobody = application.As(null);

        using var answer = await nobody.SendAsync(request, Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_body_that_never_arrives_is_given_up()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        using var socket = new TcpClient();
        await socket.ConnectAsync(application.Api.BaseAddress!.Host, application.Api.BaseAddress.Port, Cancelled);
        await using var line = socket.GetStream();
        var token = await application.SignIn.TokenAsync("mara", Cancelled);
        await line.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/clients HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"), Cancelled);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        using var answer = new StreamReader(line);
        var status = await answer.ReadLineAsync(patience.Token);

        status.ShouldStartWith("HTTP/1.1 408");
    }

    private static async Task<HttpResponseMessage> PreflightAsync(TestApplication application, string origin)
    {
        using var nobody = application.As(null);
        using var request = new HttpRequestMessage(HttpMethod.Options, "clients")
        {
            Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization,content-type" } },
        };
        return await nobody.SendAsync(request, Cancelled);
    }
}
