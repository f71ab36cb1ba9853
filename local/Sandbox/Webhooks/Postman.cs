using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.World;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace DataHealth.Local.Sandbox.Webhooks;

/// <summary>Writes, signs and sends a post, and judges the answer as Xero does.</summary>
internal sealed class Postman(SandboxClock clock, IServer server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    public async Task<PostLog> SendAsync(Webhook webhook, IReadOnlyList<HookEvent> events, Signing signing, CancellationToken cancellationToken)
    {
        var (first, last) = events.Count == 0 ? (0, 0) : (events[0].Sequence, events[^1].Sequence);
        var body = Body(events, first, last);
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") { CharSet = "utf-8" } } } };
        if (signing != Signing.Missing)
        {
            var key = signing == Signing.Right ? webhook.Key : webhook.Key + "~";
            request.Headers.TryAddWithoutValidation("x-xero-signature", Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body)));
        }

        var at = clock.UtcNow;
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            var (status, length) = ((int)answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync(cancellationToken)).Length);
            var why = signing == Signing.Right ? status is >= 200 and < 300 ? null : $"{status} instead of 200" : status == 401 ? null : $"{status} instead of 401 for a wrong signature";
            why ??= length > 0 ? "the answer has a body" : answer.Headers.Contains("Set-Cookie") ? "the answer sets a cookie" : null;
            return new PostLog(at, first, last, signing, status, Stopwatch.GetElapsedTime(started).TotalMilliseconds, why is null, why);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new PostLog(at, first, last, signing, null, Stopwatch.GetElapsedTime(started).TotalMilliseconds, false,
                exception is OperationCanceledException ? "no answer within 5 seconds" : "no answer");
        }
    }

    public void Dispose() => _http.Dispose();

    private byte[] Body(IReadOnlyList<HookEvent> events, long first, long last)
    {
        var api = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["events"] = new JsonArray([.. events.Select(one => (JsonNode)one.ToJson(api))]),
            ["firstEventSequence"] = first,
            ["lastEventSequence"] = last,
            ["entropy"] = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 20),
        }.ToJsonString());
    }
}
