using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Webhooks;

/// <summary>Writes a post in either form (facts 7.5), signs and sends it, and judges the answer.</summary>
internal sealed class RealmPostman(SandboxClock clock) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(3) };

    public async Task<RealmPost> SendAsync(RealmWebhook webhook, IReadOnlyList<RealmEvent> events, RealmSigning signing, QuickBooksSwitches switches, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(switches.Webhooks == WebhookForm.Old ? Old(events).ToJsonString() : CloudEvents(events).ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new(switches.WebhookContentType) } } };
        var at = clock.UtcNow;
        request.Headers.TryAddWithoutValidation("intuit-created-time", PacificTime.Millisecond(at));
        request.Headers.TryAddWithoutValidation("intuit-t-id", Guid.NewGuid().ToString());
        request.Headers.TryAddWithoutValidation("intuit-notification-schema-version", switches.Webhooks == WebhookForm.Old ? "0.1" : "1.0");
        if (signing != RealmSigning.Missing)
        {
            var key = signing == RealmSigning.Right ? webhook.Key : webhook.Key + "~";
            request.Headers.TryAddWithoutValidation("intuit-signature", Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body)));
        }

        var started = Stopwatch.GetTimestamp();
        RealmPost Post(int? status, string? why) =>
            new(at, events[0].Sequence, events[^1].Sequence, signing, status, Stopwatch.GetElapsedTime(started).TotalMilliseconds, why is null, why);
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            var status = (int)answer.StatusCode;
            return Post(status, status is >= 200 and < 300 ? null : $"{status} instead of 200");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Post(null, exception is OperationCanceledException ? "no answer within 3 seconds" : "no answer");
        }
    }

    public void Dispose() => _http.Dispose();

    private static JsonObject Old(IReadOnlyList<RealmEvent> events) => new()
    {
        ["eventNotifications"] = new JsonArray([.. events.GroupBy(one => one.RealmId).Select(realm => (JsonNode)new JsonObject
        {
            ["realmId"] = realm.Key,
            ["dataChangeEvent"] = new JsonObject
            {
                ["entities"] = new JsonArray([.. realm.Select(one =>
                {
                    var entity = new JsonObject
                    {
                        ["name"] = one.Change.Entity,
                        ["id"] = one.Change.Id,
                        ["operation"] = one.Change.Operation.ToString(),
                        ["lastUpdated"] = one.Change.AtUtc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                    };
                    if (one.Change.DeletedId is { } deleted)
                        entity["deletedId"] = deleted;
                    return (JsonNode)entity;
                })]),
            },
        })]),
    };

    private static JsonArray CloudEvents(IReadOnlyList<RealmEvent> events) => new([.. events.Select(one =>
    {
        var data = new JsonObject();
        if (one.Change.DeletedId is { } deleted)
            data["deletedId"] = deleted;
        return (JsonNode)new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = one.Id.ToString(),
            ["source"] = "intuit.sandbox",
            ["type"] = $"qbo.{one.Change.Entity.ToLowerInvariant()}.{Verb(one.Change.Operation)}.v1",
            ["datacontenttype"] = "application/json",
            ["time"] = one.Change.AtUtc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'000000Z'", CultureInfo.InvariantCulture),
            ["intuitentityid"] = one.Change.Id,
            ["intuitaccountid"] = one.RealmId,
            ["data"] = data,
        };
    })]);

    private static string Verb(EntityOperation operation) => operation switch
    {
        EntityOperation.Create => "created",
        EntityOperation.Update => "updated",
        EntityOperation.Delete => "deleted",
        EntityOperation.Void => "voided",
        _ => "merged",
    };
}
