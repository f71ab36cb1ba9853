using DataHealth.Local.Sandbox.Identity;
using Microsoft.AspNetCore.Http.Features;

namespace DataHealth.Local.Sandbox.Wire;

/// <summary>One call to a provider path while it is being answered.</summary>
internal sealed class ProviderCall
{
    private static readonly HashSet<string> Secret = new(StringComparer.OrdinalIgnoreCase) { "code", "state", "token", "refresh_token", "access_token", "code_challenge", "code_verifier", "nonce", "client_secret" };

    public ProviderCall(HttpContext http)
    {
        Http = http;
        Query = http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Segments = (http.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        (Api, Endpoint) = Classify();
    }

    public HttpContext Http { get; }

    public string Method => Http.Request.Method;

    public bool IsGet => HttpMethods.IsGet(Method);

    public bool IsPost => HttpMethods.IsPost(Method);

    public IReadOnlyDictionary<string, string> Query { get; }

    public IReadOnlyList<string> Segments { get; }

    public string Api { get; }

    public string Endpoint { get; }

    public bool IsData => Api is "accounting" or "assets" or "connections";

    public IReadOnlyDictionary<string, string> Form { get; private set; } = new Dictionary<string, string>();

    public Bearer? Bearer { get; set; }

    public Guid? TenantId { get; set; }

    public string? ClientId { get; set; }

    public int InFlight { get; set; }

    public string? Fault { get; set; }

    public string CorrelationId { get; } = Guid.NewGuid().ToString();

    public string? Header(string name) => Http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    public string SafeQuery => string.Join('&', Query.Select(pair => Uri.EscapeDataString(pair.Key) + "=" + (Secret.Contains(pair.Key) ? "***" : Uri.EscapeDataString(pair.Value))));

    public int UrlLength => (Http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Length;

    public async Task ReadFormAsync()
    {
        if (!Http.Request.HasFormContentType)
            return;
        var form = await Http.Request.ReadFormAsync(Http.RequestAborted);
        Form = form.ToDictionary(pair => pair.Key, pair => pair.Value.Count > 0 ? pair.Value[0] ?? "" : "");
    }

    private (string Api, string Endpoint) Classify()
    {
        string At(int index) => Segments.Count > index ? Segments[index] : "";
        return At(0).ToLowerInvariant() switch
        {
            "api.xro" => ("accounting", string.Equals(At(2), "Reports", StringComparison.OrdinalIgnoreCase) || string.Equals(At(3), "Actions", StringComparison.OrdinalIgnoreCase)
                ? $"{At(2)}/{At(3)}" : At(2)),
            "assets.xro" => ("assets", At(2)),
            "connections" => ("connections", "connections"),
            "connect" => ("identity", At(1)),
            _ => ("identity", Segments.Count > 0 ? Segments[^1] : ""),
        };
    }
}
