using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static DataHealth.Sandbox.Tests.QuickBooks.QuickBooksVisitor;

namespace DataHealth.Sandbox.Tests.QuickBooks;

public sealed class QuickBooksWebhookSpecs
{
    [Theory]
    [InlineData("cloudEvents")]
    [InlineData("old")]
    public async Task Edits_are_told_in_either_form_and_signed_with_the_verifier_token(string form)
    {
        await using var app = await Listener.StartAsync();
        await using var visitor = await ConnectedAsync();
        await visitor.ControlAsync(HttpMethod.Patch, "switches", new { webhooks = form });
        await visitor.ControlAsync(HttpMethod.Put, "webhooks/sandbox-client", new { url = app.Url, key = "the-verifier", held = true });
        var id = (string)(await visitor.EditAsync(new { kind = "create", collection = "Invoice" }))![0]!["id"]!;
        await visitor.EditAsync(new { kind = "delete", collection = "Invoice", id });

        await visitor.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver");

        var (body, signature) = app.Received.Single();
        signature.ShouldBe(Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes("the-verifier"), Encoding.UTF8.GetBytes(body))));
        var json = JsonNode.Parse(body)!;
        if (form == "old")
        {
            var told = json["eventNotifications"]![0]!;
            ((string)told["realmId"]!).ShouldBe(Birch);
            told["dataChangeEvent"]!["entities"]!.AsArray().Select(entity => ((string)entity!["id"]!, (string)entity["operation"]!)).ShouldBe([(id, "Create"), (id, "Delete")]);
        }
        else
        {
            json.AsArray().Select(told => ((string)told!["intuitentityid"]!, (string)told["type"]!, (string)told["intuitaccountid"]!))
                .ShouldBe([(id, "qbo.invoice.created.v1", Birch), (id, "qbo.invoice.deleted.v1", Birch)]);
        }
    }

    [Fact]
    public async Task A_failing_address_is_tried_again_after_twenty_thirty_and_fifty_minutes()
    {
        await using var app = await Listener.StartAsync();
        await using var visitor = await ConnectedAsync();
        app.Status = 503;
        await visitor.ControlAsync(HttpMethod.Put, "webhooks/sandbox-client", new { url = app.Url, held = true });
        await visitor.EditAsync(new { kind = "create", collection = "Bill" });
        await visitor.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver");
        DateTime Next(JsonNode hook) => ((DateTime)hook["nextTryUtc"]!).ToUniversalTime();

        Next((await visitor.ControlAsync(HttpMethod.Get, "webhooks/sandbox-client"))!).ShouldBe(visitor.Time.GetUtcNow().UtcDateTime.AddMinutes(20));
        await visitor.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver");
        Next((await visitor.ControlAsync(HttpMethod.Get, "webhooks/sandbox-client"))!).ShouldBe(visitor.Time.GetUtcNow().UtcDateTime.AddMinutes(30));
        app.Status = 200;
        await visitor.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/deliver");

        ((long)(await visitor.ControlAsync(HttpMethod.Get, "webhooks/sandbox-client"))!["deliveredTo"]!).ShouldBe(1);
        app.Received.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Past_events_can_come_again_out_of_order_and_signed_by_a_stranger()
    {
        await using var app = await Listener.StartAsync();
        await using var visitor = await ConnectedAsync();
        await visitor.ControlAsync(HttpMethod.Put, "webhooks/sandbox-client", new { url = app.Url, key = "the-verifier", held = true });
        for (var edit = 0; edit < 3; edit++)
            await visitor.EditAsync(new { kind = "create", collection = "Customer" });

        var posts = (await visitor.ControlAsync(HttpMethod.Post, "webhooks/sandbox-client/replay", new { times = 2, order = "descending", signature = "wrong", eventsPerPost = 1 }))!.AsArray();

        posts.Select(post => (long)post!["first"]!).ShouldBe([3, 2, 1, 3, 2, 1]);
        app.Received.ShouldAllBe(post => post.Signature != Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes("the-verifier"), Encoding.UTF8.GetBytes(post.Body))));
    }

    private sealed class Listener : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Listener(WebApplication app) => _app = app;

        public ConcurrentQueue<(string Body, string Signature)> Received { get; } = new();

        public int Status { get; set; } = 200;

        public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook";

        public static async Task<Listener> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var listener = new Listener(app);
            app.MapPost("/hook", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                listener.Received.Enqueue((await reader.ReadToEndAsync(), request.Headers["intuit-signature"].ToString()));
                return Results.StatusCode(listener.Status);
            });
            await app.StartAsync();
            return listener;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
