using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace DataHealth.Sandbox.Tests.Server;

/// <summary>An app's address for webhooks: checks signatures, keeps what is genuine, and misbehaves when told to.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HookReceiver(WebApplication app) => _app = app;

    public const string Key = "the-signing-key";

    public Uri Address => new(_app.Urls.First() + "/hook");

    public ConcurrentQueue<JsonNode> Genuine { get; } = new();

    public int Posts;

    /// <summary>What a genuine post is answered.</summary>
    public volatile int Status = 200;

    /// <summary>Takes everything for genuine.</summary>
    public volatile bool IsCredulous;

    public IEnumerable<JsonNode> Events => Genuine.SelectMany(post => post["events"]!.AsArray()).Select(one => one!);

    public static async Task<HookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new HookReceiver(builder.Build());
        receiver._app.MapPost("/hook", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        Interlocked.Increment(ref Posts);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var right = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), body.ToArray()));
        if (!IsCredulous && request.Headers["x-xero-signature"] != right)
            return Results.StatusCode(401);
        if (Status == 200)
            Genuine.Enqueue(JsonNode.Parse(body.ToArray())!);
        return Results.StatusCode(Status);
    }
}
