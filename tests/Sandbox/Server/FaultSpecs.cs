using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataHealth.Sandbox.Tests.Server;

public sealed class FaultSpecs
{
    [Fact]
    public async Task Five_percent_of_failures_come_where_the_seed_puts_them()
    {
        async Task<string> RunAsync()
        {
            await using var xero = await XeroVisitor.ConnectedAsync();
            await xero.ControlAsync(HttpMethod.Patch, "limits", new { enforced = false });
            await xero.ControlAsync(HttpMethod.Post, "faults", new { kind = "unavailable", percent = 5, seed = 42 });
            var statuses = new List<int>();
            for (var call = 0; call < 200; call++)
                statuses.Add((int)(await xero.ListAsync("Organisation")).StatusCode);
            statuses.Count(status => status is 500 or 503).ShouldBeInRange(2, 25);
            return string.Join(' ', statuses);
        }

        (await RunAsync()).ShouldBe(await RunAsync());
    }

    [Fact]
    public async Task Broken_answers_are_broken_in_their_own_way_and_only_where_they_were_asked_for()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        async Task<HttpResponseMessage> WithAsync(string kind)
        {
            await xero.ControlAsync(HttpMethod.Post, "faults", new { kind, endpoint = "Contacts", count = 1, megabytes = 3 });
            (await xero.ListAsync("Items")).StatusCode.ShouldBe(HttpStatusCode.OK);
            return await xero.ListAsync("Contacts?page=1");
        }

        (await (await WithAsync("html")).Content.ReadAsStringAsync()).ShouldStartWith("<!DOCTYPE html>");
        Should.Throw<JsonException>(() => JsonDocument.Parse(WithAsync("halfJson").Result.Content.ReadAsStream()));
        (await WithAsync("wrongContentType")).Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        JsonNode.Parse(await (await WithAsync("wrongTypes")).Content.ReadAsStringAsync())!["Contacts"]![0]!["Name"]!.GetValueKind().ShouldBe(JsonValueKind.Number);
        (await (await WithAsync("huge")).Content.ReadAsByteArrayAsync()).Length.ShouldBeGreaterThan(3 * 1024 * 1024);
        await Should.ThrowAsync<HttpRequestException>(() => WithAsync("truncate"));
        await Should.ThrowAsync<HttpRequestException>(() => WithAsync("reset"));
        (await xero.ListAsync("Contacts?page=1")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_offline_organisation_is_503_in_words_and_comes_back()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        await xero.ControlAsync(HttpMethod.Patch, $"organisations/{XeroVisitor.Birch}", new { offline = true });
        await xero.ControlAsync(HttpMethod.Patch, "switches", new { retryAfterOn503 = 30 });

        using var offline = await xero.ListAsync("Organisation");
        await xero.ControlAsync(HttpMethod.Patch, $"organisations/{XeroVisitor.Birch}", new { offline = false });
        using var back = await xero.ListAsync("Organisation");

        offline.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await offline.Content.ReadAsStringAsync()).ShouldContain("organisation is currently offline");
        offline.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
        back.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Edits_scheduled_after_a_page_are_made_between_that_page_and_the_next()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var contacts = (await xero.JsonAsync("Contacts?page=1"))["Contacts"]!.AsArray();
        await xero.ControlAsync(HttpMethod.Post, $"organisations/{XeroVisitor.Birch}/edits/scheduled", new
        {
            collection = "Contacts",
            afterPageCall = 1,
            edits = new[] { new { kind = "edit", collection = "Contacts", id = (string)contacts[0]!["ContactID"]!, set = new Dictionary<string, string> { ["Name"] = "Changed while paging" } } },
        });

        var first = await (await xero.ListAsync("Contacts?page=1&pageSize=5")).Content.ReadAsStringAsync();
        var second = await (await xero.ListAsync("Contacts?page=1&pageSize=1000")).Content.ReadAsStringAsync();

        first.ShouldNotContain("Changed while paging");
        second.ShouldContain("Changed while paging");
    }

    [Fact]
    public async Task The_call_log_shows_every_call_without_secrets()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        await xero.ListAsync("Invoices?page=1&pageSize=10");
        await xero.RefreshAsync(xero.RefreshToken);

        var log = (await xero.ControlAsync(HttpMethod.Get, "calls"))!;
        var invoices = (await xero.ControlAsync(HttpMethod.Get, "calls/count?endpoint=invoices"))!;
        var secrets = (await xero.ControlAsync(HttpMethod.Get, "secrets"))!["secrets"]!.AsArray();

        ((int)invoices["total"]!).ShouldBe(1);
        ((long)invoices["bytes"]!).ShouldBeGreaterThan(1000);
        log.AsArray().Count(call => (string?)call!["grantType"] == "refresh_token").ShouldBe(1);
        secrets.Count.ShouldBeGreaterThan(4);
        secrets.ShouldAllBe(secret => !log.ToJsonString().Contains((string)secret!["value"]!, StringComparison.Ordinal));
    }
}
