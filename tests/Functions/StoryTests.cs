using System.Net;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests;

/// <summary>The product's story, from Connect to a disconnect, over HTTP only.</summary>
[TakesLong]
public sealed class StoryTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(8);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_is_connected_copied_synced_again_and_disconnected_and_keeps_its_data()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var practice = application.Practice;
        var client = await practice.AddClientAsync("Birch & Ash Ltd", Cancelled);

        var connected = await practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", Cancelled);
        var first = await practice.WaitForEndAsync(client, Soon, Cancelled);
        var held = await practice.HeldAsync(client, Cancelled);
        var again = await practice.PressSyncAsync(client, Cancelled);
        var second = await practice.WaitForRunAsync(client, "the second run has ended", run => PracticeDriver.Text(run, "id") == again && run.TryGetProperty("endedAt", out _), Soon, Cancelled);
        var disconnected = await practice.DisconnectAsync(client, Cancelled);

        PracticeDriver.Text(connected, "outcome").ShouldBe("connected");
        connected.GetProperty("sync").GetProperty("outcome").GetString().ShouldBe("started");
        PracticeDriver.Text(first, "outcome").ShouldBe("succeeded", first.ToString());
        PracticeDriver.Text(first, "trigger").ShouldBe("connected");
        held["invoices"].ShouldBeGreaterThan(0);
        PracticeDriver.Text(second, "outcome").ShouldBe("succeeded", second.ToString());
        PracticeDriver.Text(disconnected, "state").ShouldBe("disconnected");
        (await practice.HeldAsync(client, Cancelled)).ShouldBe(held);
        var records = await practice.GetAsync($"clients/{client}/data/invoices?take=5", Cancelled);
        var one = records.GetProperty("items")[0];
        (await practice.GetAsync($"clients/{client}/data/invoices/{PracticeDriver.Text(one, "id")}", Cancelled)).GetRawText().ShouldBe(one.GetRawText());
        using var refused = await application.Api.PostAsync($"clients/{client}/sync", null, Cancelled);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        foreach (var list in (string[])["data/invoices", "runs"])
        {
            using var invented = await application.Api.GetAsync($"clients/{client}/{list}?continuation=xyz", Cancelled);
            invented.StatusCode.ShouldBe(HttpStatusCode.BadRequest, "an invented place to go on from does not begin anew");
        }
        application.Answers.Judged.Keys.Count(answer => answer.EndsWith(" 200", StringComparison.Ordinal)).ShouldBeGreaterThan(6);
    }

    [Fact]
    public async Task Promise_2_a_run_that_the_provider_refuses_for_the_day_makes_no_call_until_it_lifts_and_finishes_unattended()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("Xero:DayLimit", "8"), ("Xero:DayReserve", "0"), ("Xero:DayWindow", "00:00:20"));
        await application.Sandbox.SendAsync(HttpMethod.Patch, "limits", new { day = 8, daySeconds = 20 }, Cancelled);
        var organisation = await application.Sandbox.OrganisationAsync("Birch & Ash Ltd", Cancelled);
        var client = await application.Practice.AddClientAsync("Birch & Ash Ltd", Cancelled);

        await application.Practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", Cancelled);
        var paused = await application.Practice.WaitForRunAsync(client, "the run has paused", run => PracticeDriver.Text(run, "state") == "paused", Soon, Cancelled);
        var ended = await application.Practice.WaitForEndAsync(client, TimeSpan.FromMinutes(5), Cancelled);

        paused.GetProperty("pause").GetProperty("words").GetString()!.ShouldContain("It goes on by itself");
        PracticeDriver.Text(ended, "outcome").ShouldBe("succeeded", ended.ToString());
        var until = paused.GetProperty("pause").GetProperty("until").GetDateTimeOffset();
        var calls = application.Server.Calls.Find(new Local.Sandbox.Calls.CallFilter(Tenant: Guid.Parse(organisation))).Select(call => call.AtUtc).ToList();
        calls.Count.ShouldBeGreaterThan(8, "it took more than one of the compressed days");
        calls.ShouldNotContain(at => at > paused.GetProperty("pause").GetProperty("since").GetDateTimeOffset().UtcDateTime.AddSeconds(1) && at < until.UtcDateTime.AddSeconds(-1));
    }

    [Fact]
    public async Task Promise_3_pressing_sync_twenty_times_at_once_gives_one_run()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var client = await application.Practice.AddClientAsync("Pressed", Cancelled);
        await application.Practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", Cancelled);
        await application.Practice.WaitForEndAsync(client, Soon, Cancelled);

        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => application.Practice.PressSyncAsync(client, Cancelled)));

        runs.Distinct().Count().ShouldBeLessThanOrEqualTo(2, "a run may end between two presses");
        await application.Practice.WaitForEndAsync(client, Soon, Cancelled);
    }

    [Fact]
    public async Task A_consent_that_is_cancelled_or_repeated_changes_nothing_and_says_so()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var practice = application.Practice;
        var client = await practice.AddClientAsync("Undecided", Cancelled);

        var cancelled = await practice.ComeBackAsync(await PracticeDriver.CancelAsync(await practice.PressConnectAsync(client, Cancelled), Cancelled), Cancelled);
        var callback = await PracticeDriver.AllowAsync(await practice.PressConnectAsync(client, Cancelled), "Ada Birch", "Birch & Ash Ltd", Cancelled);
        var result = await practice.ComeBackAsync(callback, Cancelled);
        var replayed = await practice.ComeBackAsync(callback, Cancelled);
        using var foreign = await practice.ConfirmAsync(result[..33] + "somebody-elses-code", Cancelled);
        using var confirmed = await practice.ConfirmAsync(result, Cancelled);

        cancelled.ShouldBe("");
        result.ShouldStartWith(client);
        replayed.ShouldNotBe(result);
        foreign.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        confirmed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task With_a_front_end_the_browser_is_sent_there_with_the_result_and_nothing_else()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("Web:ConnectResultUri", "https://app.datahealth.example/connected"));
        var client = await application.Practice.AddClientAsync("With a front end", Cancelled);
        var callback = await PracticeDriver.AllowAsync(await application.Practice.PressConnectAsync(client, Cancelled), "Ada Birch", "Birch & Ash Ltd", Cancelled);

        using var answer = await application.Api.GetAsync(callback, Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var query = System.Web.HttpUtility.ParseQueryString(answer.Headers.Location!.Query);
        answer.Headers.Location.GetLeftPart(UriPartial.Path).ShouldBe("https://app.datahealth.example/connected");
        query.AllKeys.ShouldBe(["result"]);
        using var confirmed = await application.Practice.ConfirmAsync(query["result"]!, Cancelled);
        confirmed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Promise_5_no_token_code_or_secret_reaches_a_log_an_answer_a_table_or_a_history()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var client = await application.Practice.AddClientAsync("Discreet", Cancelled);
        await application.Practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", Cancelled);
        await application.Practice.WaitForEndAsync(client, Soon, Cancelled);
        await application.Practice.DisconnectAsync(client, Cancelled);

        var secrets = await application.Sandbox.SecretsAsync(Cancelled);
        var said = application.Logs.Lines.Concat(application.Answers.Bodies).Concat(await StorageText.ReadAsync(azurite, application.Prefix, Cancelled)).ToList();

        secrets.Count.ShouldBeGreaterThan(3);
        said.Count.ShouldBeGreaterThan(100);
        said.ShouldContain(line => line.Contains(client), "the scan reads what was said");
        foreach (var secret in secrets.Where(secret => secret.Length >= 8).SelectMany(Spellings))
            said.Where(line => line.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Spellings(string secret) =>
        [secret, Uri.EscapeDataString(secret), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)).TrimEnd('=')];
}
