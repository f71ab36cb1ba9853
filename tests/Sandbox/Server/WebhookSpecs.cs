using System.Text.Json.Nodes;

namespace DataHealth.Sandbox.Tests.Server;

public sealed class WebhookSpecs
{
    private static readonly string Edits = $"organisations/{XeroVisitor.Birch}/edits";

    [Fact]
    public async Task Edits_of_the_categories_are_told_in_order_and_what_Xero_does_not_report_is_not()
    {
        await using var app = await HookReceiver.StartAsync();
        await using var xero = await XeroVisitor.ConnectedAsync();
        (await RegisterAsync(xero, app))["status"]!.ToString().ShouldBe("enabled");
        var contact = await FirstAsync(xero, "Contacts", "ContactID");

        await xero.ControlAsync(HttpMethod.Post, Edits, new { kind = "create", collection = "Invoices" });
        await xero.ControlAsync(HttpMethod.Post, Edits, new { kind = "edit", collection = "Contacts", id = contact, set = new Dictionary<string, string> { ["Name"] = "Renamed Ltd" } });
        await xero.ControlAsync(HttpMethod.Post, Edits, new { kind = "silent", collection = "Invoices", id = await FirstAsync(xero, "Invoices", "InvoiceID"), set = new Dictionary<string, string> { ["DueDate"] = "2026-12-24" } });
        await xero.ControlAsync(HttpMethod.Post, Edits, new { kind = "create", collection = "BankTransactions" });
        await xero.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver");

        app.Genuine.ShouldAllBe(post => ((string)post["entropy"]!).Length == 20);
        var events = app.Events.ToList();
        events.Select(one => $"{one["eventCategory"]} {one["eventType"]}").Where(text => !text.StartsWith("CONTACT UPDATE", StringComparison.Ordinal)).ShouldBe(["INVOICE CREATE"]);
        var renamed = events[^1];
        renamed["resourceId"]!.ToString().ShouldBe(contact);
        renamed["tenantId"]!.ToString().ShouldBe(XeroVisitor.Birch.ToString());
        renamed["tenantType"]!.ToString().ShouldBe("ORGANISATION");
        renamed["eventDateUtc"]!.ToString().ShouldBe("2026-11-23T20:00:00.000");
        renamed["resourceUrl"]!.ToString().ShouldEndWith($"/api.xro/2.0/Contacts/{contact}");
        app.Genuine.Last()["lastEventSequence"]!.GetValue<long>().ShouldBe(events.Count);
    }

    [Fact]
    public async Task An_address_that_takes_wrong_signatures_does_not_show_the_intent_to_receive()
    {
        await using var app = await HookReceiver.StartAsync();
        await using var xero = await XeroVisitor.ConnectedAsync();
        app.IsCredulous = true;

        var hook = await RegisterAsync(xero, app);

        hook["status"]!.ToString().ShouldBe("pending");
        hook["why"]!.ToString().ShouldContain("401");
    }

    [Fact]
    public async Task A_failing_address_is_tried_again_at_once_and_every_quarter_then_disabled_and_loses_nothing()
    {
        await using var app = await HookReceiver.StartAsync();
        await using var xero = await XeroVisitor.ConnectedAsync();
        await RegisterAsync(xero, app);
        await xero.ControlAsync(HttpMethod.Patch, "webhooks/sandbox-client", new { held = true });
        app.Genuine.Clear();
        app.Status = 500;
        for (var i = 0; i < 3; i++)
            await xero.ControlAsync(HttpMethod.Post, Edits, new { kind = "create", collection = "Invoices" });
        var before = app.Posts;

        (await xero.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver"))!.AsArray().Count.ShouldBe(2);
        var next = (DateTime)(await xero.ControlAsync(HttpMethod.Get, "webhooks/sandbox-client"))!["nextTryUtc"]!;
        xero.Time.Advance(TimeSpan.FromHours(25));
        await xero.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver");
        var disabled = (await xero.ControlAsync(HttpMethod.Get, "webhooks/sandbox-client"))!;
        app.Status = 200;
        await xero.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver");
        var whileDisabled = app.Events.Count();
        await xero.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/enable");
        await xero.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver");

        next.ToUniversalTime().ShouldBe(new DateTime(2026, 11, 23, 20, 15, 0, DateTimeKind.Utc));
        app.Posts.ShouldBeGreaterThanOrEqualTo(before + 3);
        disabled["status"]!.ToString().ShouldBe("disabled");
        whileDisabled.ShouldBe(0);
        app.Events.Count().ShouldBe((int)disabled["lastSequence"]!);
        app.Events.Count(one => one["eventType"]!.ToString() == "CREATE").ShouldBe(3);
    }

    [Fact]
    public async Task Past_events_are_sent_again_out_of_order_repeated_or_forged()
    {
        await using var app = await HookReceiver.StartAsync();
        await using var xero = await XeroVisitor.ConnectedAsync();
        await RegisterAsync(xero, app);
        for (var i = 0; i < 4; i++)
            await xero.ControlAsync(HttpMethod.Post, Edits, new { kind = "edit", collection = "Contacts", id = await FirstAsync(xero, "Contacts", "ContactID"), set = new Dictionary<string, string> { ["Name"] = $"Name {i}" } });
        await xero.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver");
        app.Genuine.Clear();

        await xero.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/replay", new { order = "descending", eventsPerPost = 1, times = 2 });
        var forged = (await xero.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/replay", new { signature = "wrong" }))!.AsArray();

        app.Genuine.Select(post => post["firstEventSequence"]!.GetValue<long>()).ShouldBe([4, 3, 2, 1, 4, 3, 2, 1]);
        forged.ShouldAllBe(post => (int)post!["status"]! == 401 && (bool)post["good"]!);
    }

    private static async Task<JsonNode> RegisterAsync(XeroVisitor xero, HookReceiver app) =>
        (await xero.ControlAsync(HttpMethod.Put, "webhooks/sandbox-client", new { url = app.Address, key = HookReceiver.Key }))!;

    private static async Task<string> FirstAsync(XeroVisitor xero, string list, string id) => (string)(await xero.JsonAsync($"{list}?page=1&pageSize=1&order={id}"))[list]![0]![id]!;
}
