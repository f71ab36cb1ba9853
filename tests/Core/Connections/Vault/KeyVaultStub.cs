using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Tests.Connections.Vault;

/// <summary>Key Vault's secrets over HTTPS, as documented: challenge, versions, soft delete with a name that stays reserved, purge, recovery, throttling.</summary>
internal sealed class KeyVaultStub : IAsyncDisposable
{
    public const string Token = "vault-token";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, List<string>> _secrets = new();
    private readonly ConcurrentDictionary<string, List<string>> _deleted = new();

    private KeyVaultStub(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Answers instead: status, error code, Retry-After in seconds.</summary>
    public Func<string, (int Status, string Code, int? RetryAfter)?>? Refuse { get; set; }

    /// <summary>How many looks at a deleted secret find the removal still going on.</summary>
    public int LooksUntilDeleted { get; set; }

    /// <summary>When it forgets what is deleted now.</summary>
    public static DateTimeOffset ForgottenAt { get; } = DateTimeOffset.FromUnixTimeSeconds(1795000000 + (90 * 86_400));

    public IReadOnlyList<string> VersionsOf(string name) => _secrets.GetValueOrDefault(name) ?? [];

    public bool IsReserved(string name) => _deleted.ContainsKey(name);

    public static async Task<KeyVaultStub> StartAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        var stub = new KeyVaultStub(app);
        app.Run(stub.AnswerAsync);
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var call = $"{context.Request.Method} {context.Request.Path}";
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            // The first request of a client carries no token and no body: the vault says where to get one.
            Calls.Enqueue("challenge");
            context.Response.Headers.WWWAuthenticate = "Bearer authorization=\"https://login.microsoftonline.com/tenant\", resource=\"https://vault.azure.net\"";
            await FailAsync(context, 401, "Unauthorized");
            return;
        }
        Calls.Enqueue(call);
        context.Request.Query.ContainsKey("api-version").ShouldBeTrue();
        if (Refuse?.Invoke(call) is { } refusal)
        {
            if (refusal.RetryAfter is { } seconds)
                context.Response.Headers.RetryAfter = $"{seconds}";
            await FailAsync(context, refusal.Status, refusal.Code);
            return;
        }
        var parts = context.Request.Path.Value!.Trim('/').Split('/');
        var name = parts[1];
        switch (context.Request.Method, parts[0], parts.Length)
        {
            case ("PUT", "secrets", 2) when _deleted.ContainsKey(name):
                await FailAsync(context, 409, "Conflict");
                break;
            case ("PUT", "secrets", 2):
                var body = await JsonNode.ParseAsync(context.Request.Body);
                var versions = _secrets.GetOrAdd(name, []);
                versions.Add(body!["value"]!.GetValue<string>());
                await SecretAsync(context, name, versions);
                break;
            case ("GET", "secrets", >= 2) when _secrets.TryGetValue(name, out var found):
                await SecretAsync(context, name, found);
                break;
            case ("DELETE", "secrets", 2) when _secrets.TryRemove(name, out var removed):
                _deleted[name] = removed;
                await SecretAsync(context, name, removed, isDeleted: true);
                break;
            case ("GET", "deletedsecrets", 2) when _deleted.TryGetValue(name, out var deleted) && LooksUntilDeleted-- <= 0:
                await SecretAsync(context, name, deleted, isDeleted: true);
                break;
            case ("DELETE", "deletedsecrets", 2) when _deleted.TryRemove(name, out _):
                context.Response.StatusCode = 204;
                break;
            case ("POST", "deletedsecrets", 3) when parts[2] == "recover" && _deleted.TryRemove(name, out var recovered):
                _secrets[name] = recovered;
                await SecretAsync(context, name, recovered);
                break;
            default:
                await FailAsync(context, 404, "SecretNotFound");
                break;
        }
    }

    private Task SecretAsync(HttpContext context, string name, List<string> versions, bool isDeleted = false)
    {
        var secret = new JsonObject
        {
            ["id"] = $"{Address}secrets/{name}/{versions.Count:x32}",
            ["attributes"] = new JsonObject { ["enabled"] = true, ["created"] = 1795000000, ["updated"] = 1795000000, ["recoveryLevel"] = "Recoverable+Purgeable" },
        };
        // What is deleted is shown without its value, with the day on which it is forgotten.
        if (isDeleted)
            (secret["recoveryId"], secret["deletedDate"], secret["scheduledPurgeDate"]) = ($"{Address}deletedsecrets/{name}", 1795000000, ForgottenAt.ToUnixTimeSeconds());
        else
            secret["value"] = versions[^1];
        return context.Response.WriteAsJsonAsync(secret);
    }

    private static Task FailAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = "Said by the vault." } });
    }
}
