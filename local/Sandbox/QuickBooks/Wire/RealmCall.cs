using System.IO.Compression;
using DataHealth.Local.Sandbox.QuickBooks.Identity;

namespace DataHealth.Local.Sandbox.QuickBooks.Wire;

/// <summary>One call to a provider path while it is being answered.</summary>
internal sealed class RealmCall
{
    private const int LongestBody = 1024 * 1024;
    private static readonly HashSet<string> Secret = new(StringComparer.OrdinalIgnoreCase) { "code", "state", "token", "refresh_token", "access_token", "client_secret", "nonce" };

    public RealmCall(HttpContext http)
    {
        Http = http;
        Path = (http.Request.Path.Value ?? "").TrimEnd('/');
        Query = http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Segments = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IsData = Segments is [var version, var company, _, _, ..] && version.Equals("v3", StringComparison.OrdinalIgnoreCase) && company.Equals("company", StringComparison.OrdinalIgnoreCase);
        RealmId = IsData ? Segments[2] : null;
        Endpoint = IsData
            ? Segments[3].Equals("reports", StringComparison.OrdinalIgnoreCase) && Segments.Count > 4 ? "reports/" + Segments[4] : Segments[3].ToLowerInvariant()
            : Path.ToLowerInvariant() switch { "/oauth2/v1/tokens/bearer" => "token", "/v2/oauth2/tokens/revoke" => "revocation", _ => Segments.Count > 0 ? Segments[^1] : "" };
    }

    public HttpContext Http { get; }

    public string Path { get; }

    public string Method => Http.Request.Method;

    public bool IsGet => HttpMethods.IsGet(Method);

    public IReadOnlyDictionary<string, string> Query { get; }

    public IReadOnlyList<string> Segments { get; }

    public bool IsData { get; }

    public string? RealmId { get; }

    /// <summary>query:Invoice, cdc, batch, reports/TrialBalance, companyinfo, invoice (a read by id), token, revocation…</summary>
    public string Endpoint { get; set; }

    public IReadOnlyDictionary<string, string> Form { get; private set; } = new Dictionary<string, string>();

    public string Body { get; private set; } = "";

    public RealmGrant? Grant { get; set; }

    public string? ClientId { get; set; }

    /// <summary>Read calls that the month's allowance counts: batch items one by one.</summary>
    public int Metered { get; set; } = 1;

    public int InFlight { get; set; }

    public string? Fault { get; set; }

    public string TransactionId { get; } = "1-" + Guid.NewGuid().ToString("N")[..24];

    public string? Header(string name) => Http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    public string SafeQuery => string.Join('&', Query.Select(pair => Uri.EscapeDataString(pair.Key) + "=" + (Secret.Contains(pair.Key) ? "***" : Uri.EscapeDataString(pair.Value))));

    /// <summary>Intuit's own SDKs send their bodies packed.</summary>
    private Stream Unpacked() => Header("Content-Encoding")?.ToLowerInvariant() switch
    {
        "gzip" => new GZipStream(Http.Request.Body, CompressionMode.Decompress),
        "deflate" => new DeflateStream(Http.Request.Body, CompressionMode.Decompress),
        _ => Http.Request.Body,
    };

    public async Task ReadBodyAsync()
    {
        if (Http.Request.HasFormContentType)
        {
            var form = await Http.Request.ReadFormAsync(Http.RequestAborted);
            Form = form.ToDictionary(pair => pair.Key, pair => pair.Value.Count > 0 ? pair.Value[0] ?? "" : "");
        }
        else if (!IsGet)
        {
            using var reader = new StreamReader(Unpacked());
            var buffer = new char[LongestBody];
            Body = new string(buffer, 0, await reader.ReadBlockAsync(buffer, Http.RequestAborted));
        }
    }
}
