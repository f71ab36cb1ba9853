using DataHealth.Local.Sandbox.QuickBooks;
using DataHealth.Testing;
using static DataHealth.Sandbox.Tests.QuickBooks.QuickBooksVisitor;

namespace DataHealth.Sandbox.Tests.QuickBooks;

public sealed class QuickBooksLimitSpecs
{
    private const string Ask = "select count(*) from Term";

    [Fact]
    public async Task The_eleventh_call_of_a_second_is_refused_with_an_XML_body_and_the_next_second_is_free()
    {
        await using var visitor = await ConnectedAsync(options: new QuickBooksOptions());
        for (var call = 0; call < 10; call++)
            await visitor.QueryAsync(Ask);

        using (var refused = await visitor.AskAsync(Ask))
        {
            ((int)refused.StatusCode, refused.Content.Headers.ContentType!.MediaType).ShouldBe((429, "application/xml"));
            (await refused.Content.ReadAsStringAsync()).ShouldContain("errorCode=003001; statusCode=429");
            refused.Headers.RetryAfter.ShouldBeNull();
        }

        visitor.Time.Advance(TimeSpan.FromSeconds(1));
        await visitor.QueryAsync(Ask);
    }

    [Fact]
    public async Task Five_hundred_calls_a_minute_are_the_companys()
    {
        await using var visitor = await ConnectedAsync(options: new QuickBooksOptions { Switches = new() { LimitedBody = Local.Sandbox.QuickBooks.World.LimitedForm.Json, RetryAfter = true } });
        await visitor.ControlAsync(HttpMethod.Post, "limits/used", new { tenant = Birch, minute = 500 });

        using (var refused = await visitor.AskAsync(Ask))
        {
            (await FaultAsync(refused)).ShouldBe((429, "3001"));
            refused.Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromSeconds(60));
        }

        visitor.Time.Advance(TimeSpan.FromMinutes(1));
        await visitor.QueryAsync(Ask);
    }

    [Fact]
    public async Task The_months_allowance_does_not_come_back_after_a_minute_but_with_the_month()
    {
        await using var visitor = await ConnectedAsync();
        await visitor.ControlAsync(HttpMethod.Patch, "limits", new { enforced = true });
        await visitor.ControlAsync(HttpMethod.Post, "limits/used", new { month = 499_999 });
        await visitor.QueryAsync(Ask);
        using (var refused = await visitor.AskAsync(Ask))
            ((int)refused.StatusCode).ShouldBe(429);

        visitor.Time.Advance(TimeSpan.FromMinutes(5));
        using (var still = await visitor.AskAsync(Ask))
            ((int)still.StatusCode).ShouldBe(429);

        visitor.Time.Advance(TimeSpan.FromDays(8));
        using (var fresh = await visitor.RefreshAsync())
            await visitor.TakeAsync(fresh);
        await visitor.QueryAsync(Ask);
    }

    [Fact]
    public async Task More_than_ten_in_flight_are_refused()
    {
        await using var visitor = await ConnectedAsync(options: new QuickBooksOptions { Limits = new() { Second = 100 } });
        var hold = (string)(await visitor.ControlAsync(HttpMethod.Post, "faults", new { kind = "hold" }))!["id"]!;
        var held = Enumerable.Range(0, 10).Select(_ => visitor.AskAsync(Ask)).ToList();
        await Eventually.TrueAsync("ten are held", async () => (int)(await visitor.ControlAsync(HttpMethod.Get, "faults"))![0]!["waiting"]! == 10, TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        using (var refused = await visitor.AskAsync(Ask))
            ((int)refused.StatusCode).ShouldBe(429);
        await visitor.ControlAsync(HttpMethod.Delete, "faults/" + hold);

        foreach (var answer in await Task.WhenAll(held))
        {
            answer.IsSuccessStatusCode.ShouldBeTrue();
            answer.Dispose();
        }
    }

    [Theory]
    [InlineData("tokenExpired", 401, "3200")]
    [InlineData("forbidden", 403, "3100")]
    [InlineData("noRight", 400, "120")]
    [InlineData("organisationOffline", 400, "6190")]
    [InlineData("faultInside", 200, "10000")]
    public async Task Faults_speak_as_Intuit_does(string kind, int status, string code)
    {
        await using var visitor = await ConnectedAsync();
        await visitor.ControlAsync(HttpMethod.Post, "faults", new { kind, endpoint = "Term", count = 1 });

        using (var answer = await visitor.AskAsync(Ask))
            (await FaultAsync(answer)).ShouldBe((status, code));

        (await visitor.CountAsync("Term")).ShouldBe(3);
    }

    [Fact]
    public async Task A_lapsed_subscription_a_lost_right_and_a_closed_company_each_have_their_answer()
    {
        await using var visitor = await ConnectedAsync();
        await visitor.ControlAsync(HttpMethod.Patch, $"organisations/{Birch}", new { subscriptionEnded = true });
        using (var lapsed = await visitor.AskAsync(Ask))
            (await FaultAsync(lapsed)).ShouldBe((400, "6190"));
        await visitor.ControlAsync(HttpMethod.Patch, $"organisations/{Birch}", new { subscriptionEnded = false });
        await visitor.ControlAsync(HttpMethod.Delete, $"organisations/{Birch}/members/{Local.Sandbox.World.DefaultWorld.Ada}");
        using (var demoted = await visitor.AskAsync(Ask))
            (await FaultAsync(demoted)).ShouldBe((400, "120"));
        await visitor.ControlAsync(HttpMethod.Patch, $"organisations/{Birch}", new { closed = true });
        using var closed = await visitor.AskAsync(Ask);
        (await FaultAsync(closed)).ShouldBe((403, "3100"));
    }

    [Fact]
    public async Task The_log_names_what_was_read_and_keeps_no_secret()
    {
        await using var visitor = await ConnectedAsync();
        await visitor.QueryAsync(Ask);
        await visitor.JsonAsync("reports/TrialBalance");
        var secrets = (await visitor.ControlAsync(HttpMethod.Get, "secrets"))!["secrets"]!.AsArray().Select(secret => (string)secret!["value"]!).ToList();

        var calls = (await visitor.ControlAsync(HttpMethod.Get, $"calls?tenant={Birch}&api=accounting"))!.AsArray();

        calls.Select(call => (string)call!["endpoint"]!).ShouldBe(["Term", "Reports/TrialBalance"]);
        var log = (await visitor.ControlAsync(HttpMethod.Get, "calls"))!.ToJsonString();
        secrets.ShouldAllBe(secret => !log.Contains(secret, StringComparison.Ordinal));
    }
}
