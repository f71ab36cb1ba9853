using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DataHealth.Core.Webhooks;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Functions.Tests.QuickBooks;

/// <summary>QuickBooks' webhooks in both forms, as the sandbox sends them and as a stranger would.</summary>
public sealed class QuickBooksWebhookTests(AzuriteFixture azurite)
{
    private const string Token = "verifier-token-of-the-test";
    private const string Name = "Rowan Ltd";
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(8);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(WebhookForm.CloudEvents)]
    [InlineData(WebhookForm.Old)]
    public async Task Posts_of_both_forms_repeated_and_out_of_order_lose_no_hint_call_nobody_and_make_one_sync(WebhookForm form)
    {
        await using var stage = await StartAsync(new QuickBooksSwitches { Webhooks = form });
        var realm = await stage.CompanyAsync(Name);
        var client = await stage.ConnectedAsync(Name);
        await stage.ControlAsync(HttpMethod.Put, "webhooks/sandbox-client", new { url = new Uri(stage.Application.Api.BaseAddress!, "webhooks/quickbooks"), key = Token, eventsPerPost = 5, held = true });
        await stage.ControlAsync(HttpMethod.Post, $"organisations/{realm}/edits/random", new { seed = 11, count = 40 });
        var callsBefore = await stage.Control.DataCallsAsync(realm, Cancelled);

        List<JsonElement> posts = [];
        for (var round = 0; round < 10 && !posts.Any(Good); round++)
            posts = [.. (await stage.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver")).EnumerateArray()];
        var storm = (await stage.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/replay", new { order = "shuffled", seed = 3, times = 20, sideBySide = 20 })).EnumerateArray().ToList();

        // 503 asks for the post again; all else would lose it.
        storm.Count.ShouldBeGreaterThan(100);
        storm.ShouldAllBe(post => Status(post) == 200 || Status(post) == 503);
        storm.Count(Good).ShouldBeGreaterThan(0);
        var hints = await PendingAsync(stage);
        hints.ShouldHaveSingleItem().Kinds.ShouldContain("invoice");
        (await stage.Control.DataCallsAsync(realm, Cancelled)).ShouldBe(callsBefore);

        (await DrainAsync(stage)).ShouldBe(new DrainResult(Hastened: 1, Settled: 0, Waiting: 0, Unknown: 0, IsWhole: true));
        await DrainAsync(stage);
        (await PendingAsync(stage)).ShouldBeEmpty();
        await stage.Practice.WaitForRunAsync(client, "the hinted sync has ended", run => PracticeDriver.Text(run, "trigger") == "scheduled" && PracticeDriver.Text(run, "state") == "finished", Soon, Cancelled);
        (await stage.Practice.GetAsync($"clients/{client}/runs", Cancelled)).GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task What_Intuit_did_not_sign_is_a_401_and_leaves_nothing()
    {
        await using var stage = await StartAsync(new());
        var realm = await stage.CompanyAsync(Name);
        await stage.ConnectedAsync(Name);
        var body = Encoding.UTF8.GetBytes($"[{{\"specversion\":\"1.0\",\"type\":\"qbo.invoice.updated.v1\",\"intuitentityid\":\"1\",\"intuitaccountid\":\"{realm}\"}}]");
        var right = WebhookSignature.Of(body, Token);

        foreach (var signature in new[] { null, "", "x", right[..^1], right.ToLowerInvariant(), WebhookSignature.Of(body, Token + "x"), WebhookSignature.Of([.. body, (byte)' '], Token) })
            (await PostAsync(stage, body, signature)).ShouldBe(HttpStatusCode.Unauthorized, signature);
        (await PendingAsync(stage)).ShouldBeEmpty();
        await stage.ControlAsync(HttpMethod.Put, "webhooks/sandbox-client", new { url = new Uri(stage.Application.Api.BaseAddress!, "webhooks/quickbooks"), key = Token, held = true });
        await stage.ControlAsync(HttpMethod.Post, $"organisations/{realm}/edits/random", new { seed = 12, count = 5 });
        var wrong = (await stage.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/replay", new { signature = "wrong" })).EnumerateArray().ToList();
        wrong.ShouldNotBeEmpty();
        wrong.ShouldAllBe(post => Status(post) == 401);
        (await PendingAsync(stage)).ShouldBeEmpty();

        (await PostAsync(stage, body, right)).ShouldBe(HttpStatusCode.OK);
        (await PendingAsync(stage)).ShouldHaveSingleItem();
        stage.Application.Logs.Lines.ShouldNotContain(line => line.Contains(Token, StringComparison.Ordinal));
    }

    private Task<QuickBooksStage> StartAsync(QuickBooksSwitches switches) => QuickBooksStage.StartAsync(
        azurite, switches, ("QuickBooks:WebhookVerifierToken", Token), ("WebhookDrainSchedule", "0 0 0 1 1 *"), ("DueSyncSchedule", "*/2 * * * * *"), ("Webhooks:BetweenSyncs", "00:00:00"), ("Webhooks:Settle", "00:00:00"));

    private static async Task<HttpStatusCode> PostAsync(QuickBooksStage stage, byte[] body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "webhooks/quickbooks") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents-batch+json");
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("intuit-signature", signature);
        using var answer = await stage.Application.Api.SendAsync(request, Cancelled);
        (await answer.Content.ReadAsByteArrayAsync(Cancelled)).ShouldBeEmpty();
        return answer.StatusCode;
    }

    private static Task<DrainResult> DrainAsync(QuickBooksStage stage) => stage.Application.Services.GetRequiredService<DrainHints>().ExecuteAsync(Cancelled);

    private static async Task<List<PendingHints>> PendingAsync(QuickBooksStage stage) =>
        await stage.Application.Services.GetRequiredService<WebhookHints>().PendingAsync(Cancelled).ToListAsync(Cancelled);

    private static bool Good(JsonElement post) => post.GetProperty("good").GetBoolean();

    private static int? Status(JsonElement post) => post.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Number ? status.GetInt32() : null;
}
