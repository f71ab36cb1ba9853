using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.QuickBooks.Webhooks;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Control;

/// <summary>The developer portal's webhooks page, and what goes wrong with webhooks in life.</summary>
internal static class RealmWebhookControl
{
    public static void MapRealmWebhooks(this RouteGroupBuilder control)
    {
        control.MapGet("/webhooks", (RealmWebhooks webhooks) => webhooks.Apps.Select(app => Shown(app, webhooks)).ToList());
        var hooks = control.MapGroup("/webhooks/{clientId}");
        hooks.MapGet("", (string clientId, RealmWebhooks webhooks) => Shown(clientId, webhooks));
        hooks.MapPut("", (string clientId, JsonObject body, QuickBooksWorld world, RealmWebhooks webhooks, SecretsLedger secrets) =>
        {
            if (world.Read(state => !state.Apps.ContainsKey(clientId)))
                throw new KeyNotFoundException($"There is no app '{clientId}'.");
            body["key"] ??= Guid.NewGuid() + "-" + RandomNumberGenerator.GetHexString(8);
            var webhook = body.Deserialize<RealmWebhook>(SandboxJson.Options)!;
            if (!webhook.Url.IsAbsoluteUri || webhook.Url.Scheme is not ("http" or "https"))
                throw new ArgumentException("url must be an absolute http or https address.");
            secrets.Keep("webhook-key", webhook.Key);
            world.Change(state => state.Webhooks[clientId] = webhook);
            return Shown(clientId, webhooks);
        });
        hooks.MapPatch("", (string clientId, JsonObject body, RealmWebhooks webhooks) =>
        {
            webhooks.Change(clientId, hook => SandboxJson.Overlay(hook, body));
            webhooks.Outbox(clientId).Forgive();
            return Shown(clientId, webhooks);
        });
        hooks.MapDelete("", (string clientId, RealmWebhooks webhooks) =>
        {
            webhooks.Remove(clientId);
            return Results.NoContent();
        });
        hooks.MapPost("/deliver", (string clientId, RealmWebhooks webhooks, CancellationToken cancellationToken) => webhooks.DeliverAsync(clientId, early: true, cancellationToken));
        hooks.MapPost("/replay", (string clientId, JsonObject body, RealmWebhooks webhooks, CancellationToken cancellationToken) =>
            webhooks.ReplayAsync(clientId, body.Deserialize<RealmReplay>(SandboxJson.Options)!, cancellationToken));
        hooks.MapGet("/posts", (string clientId, RealmWebhooks webhooks) => webhooks.Outbox(clientId).Posts);
    }

    private static object Shown(string clientId, RealmWebhooks webhooks)
    {
        var hook = webhooks.Find(clientId) ?? throw new KeyNotFoundException($"The app '{clientId}' has no webhook.");
        var outbox = webhooks.Outbox(clientId);
        return new { clientId, hook.Url, hook.Key, hook.Disabled, hook.Why, hook.Held, hook.EventsPerPost, outbox.LastSequence, outbox.DeliveredTo, outbox.NextTryUtc };
    }
}
