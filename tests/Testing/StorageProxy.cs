using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace DataHealth.Testing;

/// <summary>Stands between the functions and Azurite, so that a test can end or freeze a process at a named request instead of after some time.</summary>
public sealed class StorageProxy : IAsyncDisposable
{
    private static readonly HashSet<string> OfOneConnection = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Keep-Alive", "Transfer-Encoding", "Host" };

    private readonly WebApplication _app;
    private readonly HttpClient _azurite = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false }) { Timeout = TimeSpan.FromMinutes(5) };
    private readonly Dictionary<int, int> _ports;
    private int _count;

    private StorageProxy(Azurite azurite)
    {
        var mine = FreePorts.Take(2);
        _ports = new() { [mine[0]] = azurite.Ports[0], [mine[1]] = azurite.Ports[2] };
        ConnectionString = azurite.ConnectionString
            .Replace($":{azurite.Ports[0]}/", $":{mine[0]}/", StringComparison.Ordinal)
            .Replace($":{azurite.Ports[2]}/", $":{mine[1]}/", StringComparison.Ordinal);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            foreach (var port in mine)
                kestrel.Listen(IPAddress.Loopback, port);
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>Names the storage through this proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>Requests so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Asked before a request goes on to the storage; false drops it as if the wire were cut.</summary>
    public Func<StorageRequest, Task<bool>> Arrived { get; set; } = _ => Task.FromResult(true);

    /// <summary>Asked when the storage has carried a request out; false drops the answer.</summary>
    public Func<StorageRequest, Task<bool>> Answered { get; set; } = _ => Task.FromResult(true);

    /// <summary>Starts one.</summary>
    public static async Task<StorageProxy> StartAsync(Azurite azurite, CancellationToken cancellationToken)
    {
        var proxy = new StorageProxy(azurite);
        await proxy._app.StartAsync(cancellationToken);
        return proxy;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _azurite.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        Interlocked.Increment(ref _count);
        try
        {
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
            var request = StorageRequest.Of(http.Request.Method, target, body.ToArray());
            if (!await Arrived(request))
            {
                http.Abort();
                return;
            }
            using var onward = Onward(http, target, body.ToArray());
            using var answer = await _azurite.SendAsync(onward);
            var content = await answer.Content.ReadAsByteArrayAsync();
            if (await Answered(request))
                await GiveBackAsync(http, answer, content);
            else
                http.Abort();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or BadHttpRequestException or OperationCanceledException)
        {
            // Whoever asked is gone, or the storage is.
            http.Abort();
        }
    }

    private HttpRequestMessage Onward(HttpContext http, string target, byte[] body)
    {
        // The signature covers the path as it was sent.
        var address = new Uri($"http://127.0.0.1:{_ports[http.Connection.LocalPort]}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var onward = new HttpRequestMessage(new HttpMethod(http.Request.Method), address);
        if (body.Length > 0 || http.Request.ContentLength is not null)
            onward.Content = new ByteArrayContent(body);
        onward.Headers.Host = http.Request.Host.Value;
        foreach (var (name, values) in http.Request.Headers)
        {
            if (!OfOneConnection.Contains(name) && !onward.Headers.TryAddWithoutValidation(name, values.ToArray()))
                onward.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }
        return onward;
    }

    private static async Task GiveBackAsync(HttpContext http, HttpResponseMessage answer, byte[] content)
    {
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!OfOneConnection.Contains(name))
                http.Response.Headers[name] = values.ToArray();
        }
        if (content.Length > 0)
            await http.Response.Body.WriteAsync(content);
    }
}
