using System.Net;
using DataHealth.Testing;

namespace DataHealth.Sandbox.Tests.Server;

public sealed class LimitSpecs
{
    [Fact]
    public async Task Every_answer_says_what_is_left_and_the_sixty_first_call_of_a_minute_is_refused_until_the_window_turns()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        await xero.ControlAsync(HttpMethod.Put, $"limits/tenants/{XeroVisitor.Birch}", new { minuteStartsAt = 0, dayStartsAt = 0 });

        using var first = await xero.ListAsync("Organisation");
        for (var call = 2; call <= 60; call++)
            (await xero.ListAsync("Organisation")).StatusCode.ShouldBe(HttpStatusCode.OK);
        xero.Time.Advance(TimeSpan.FromSeconds(18.5));
        using var refused = await xero.ListAsync("Organisation");
        xero.Time.Advance(TimeSpan.FromSeconds(41.5));
        using var later = await xero.ListAsync("Organisation");

        Header(first, "X-MinLimit-Remaining").ShouldBe("59");
        Header(first, "X-DayLimit-Remaining").ShouldBe("4999");
        Guid.TryParse(Header(first, "Xero-Correlation-Id"), out _).ShouldBeTrue();
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Header(refused, "X-Rate-Limit-Problem").ShouldBe("minute");
        Header(refused, "Retry-After").ShouldBe("42");
        Header(refused, "X-MinLimit-Remaining").ShouldBe("0");
        later.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(later, "X-DayLimit-Remaining").ShouldBe("4939");
    }

    [Fact]
    public async Task A_day_is_a_fixed_window_that_begins_where_the_tenant_says_and_its_refusals_cost_nothing()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        await xero.ControlAsync(HttpMethod.Patch, "limits", new { day = 2, spelling = "title" });
        await xero.ControlAsync(HttpMethod.Put, $"limits/tenants/{XeroVisitor.Birch}", new { dayStartsAt = (20 * 3600) + 900 });

        await xero.ListAsync("Organisation");
        await xero.ListAsync("Organisation");
        using var refused = await xero.ListAsync("Organisation");
        xero.Time.Advance(TimeSpan.FromMinutes(15));
        using var nextDay = await xero.ListAsync("Organisation");

        Header(refused, "X-Rate-Limit-Problem").ShouldBe("Daily");
        Header(refused, "Retry-After").ShouldBe("900");
        Header(refused, "X-DayLimit-Remaining").ShouldBe("0");
        Header(refused, "X-MinLimit-Remaining").ShouldBe("58");
        nextDay.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Windows_of_two_tenants_begin_at_different_moments()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        await xero.ConnectAsync(XeroVisitor.Kauri);
        await xero.ListAsync("Organisation", XeroVisitor.Birch);
        await xero.ListAsync("Organisation", XeroVisitor.Kauri);

        var standing = (await xero.ControlAsync(HttpMethod.Get, "limits/standing"))!.AsArray();

        standing.Select(tenant => (string)tenant!["dayStartsUtc"]!).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_sixth_call_in_flight_is_refused_without_Retry_After()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var hold = (string)(await xero.ControlAsync(HttpMethod.Post, "faults", new { kind = "hold", endpoint = "Users" }))!["id"]!;
        var five = Enumerable.Range(0, 5).Select(_ => xero.ListAsync("Users")).ToList();
        await Eventually.TrueAsync("five are held", async () => (int)(await xero.ControlAsync(HttpMethod.Get, "faults"))![0]!["waiting"]! == 5, TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        using var sixth = await xero.ListAsync("Organisation");
        await xero.ControlAsync(HttpMethod.Delete, "faults/" + hold);
        var answers = await Task.WhenAll(five);
        using var after = await xero.ListAsync("Organisation");

        sixth.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Header(sixth, "X-Rate-Limit-Problem").ShouldBe("concurrent");
        sixth.Headers.Contains("Retry-After").ShouldBeFalse();
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_app_minute_is_shared_by_all_tenants()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        await xero.ConnectAsync(XeroVisitor.Kauri);
        await xero.ControlAsync(HttpMethod.Patch, "limits", new { appMinute = 2 });

        await xero.ListAsync("Organisation", XeroVisitor.Birch);
        await xero.ListAsync("Organisation", XeroVisitor.Kauri);
        using var third = await xero.ListAsync("Organisation", XeroVisitor.Birch);

        Header(third, "X-Rate-Limit-Problem").ShouldBe("appminute");
        Header(third, "X-MinLimit-Remaining").ShouldBe("59");
    }

    [Fact]
    public async Task Starter_has_a_thousand_a_day_and_Rapid_Sync_lifts_minute_and_day_for_thirty_minutes()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        await xero.ControlAsync(HttpMethod.Patch, "apps/sandbox-client", new { tier = "starter" });
        using var starter = await xero.ListAsync("Organisation");
        await xero.ControlAsync(HttpMethod.Patch, "apps/sandbox-client", new { tier = "plus", rapidSync = true });
        await xero.ControlAsync(HttpMethod.Patch, "limits", new { minute = 1 });

        using var rapid = await xero.ListAsync("Organisation");
        xero.Time.Advance(TimeSpan.FromMinutes(29));
        xero.AccessToken = (string)(await xero.TakeAsync(await xero.RefreshAsync(xero.RefreshToken)))["access_token"]!;
        using var still = await xero.ListAsync("Organisation");
        xero.Time.Advance(TimeSpan.FromMinutes(2));
        using var counted = await xero.ListAsync("Organisation");
        using var refused = await xero.ListAsync("Organisation");

        Header(starter, "X-DayLimit-Remaining").ShouldBe("999");
        rapid.StatusCode.ShouldBe(HttpStatusCode.OK);
        still.StatusCode.ShouldBe(HttpStatusCode.OK);
        counted.StatusCode.ShouldBe(HttpStatusCode.OK);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
