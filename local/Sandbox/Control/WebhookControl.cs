using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.Webhooks;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Control;

/// <summary>The developer portal's webhooks page, and what goes wrong with webhooks in life.</summary>
internal static class WebhookControl
{
    public static void MapWebhooks(this RouteGroupBuilder control)
    {
        control.MapGet("/webhooks", (WebhookDesk desk) => desk.Apps.Select(app => Shown(app, desk)).ToList());
        var hooks = control.MapGroup("/webhooks/{clientId}");
        hooks.MapGet("", Shown);
        hooks.MapPut("", async (string clientId, JsonObject body, SandboxWorld world, WebhookDesk desk, SecretsLedger secrets, CancellationToken cancellationToken) =>
        {
            if (world.Read(state => !state.Apps.ContainsKey(clientId)))
                throw new KeyNotFoundException($"There is no app '{clientId}'.");
            body["key"] ??= Convert.ToBase64String(RandomNumberGenerator.GetBytes(66));
            var webhook = body.Deserialize<Webhook>(SandboxJson.Options)! with { Status = WebhookStatus.Pending, Why = null };
            if (!webhook.Url.IsAbsoluteUri || webhook.Url.Scheme is not ("http" or "https"))
                throw new ArgumentException("url must be an absolute http or https address.");
            secrets.Keep("webhook-key", webhook.Key);
            world.Change(state => state.Webhooks[clientId] = webhook);
            await desk.EnableAsync(clientId, cancellationToken);
            return Shown(clientId, desk);
        });
        hooks.MapPatch("", (string clientId, JsonObject body, WebhookDesk desk) =>
        {
            desk.Change(clientId, hook => SandboxJson.Overlay(hook, body));
            return Shown(clientId, desk);
        });
        hooks.MapDelete("", (string clientId, WebhookDesk desk) =>
        {
            desk.Remove(clientId);
            return Results.NoContent();
        });
        hooks.MapPost("/enable", (string clientId, WebhookDesk desk, CancellationToken cancellationToken) => desk.EnableAsync(clientId, cancellationToken));
        hooks.MapPost("/disable", (string clientId, WebhookDesk desk) =>
        {
            desk.Change(clientId, hook => hook with { Status = WebhookStatus.Disabled, Why = "By hand." });
            return Shown(clientId, desk);
        });
        hooks.MapPost("/deliver", (string clientId, WebhookDesk desk, CancellationToken cancellationToken) => desk.DeliverAsync(clientId, early: true, cancellationToken));
        hooks.MapPost("/replay", (string clientId, JsonObject body, WebhookDesk desk, CancellationToken cancellationToken) =>
            desk.ReplayAsync(clientId, body.Deserialize<ReplayOrder>(SandboxJson.Options)!, cancellationToken));
        hooks.MapGet("/posts", (string clientId, WebhookDesk desk) => desk.Outbox(clientId).Posts);
    }

    private static WebhookShown Shown(string clientId, WebhookDesk desk)
    {
        var hook = desk.Find(clientId) ?? throw new KeyNotFoundException($"The app '{clientId}' has no webhook.");
        var outbox = desk.Outbox(clientId);
        return new WebhookShown(clientId, hook.Url, hook.Key, hook.Categories, hook.Status, hook.Why, hook.Held, hook.EventsPerPost, outbox.LastSequence, outbox.DeliveredTo, outbox.NextTryUtc);
    }
}

/// <summary>A webhook and where its delivery stands.</summary>
internal sealed record WebhookShown(
    string ClientId, Uri Url, string Key, IReadOnlyList<string> Categories, WebhookStatus Status, string? Why, bool Held, int EventsPerPost, long LastSequence, long DeliveredTo, DateTime? NextTryUtc);
