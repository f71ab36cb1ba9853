using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DataHealth.Core;
using DataHealth.Core.Sync;
using DataHealth.Core.Webhooks;
using DataHealth.Functions.Http.Webhooks;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Functions.Tests;

/// <summary>Xero's webhooks as the sandbox sends them, and as a stranger would.</summary>
public sealed class WebhookTests(AzuriteFixture azurite)
{
    private const string Key = "s1gn1ng/k3y+of+the+test==";
    private const string Never = "0 0 0 1 1 *";
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(8);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_posts_repeated_and_out_of_order_lose_no_hint_and_make_one_sync()
    {
        await using var application = await StartAsync();
        var organisation = await application.Sandbox.OrganisationAsync("Birch & Ash Ltd", Cancelled);
        var client = await ConnectedAsync(application);
        // Enabled only when the trial posts, two of them forged, were answered as Xero asks: 200 and 401, no body, no cookies, within 5 seconds.
        (await ControlAsync(application, HttpMethod.Put, "webhooks/sandbox-client", new { url = Address(application), key = Key, eventsPerPost = 5, held = true }))
            .GetProperty("status").GetString().ShouldBe("enabled");
        await ControlAsync(application, HttpMethod.Post, $"organisations/{organisation}/edits/random", new { seed = 11, count = 60 });
        await ControlAsync(application, HttpMethod.Post, $"organisations/{organisation}/edits", new { kind = "create", collection = "Invoices" });
        var callsBefore = await application.Sandbox.DataCallsAsync(organisation, Cancelled);

        // Post for post again where our storage was too slow, as Xero does.
        var posts = new List<JsonElement>();
        for (var round = 0; round < 10 && !posts.Any(Good); round++)
            posts = [.. (await ControlAsync(application, HttpMethod.Post, "webhooks/sandbox-client/deliver")).EnumerateArray()];
        var chunks = posts.Count;
        // What the first delivery has left is taken away: every hint that is there afterwards came through the storm.
        var before = await PendingAsync(application);
        foreach (var pending in before)
            await application.Services.GetRequiredService<WebhookHints>().RemoveAsync(pending, Cancelled);
        (await PendingAsync(application)).ShouldBeEmpty();
        var storm = (await ControlAsync(application, HttpMethod.Post, "webhooks/sandbox-client/replay", new { order = "shuffled", seed = 3, times = (1000 / chunks) + 1, sideBySide = 100 })).EnumerateArray().ToList();

        storm.Count.ShouldBeGreaterThanOrEqualTo(1000);
        storm.ShouldAllBe(post => Status(post) == 200 || Status(post) == 503);
        storm.Count(Good).ShouldBeGreaterThan(storm.Count / 2, "most are taken at once; the others are sent again");
        var times = storm.Select(post => post.GetProperty("milliseconds").GetDouble()).Order().ToList();
        TestContext.Current.TestOutputHelper!.WriteLine($"{storm.Count} posts: p50 {times[times.Count / 2]:0} ms, p99 {times[times.Count * 99 / 100]:0} ms, slowest {times[^1]:0} ms; {storm.Count(post => !Good(post))} to be sent again");
        var hints = await PendingAsync(application);
        hints.ShouldHaveSingleItem().Kinds.ShouldBeSubsetOf(["contact", "invoice", "creditnote", "prepayment", "overpayment"]);
        before.ShouldHaveSingleItem().Kinds.ShouldBeSubsetOf(hints[0].Kinds, "none of what the posts told is lost");
        hints[0].Kinds.ShouldContain("invoice");
        (await application.Sandbox.DataCallsAsync(organisation, Cancelled)).ShouldBe(callsBefore);

        var drained = await DrainAsync(application);
        drained.ShouldBe(new DrainResult(Hastened: 1, Settled: 0, Waiting: 0, Unknown: 0, IsWhole: true));
        await DrainAsync(application);
        (await PendingAsync(application)).ShouldBeEmpty();
        (await application.Sandbox.DataCallsAsync(organisation, Cancelled)).ShouldBe(callsBefore);

        await application.Practice.WaitForRunAsync(client, "the hinted sync has ended", run => PracticeDriver.Text(run, "trigger") == "scheduled" && PracticeDriver.Text(run, "state") == "finished", Soon, Cancelled);
        (await DrainAsync(application)).Hastened.ShouldBe(0);
        (await application.Practice.GetAsync($"clients/{client}/runs", Cancelled)).GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_hint_brings_the_next_sync_forward_but_not_closer_to_the_last_one_than_the_rules_allow()
    {
        await using var application = await StartAsync(("Webhooks:BetweenSyncs", "01:00:00"), ("Webhooks:Settle", "00:02:00"));
        var client = await ConnectedAsync(application);
        var run = await application.Services.GetRequiredService<RunStore>().CurrentAsync(new ClientId(client), Cancelled);
        var due = application.Services.GetRequiredService<DueClients>();
        (await due.FindAsync(new ClientId(client), Cancelled))!.Value.ShouldBe(run!.RequestedAt.AddHours(24), TimeSpan.FromSeconds(1));

        for (var again = 0; again < 3; again++)
        {
            (await PostAsync(application, Body(await application.Sandbox.OrganisationAsync("Birch & Ash Ltd", Cancelled)))).ShouldBe(HttpStatusCode.OK);
            await DrainAsync(application);
        }

        (await due.FindAsync(new ClientId(client), Cancelled))!.Value.ShouldBe(run.RequestedAt.AddHours(1), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task What_Xero_did_not_sign_is_a_401_and_leaves_nothing()
    {
        await using var application = await StartAsync();
        var body = Body(Guid.NewGuid().ToString());
        var right = WebhookSignature.Of(body, Key);

        foreach (var signature in new[] { null, "", "x", right[..^1], right.ToLowerInvariant(), WebhookSignature.Of(body, Key + "x"), WebhookSignature.Of([.. body, (byte)' '], Key) })
            (await PostAsync(application, body, signature)).ShouldBe(HttpStatusCode.Unauthorized, signature);

        (await PostAsync(application, [.. body, (byte)' '], right)).ShouldBe(HttpStatusCode.Unauthorized);
        (await PendingAsync(application)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Organisations_that_nobody_is_connected_to_are_dropped_and_counted()
    {
        await using var application = await StartAsync();

        (await PostAsync(application, Body(Guid.NewGuid().ToString()))).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(application, Body(Guid.NewGuid().ToString()))).ShouldBe(HttpStatusCode.OK);
        var drained = await DrainAsync(application);

        drained.Unknown.ShouldBe(2);
        (await PendingAsync(application)).ShouldBeEmpty();
        application.Logs.Lines.ShouldContain(line => line.Contains("Hints of 2 organisations", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bodies_are_bounded_and_what_is_genuine_and_unknown_is_taken_and_dropped()
    {
        await using var application = await StartAsync();
        var large = new byte[WebhookFunction.MaxBytes + 1];

        (await PostAsync(application, large, WebhookSignature.Of(large, Key))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await PostAsync(application, large, WebhookSignature.Of(large, Key), isChunked: true)).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var many = Encoding.UTF8.GetBytes($"{{\"events\":[{string.Join(',', Enumerable.Repeat(Event(Guid.NewGuid().ToString()), 1500))}]}}");
        many.Length.ShouldBeGreaterThan(64 * 1024);
        (await PostAsync(application, many)).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(application, "<html></html>"u8.ToArray())).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(application, [])).ShouldBe(HttpStatusCode.OK);

        (await PendingAsync(application)).Count.ShouldBe(1);
        application.Logs.Lines.ShouldContain(line => line.Contains("not in a form that we know", StringComparison.Ordinal));
        application.Logs.Lines.ShouldNotContain(line => line.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_signing_key_nothing_is_taken_and_a_provider_without_webhooks_has_no_address()
    {
        await using var application = await StartAsync(("Xero:WebhookKey", ""));
        var body = Body(Guid.NewGuid().ToString());

        (await PostAsync(application, body, WebhookSignature.Of(body, ""))).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(application, body, path: "webhooks/sage")).ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<TestApplication> StartAsync(params (string Name, string Value)[] settings) => TestApplication.StartAsync(
        azurite, Cancelled, [("Xero:WebhookKey", Key), ("WebhookDrainSchedule", Never), ("DueSyncSchedule", "*/2 * * * * *"), ("Webhooks:BetweenSyncs", "00:00:00"), ("Webhooks:Settle", "00:00:00"), .. settings]);

    private static async Task<string> ConnectedAsync(TestApplication application)
    {
        var client = await application.Practice.AddClientAsync("Birch & Ash Ltd", Cancelled);
        await application.Practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", Cancelled);
        await application.Practice.WaitForEndAsync(client, Soon, Cancelled);
        return client;
    }

    private static async Task<HttpStatusCode> PostAsync(TestApplication application, byte[] body, string? signature = "right", bool isChunked = false, string path = "webhooks/xero")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = isChunked ? new StreamContent(new MemoryStream(body)) : new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = isChunked;
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("x-xero-signature", signature == "right" ? WebhookSignature.Of(body, Key) : signature);
        using var answer = await application.Api.SendAsync(request, Cancelled);
        if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized)
        {
            (await answer.Content.ReadAsByteArrayAsync(Cancelled)).ShouldBeEmpty();
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        }
        return answer.StatusCode;
    }

    private static Uri Address(TestApplication application) => new(application.Api.BaseAddress!, "webhooks/xero");

    private static async Task<JsonElement> ControlAsync(TestApplication application, HttpMethod method, string path, object? body = null)
    {
        using var http = new HttpClient { BaseAddress = new Uri(application.Server.BaseAddress, "/sandbox/"), Timeout = TimeSpan.FromMinutes(5) };
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonElement.Parse(text);
    }

    private static Task<DrainResult> DrainAsync(TestApplication application) => application.Services.GetRequiredService<DrainHints>().ExecuteAsync(Cancelled);

    private static async Task<List<PendingHints>> PendingAsync(TestApplication application) =>
        await application.Services.GetRequiredService<WebhookHints>().PendingAsync(Cancelled).ToListAsync(Cancelled);

    private static bool Good(JsonElement post) => post.GetProperty("good").GetBoolean();

    private static int? Status(JsonElement post) => post.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Number ? status.GetInt32() : null;

    private static byte[] Body(string tenant) => Encoding.UTF8.GetBytes($"{{\"events\":[{Event(tenant)}],\"firstEventSequence\":1,\"lastEventSequence\":1,\"entropy\":\"ABCDEFGHIJKLMNOPQRST\"}}");

    private static string Event(string tenant) =>
        $"{{\"resourceId\":\"7c1e6a30-52f1-4d0a-9a3c-1f8b7e2d4c55\",\"tenantId\":\"{tenant}\",\"tenantType\":\"ORGANISATION\",\"eventCategory\":\"INVOICE\",\"eventType\":\"UPDATE\",\"eventDateUtc\":\"2026-11-23T20:30:52.417\"}}";
}
