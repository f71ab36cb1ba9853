using System.Text.Json;
using System.Text.Json.Serialization;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Grants;

/// <summary>The content of a grant's secret.</summary>
/// <param name="AccessToken">Bearer token.</param>
/// <param name="RefreshToken">Refresh token.</param>
/// <param name="AccessExpiresAt">When the access token ends.</param>
/// <param name="RefreshExpiresAt">When the refresh token ends if unused.</param>
/// <param name="IssuedAt">When the pair arrived here.</param>
/// <param name="Rotation">Counts the pairs of this grant: a higher number is a newer pair.</param>
/// <param name="Scopes">What was granted.</param>
internal sealed record TokenPair(
    string AccessToken, string RefreshToken, DateTimeOffset AccessExpiresAt, DateTimeOffset RefreshExpiresAt, DateTimeOffset IssuedAt, long Rotation, IReadOnlyList<string> Scopes)
{
    /// <summary>When the grant ends for good; null where it never does, or nobody said.</summary>
    public DateTimeOffset? HardExpiresAt { get; init; }

    public static TokenPair From(TokenSet tokens, DateTimeOffset now, long rotation) =>
        new(tokens.AccessToken, tokens.RefreshToken, tokens.AccessExpiresAt, tokens.RefreshExpiresAt, now, rotation, tokens.Scopes) { HardExpiresAt = tokens.HardExpiresAt };

    public static TokenPair? Parse(string secret)
    {
        try
        {
            return JsonSerializer.Deserialize(secret, TokenPairJson.Default.TokenPair) is { AccessToken.Length: > 0, RefreshToken.Length: > 0 } pair ? pair : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToSecret() => JsonSerializer.Serialize(this, TokenPairJson.Default.TokenPair);

    public override string ToString() => $"TokenPair {Rotation}, access until {AccessExpiresAt:O}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TokenPair))]
internal sealed partial class TokenPairJson : JsonSerializerContext;
