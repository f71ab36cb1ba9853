using System.Buffers.Text;
using System.Text.Json;

namespace DataHealth.Core.Providers.Xero;

/// <summary>Reads what Xero's token endpoint answers. Signatures are not checked: the answer came over TLS from the endpoint itself.</summary>
internal static class TokenAnswer
{
    /// <summary>The token set, or null when the answer lacks what makes one.</summary>
    /// <param name="body">The body of a 200.</param>
    /// <param name="previous">The refresh token that was used; null for an exchange. A refresh never fails for want of a claim: its new token must not be lost.</param>
    /// <param name="asked">When the call was sent.</param>
    /// <param name="refreshLifetime">How long an unused refresh token lives.</param>
    public static TokenSet? Read(byte[] body, string? previous, DateTimeOffset asked, TimeSpan refreshLifetime)
    {
        XeroTokens? tokens;
        try
        {
            tokens = JsonSerializer.Deserialize(body, XeroJson.Default.XeroTokens);
        }
        catch (JsonException)
        {
            return null;
        }

        if (tokens is not { AccessToken: { Length: > 0 } access } || (tokens.RefreshToken ?? previous) is not { Length: > 0 } refresh)
            return null;
        using var claims = Claims(access);
        using var person = Claims(tokens.IdToken);
        var owner = Text(claims, "xero_userid") ?? Text(person, "xero_userid");
        if (owner is null && previous is null)
            return null;
        var lifetime = TimeSpan.FromSeconds(Math.Clamp(tokens.ExpiresIn ?? 1800, 1, 86_400));
        return new TokenSet(access, refresh, asked + lifetime, asked + refreshLifetime, owner ?? "", Name(person), Text(claims, "authentication_event_id"), Scopes(claims, tokens.Scope));
    }

    /// <summary>The error code of a refusal (RFC 6749), or null where there is none or it is not one.</summary>
    public static string? Error(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind == JsonValueKind.Object
                && answer.RootElement.EnumerateObject().FirstOrDefault(field => field.Name.Equals("error", StringComparison.OrdinalIgnoreCase)) is { Value.ValueKind: JsonValueKind.String } error
                && error.Value.GetString() is { Length: > 0 and <= 40 } code && code.All(letter => char.IsAsciiLetterLower(letter) || letter == '_')
                    ? code
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonDocument? Claims(string? jwt)
    {
        if (jwt?.Split('.') is not [_, var middle, _])
            return null;
        try
        {
            var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(middle));
            if (claims.RootElement.ValueKind == JsonValueKind.Object)
                return claims;
            claims.Dispose();
            return null;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonDocument? claims, string name) =>
        claims is not null && claims.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static string? Name(JsonDocument? person)
    {
        var name = Text(person, "name") ?? $"{Text(person, "given_name")} {Text(person, "family_name")}".Trim();
        return name.Length > 0 ? name : Text(person, "email") ?? Text(person, "preferred_username");
    }

    private static string[] Scopes(JsonDocument? claims, string? answered)
    {
        if (claims is not null && claims.RootElement.TryGetProperty("scope", out var scope))
        {
            if (scope.ValueKind == JsonValueKind.Array)
                return [.. scope.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)];
            if (scope.ValueKind == JsonValueKind.String)
                answered = scope.GetString();
        }

        return answered?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
    }
}
