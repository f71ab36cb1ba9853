using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.Xero;

/// <summary>What crosses the wire around the books: tokens, connections, and the limits' rows.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(XeroTokens))]
[JsonSerializable(typeof(List<XeroConnection>))]
[JsonSerializable(typeof(XeroProblem))]
internal sealed partial class XeroJson : JsonSerializerContext;

/// <summary>The token endpoint's 200.</summary>
internal sealed class XeroTokens
{
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; set; }

    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; set; }

    [JsonPropertyName("id_token")]
    public string? IdToken { get; set; }

    [JsonPropertyName("expires_in")]
    public int? ExpiresIn { get; set; }

    [JsonPropertyName("scope")]
    public string? Scope { get; set; }
}

/// <summary>One of <c>/connections</c>.</summary>
internal sealed record XeroConnection(string? Id, string? TenantId, string? TenantType, string? TenantName);

/// <summary>An error body; the case of its keys differs between the docs and the wire.</summary>
internal sealed record XeroProblem(string? Title, string? Detail, string? Message, string? Type);
