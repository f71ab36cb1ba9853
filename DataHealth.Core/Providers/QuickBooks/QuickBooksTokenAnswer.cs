using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>Reads what Intuit's token endpoint answers. Access tokens are encrypted: nothing can be read from them.</summary>
internal static class QuickBooksTokenAnswer
{
    /// <summary>The token set, or null when the answer lacks what makes one.</summary>
    /// <param name="body">The body of a 200.</param>
    /// <param name="previous">The refresh token that was used; null for an exchange. A refresh may give the same one again.</param>
    /// <param name="asked">When the call was sent.</param>
    /// <param name="refreshLifetime">How long an unused refresh token lives where the answer does not say.</param>
    /// <param name="company">Whose set it is; empty for a refresh.</param>
    /// <param name="scopes">What was asked for; the answer does not repeat it.</param>
    public static TokenSet? Read(byte[] body, string? previous, DateTimeOffset asked, TimeSpan refreshLifetime, string company, string scopes)
    {
        QuickBooksTokens? tokens;
        try
        {
            tokens = JsonSerializer.Deserialize(body, QuickBooksJson.Default.QuickBooksTokens);
        }
        catch (JsonException)
        {
            return null;
        }

        if (tokens is not { AccessToken: { Length: > 0 } access } || (tokens.RefreshToken ?? previous) is not { Length: > 0 } refresh)
            return null;
        var lifetime = TimeSpan.FromSeconds(Math.Clamp(tokens.ExpiresIn ?? 3_600, 1, 86_400));
        var refreshEnds = asked + (tokens.RefreshExpiresIn is > 0 and { } left ? TimeSpan.FromSeconds(left) : refreshLifetime);
        return new TokenSet(access, refresh, asked + lifetime, refreshEnds, company, OwnerName: null, ConsentId: company.Length > 0 ? company : null, scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            HardExpiresAt = tokens.RefreshHardExpiresIn is > 0 and { } hard ? asked + TimeSpan.FromSeconds(hard) : null,
        };
    }

    /// <summary>The error code of a refusal (RFC 6749), or null where there is none or it is not one.</summary>
    public static string? Error(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String
                && error.GetString() is { Length: > 0 and <= 40 } code && code.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') ? code : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The token endpoint's 200; lifetimes in seconds.</summary>
internal sealed class QuickBooksTokens
{
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; set; }

    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; set; }

    [JsonPropertyName("expires_in")]
    public int? ExpiresIn { get; set; }

    [JsonPropertyName("x_refresh_token_expires_in")]
    public int? RefreshExpiresIn { get; set; }

    [JsonPropertyName("x_refresh_token_hard_expires_in")]
    public long? RefreshHardExpiresIn { get; set; }
}

/// <summary>What the revocation endpoint takes.</summary>
internal sealed record QuickBooksRevocation([property: JsonPropertyName("token")] string Token)
{
    /// <summary>Says nothing of the token.</summary>
    public override string ToString() => "QuickBooksRevocation";
}

/// <summary>What crosses the wire around the books.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(QuickBooksTokens))]
[JsonSerializable(typeof(QuickBooksRevocation))]
internal sealed partial class QuickBooksJson : JsonSerializerContext;
