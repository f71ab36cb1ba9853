using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataHealth.Local.Sandbox.Wire;

/// <summary>An answer before faults and compression are applied.</summary>
internal sealed record Reply(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public const string JsonType = "application/json; charset=utf-8";

    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    public static Reply Empty(int status) => new(status, null, default);

    public static Reply Text(int status, string text, string contentType = "text/plain; charset=utf-8") => new(status, contentType, Encoding.UTF8.GetBytes(text));

    public static Reply Html(int status, string html) => Text(status, html, "text/html; charset=utf-8");

    public static Reply Json(int status, JsonNode json) => Text(status, json.ToJsonString(Plain), JsonType);

    public Reply With(string header, string value)
    {
        Headers[header] = value;
        return this;
    }
}
