using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks;
using DataHealth.Local.Sandbox.World;
using DataHealth.Testing;
using static DataHealth.Sandbox.Tests.QuickBooks.QuickBooksVisitor;

namespace DataHealth.Sandbox.Tests.QuickBooks;

public sealed class QuickBooksTokenSpecs
{
    [Fact]
    public async Task A_consent_brings_code_state_and_realm_and_the_code_a_token_set()
    {
        await using var visitor = await StartAsync();

        var location = await visitor.LocationAsync();
        using var answer = await visitor.ExchangeAsync(Parameter(location, "code")!);
        var tokens = await visitor.TakeAsync(answer);

        (Parameter(location, "realmId"), Parameter(location, "state")).ShouldBe((Birch, "the-state"));
        ((string)tokens["token_type"]!, (int)tokens["expires_in"]!, (int)tokens["x_refresh_token_expires_in"]!).ShouldBe(("bearer", 3600, 8_726_400));
        visitor.RefreshToken.ShouldStartWith("RT1-");
        visitor.AccessToken.Split('.').Length.ShouldBe(5, "an encrypted token, nothing to read in it");
        tokens.AsObject().ContainsKey("x_refresh_token_hard_expires_in").ShouldBeFalse();
        ((string)tokens["id_token"]!).Split('.').Length.ShouldBe(3);
        answer.Headers.Contains("intuit_tid").ShouldBeTrue();
        (await visitor.CountAsync("Invoice")).ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_refused_consent_brings_an_error_and_no_code()
    {
        await using var visitor = await StartAsync();

        var location = await visitor.LocationAsync(decision: "cancel");

        (Parameter(location, "error"), Parameter(location, "code")).ShouldBe(("access_denied", null));
    }

    [Fact]
    public async Task Who_is_no_admin_cannot_connect_and_nothing_reaches_the_app()
    {
        await using var visitor = await StartAsync();
        using var answer = await visitor.Http.PostAsJsonAsync("/sandbox/authorize", new
        {
            authorizeUrl = new Uri(visitor.Http.BaseAddress!, AuthorizeUrl()).AbsoluteUri,
            person = DefaultWorld.Cleo.ToString(),
            organisations = new[] { Birch },
        });

        ((int)answer.StatusCode, await ErrorAsync(answer)).ShouldBe((400, "not_admin"));
    }

    [Theory]
    [InlineData("client_id=sandbox-client", "client_id=unknown")]
    [InlineData("callback", "elsewhere")]
    [InlineData("quickbooks.accounting", "quickbooks.everything")]
    [InlineData("response_type=code", "response_type=token")]
    public async Task A_wrong_authorize_request_ends_on_Intuits_page_whatever_is_wrong(string right, string wrong)
    {
        await using var visitor = await StartAsync();

        using var answer = await visitor.Http.GetAsync(AuthorizeUrl().Replace(right, wrong, StringComparison.Ordinal));

        ((int)answer.StatusCode).ShouldBe(400);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Undefined didn");
    }

    [Fact]
    public async Task A_browser_signs_in_chooses_a_company_and_comes_back()
    {
        await using var visitor = await StartAsync();
        using var start = await visitor.Http.GetAsync(AuthorizeUrl());
        var page = await start.Content.ReadAsStringAsync();
        var form = page.Split("name=\"form_token\" value=\"")[1].Split('"')[0];
        using var signIn = await PostAsync(visitor, "/connect/signin", ("form_token", form), ("person", DefaultWorld.Ada.ToString()), ("decision", "signin"));
        (await signIn.Content.ReadAsStringAsync()).ShouldContain("Harbour Trading Ltd");

        using var back = await PostAsync(visitor, "/connect/consent", ("form_token", form), ("company", "9130357700000002"), ("decision", "allow"));

        ((int)back.StatusCode).ShouldBe(302);
        Parameter(back.Headers.Location!.ToString(), "realmId").ShouldBe("9130357700000002");
    }

    [Fact]
    public async Task A_refresh_within_a_day_gives_the_same_value_and_a_later_one_a_new_one()
    {
        await using var visitor = await ConnectedAsync();
        var first = visitor.RefreshToken;
        visitor.Time.Advance(TimeSpan.FromHours(23));
        using (var same = await visitor.RefreshAsync())
            await visitor.TakeAsync(same);
        visitor.RefreshToken.ShouldBe(first);

        visitor.Time.Advance(TimeSpan.FromHours(2));
        using (var other = await visitor.RefreshAsync())
            await visitor.TakeAsync(other);

        visitor.RefreshToken.ShouldNotBe(first);
        using var retried = await visitor.RefreshAsync(first);
        ((string)(await visitor.TakeAsync(retried))["refresh_token"]!).ShouldNotBe(first, "a lost answer is survived: the old value still brings the new one");
        visitor.Time.Advance(TimeSpan.FromHours(24));
        using var late = await visitor.RefreshAsync(first);
        (await ErrorAsync(late)).ShouldBe("invalid_grant");
        using var alive = await visitor.RefreshAsync();
        alive.IsSuccessStatusCode.ShouldBeTrue("the end of the old value is not the end of the connection");
    }

    [Fact]
    public async Task The_previous_value_can_go_stale_at_once()
    {
        await using var visitor = await ConnectedAsync();
        await visitor.ControlAsync(HttpMethod.Patch, "switches", new { previousTokenHours = 0 });
        var first = visitor.RefreshToken;
        visitor.Time.Advance(TimeSpan.FromHours(25));
        using (var other = await visitor.RefreshAsync())
            await visitor.TakeAsync(other);

        using var retried = await visitor.RefreshAsync(first);

        (await ErrorAsync(retried)).ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task A_refresh_token_ends_after_a_hundred_and_one_days_and_each_refresh_moves_the_end()
    {
        await using var visitor = await ConnectedAsync();
        visitor.Time.Advance(TimeSpan.FromDays(100));
        using (var answer = await visitor.RefreshAsync())
            await visitor.TakeAsync(answer);
        visitor.Time.Advance(TimeSpan.FromDays(100));
        using (var answer = await visitor.RefreshAsync())
            await visitor.TakeAsync(answer);

        visitor.Time.Advance(TimeSpan.FromSeconds(8_726_400));

        using var late = await visitor.RefreshAsync();
        (await ErrorAsync(late)).ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Five_years_after_the_consent_no_refresh_helps_and_the_header_tells_how_long_is_left()
    {
        await using var visitor = await ConnectedAsync();
        using (var answer = await visitor.RefreshAsync(hardEnd: true))
            ((long)(await visitor.TakeAsync(answer))["x_refresh_token_hard_expires_in"]!).ShouldBe(1825L * 86_400);
        for (var day = 0; day < 1800; day += 90)
        {
            visitor.Time.Advance(TimeSpan.FromDays(90));
            using var answer = await visitor.RefreshAsync(hardEnd: true);
            await visitor.TakeAsync(answer);
        }

        visitor.Time.Advance(TimeSpan.FromDays(25));

        using var end = await visitor.RefreshAsync();
        (await ErrorAsync(end)).ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task A_token_is_known_to_all_calls_that_come_with_it_at_once()
    {
        await using var visitor = await ConnectedAsync(options: new QuickBooksOptions { Limits = new() { Enforced = false } });

        var answers = new System.Collections.Concurrent.ConcurrentBag<int>();
        await Parallel.ForAsync(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 40 }, async (_, _) =>
        {
            using var answer = await visitor.AskAsync("select count(*) from Term");
            answers.Add((int)answer.StatusCode);
        });

        answers.CountBy(status => status).ShouldBe([new(200, 2_000)]);
    }

    [Fact]
    public async Task Two_refreshes_at_once_end_the_connection_for_both()
    {
        await using var visitor = await ConnectedAsync();
        var held = (string)(await visitor.ControlAsync(HttpMethod.Post, "faults", new { kind = "hold", endpoint = "token", count = 1 }))!["id"]!;
        var first = visitor.RefreshAsync();
        await Eventually.TrueAsync("the first is held", async () => (int)(await visitor.ControlAsync(HttpMethod.Get, "faults"))![0]!["waiting"]! == 1, TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        using (var second = await visitor.RefreshAsync())
            (await ErrorAsync(second)).ShouldBe("invalid_grant");
        await visitor.ControlAsync(HttpMethod.Post, $"faults/{held}/release");
        using (var answer = await first)
            await visitor.TakeAsync(answer);

        using var data = await visitor.AskAsync("select count(*) from Invoice");
        (await FaultAsync(data)).ShouldBe((401, "3200"));
        using var again = await visitor.RefreshAsync();
        (await ErrorAsync(again)).ShouldBe("invalid_grant");
        ((string)(await visitor.ControlAsync(HttpMethod.Get, "grants"))![0]!["ended"]!).ShouldBe("concurrentRefresh");
    }

    [Fact]
    public async Task A_code_exchanged_twice_ends_what_it_made_unless_that_is_switched_off()
    {
        await using var visitor = await StartAsync();
        await visitor.ControlAsync(HttpMethod.Patch, "switches", new { codeReuseKills = false });
        var code = await visitor.ConsentAsync();
        using (var first = await visitor.ExchangeAsync(code))
            await visitor.TakeAsync(first);
        using (var second = await visitor.ExchangeAsync(code))
            (await ErrorAsync(second)).ShouldBe("invalid_grant");
        using (var alive = await visitor.RefreshAsync())
            alive.IsSuccessStatusCode.ShouldBeTrue();
        await visitor.ControlAsync(HttpMethod.Patch, "switches", new { codeReuseKills = true });

        using (var third = await visitor.ExchangeAsync(code))
            (await ErrorAsync(third)).ShouldBe("invalid_grant");

        using var dead = await visitor.RefreshAsync();
        (await ErrorAsync(dead)).ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Wrong_credentials_and_wrong_requests_are_told_apart()
    {
        await using var visitor = await ConnectedAsync();
        using var secret = await visitor.TokenAsync([("grant_type", "refresh_token"), ("refresh_token", visitor.RefreshToken)], "sandbox-client:wrong");
        using var type = await visitor.TokenAsync([("grant_type", "password")]);
        using var code = await visitor.ExchangeAsync("nonsense");

        ((int)secret.StatusCode, await ErrorAsync(secret)).ShouldBe((401, "invalid_client"));
        ((int)type.StatusCode, await ErrorAsync(type)).ShouldBe((400, "unsupported_grant_type"));
        ((int)code.StatusCode, await ErrorAsync(code)).ShouldBe((400, "invalid_grant"));
    }

    [Fact]
    public async Task Revoking_either_token_ends_the_connection_and_a_second_time_is_refused()
    {
        await using var visitor = await ConnectedAsync();

        using (var first = await RevokeAsync(visitor, visitor.AccessToken))
            ((int)first.StatusCode).ShouldBe(200);
        using (var second = await RevokeAsync(visitor, visitor.RefreshToken))
            ((int)second.StatusCode).ShouldBe(400);

        using var data = await visitor.AskAsync("select count(*) from Invoice");
        (await FaultAsync(data)).ShouldBe((401, "3200"));
    }

    [Fact]
    public async Task A_company_that_disconnects_the_app_shows_as_401_or_403_and_a_dead_refresh()
    {
        await using var visitor = await ConnectedAsync();
        await visitor.ControlAsync(HttpMethod.Delete, $"organisations/{Birch}/connections");

        using (var data = await visitor.AskAsync("select count(*) from Invoice"))
            (await FaultAsync(data)).ShouldBe((401, "3200"));
        await visitor.ControlAsync(HttpMethod.Patch, "switches", new { disconnectedStatus = 403 });
        using (var data = await visitor.AskAsync("select count(*) from Invoice"))
            (await FaultAsync(data)).ShouldBe((403, "3100"));
        using var refresh = await visitor.RefreshAsync();
        (await ErrorAsync(refresh)).ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task An_access_token_ends_after_an_hour_and_reaches_its_own_company_only()
    {
        await using var visitor = await ConnectedAsync();
        using (var other = await visitor.AskAsync("select count(*) from Invoice", OneCurrency))
            (await FaultAsync(other)).ShouldBe((403, "3100"));

        visitor.Time.Advance(TimeSpan.FromMinutes(60));

        using var late = await visitor.AskAsync("select count(*) from Invoice");
        (await FaultAsync(late)).ShouldBe((401, "3200"));
    }

    [Fact]
    public async Task A_new_consent_for_the_company_ends_the_tokens_before_it()
    {
        await using var visitor = await ConnectedAsync();
        var old = visitor.RefreshToken;

        await visitor.ConnectAsync(Birch, DefaultWorld.Ben);

        using var refused = await visitor.RefreshAsync(old);
        (await ErrorAsync(refused)).ShouldBe("invalid_grant");
        using var alive = await visitor.RefreshAsync();
        alive.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_connected_is_told_by_userinfo_and_the_addresses_by_discovery()
    {
        await using var visitor = await ConnectedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/openid_connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", visitor.AccessToken);
        using var answer = await visitor.Http.SendAsync(request);
        var person = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        var addresses = (await visitor.Http.GetFromJsonAsync<JsonNode>("/.well-known/openid_configuration"))!;

        ((string)person["email"]!, (string)person["givenName"]!).ShouldBe(("ada.birch@example.com", "Ada"));
        ((string)addresses["token_endpoint"]!).ShouldBe(visitor.Http.BaseAddress + "oauth2/v1/tokens/bearer");
    }

    [Fact]
    public async Task Connections_outlive_the_process()
    {
        var folder = Directory.CreateTempSubdirectory("qbo-sandbox").FullName;
        try
        {
            string refresh, access;
            await using (var first = await ConnectedAsync(options: new() { DataFolder = folder }))
            {
                (refresh, access) = (first.RefreshToken, first.AccessToken);
                await first.EditAsync(new { kind = "edit", collection = "Customer", id = (string)(await first.ListAsync("Customer"))[0]["Id"]!, set = new { DisplayName = "O'Neill & Söhne 株式会社" } });
            }

            await using var second = await StartAsync(new() { DataFolder = folder });
            (second.RefreshToken, second.AccessToken) = (refresh, access);

            (await second.ListAsync("Customer", "where DisplayName = 'O\\'Neill & Söhne 株式会社'")).Count.ShouldBe(1);
            using var alive = await second.RefreshAsync();
            alive.IsSuccessStatusCode.ShouldBeTrue();
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static async Task<HttpResponseMessage> RevokeAsync(QuickBooksVisitor visitor, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/oauth2/tokens/revoke") { Content = JsonContent.Create(new { token }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("sandbox-client:sandbox-secret")));
        return await visitor.Http.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> PostAsync(QuickBooksVisitor visitor, string path, params (string Key, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));
        return await visitor.Http.PostAsync(path, content);
    }
}
