using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Identity;

/// <summary>Makes token sets with the claims of facts 1.3 and reads bearer tokens.</summary>
internal sealed class TokenIssuer(TokenSigner signer, SecretsLedger secrets, SandboxClock clock, string issuer)
{
    public string Issuer => issuer;

    public string AccessToken(string clientId, Person? person, IEnumerable<string> scopes, Guid? authEventId, Guid sessionId, DateTime authUtc, int seconds)
    {
        var now = Seconds(clock.UtcNow);
        var claims = new JsonObject
        {
            ["nbf"] = now,
            ["exp"] = now + seconds,
            ["iss"] = issuer,
            ["aud"] = issuer + "/resources",
            ["client_id"] = clientId,
        };
        if (person is not null)
        {
            claims["sub"] = person.Id.ToString("N");
            claims["auth_time"] = Seconds(authUtc);
            claims["xero_userid"] = person.Id.ToString();
            claims["global_session_id"] = sessionId.ToString("N");
            claims["sid"] = sessionId.ToString("N");
        }

        claims["jti"] = Guid.NewGuid().ToString("N").ToUpperInvariant();
        if (authEventId is not null)
            claims["authentication_event_id"] = authEventId.Value.ToString();
        claims["scope"] = new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]);
        if (person is not null)
            claims["amr"] = new JsonArray("pwd", "mfa");
        return secrets.Keep("access-token", signer.Sign(claims));
    }

    public string IdToken(string clientId, Person person, IEnumerable<string> scopes, Guid sessionId, DateTime authUtc, string? nonce, string accessToken)
    {
        var now = Seconds(clock.UtcNow);
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(accessToken));
        var names = person.Name.Split(' ', 2);
        var claims = new JsonObject
        {
            ["nbf"] = now,
            ["exp"] = now + 300,
            ["iss"] = issuer,
            ["aud"] = clientId,
            ["iat"] = now,
            ["at_hash"] = SecretsLedger.Base64Url(hash.AsSpan(0, 16)),
            ["sid"] = sessionId.ToString("N"),
            ["sub"] = person.Id.ToString("N"),
            ["auth_time"] = Seconds(authUtc),
            ["xero_userid"] = person.Id.ToString(),
            ["global_session_id"] = sessionId.ToString("N"),
        };
        if (nonce is not null)
            claims["nonce"] = nonce;
        if (scopes.Contains("profile"))
        {
            claims["preferred_username"] = person.Email;
            claims["given_name"] = names[0];
            claims["family_name"] = names.Length > 1 ? names[1] : "";
            claims["name"] = person.Name;
        }

        if (scopes.Contains("email"))
            claims["email"] = person.Email;
        claims["amr"] = new JsonArray("pwd", "mfa");
        return secrets.Keep("id-token", signer.Sign(claims));
    }

    /// <summary>Whom a token speaks for, expired or not; null when we did not issue it.</summary>
    public Bearer? Read(string token)
    {
        var claims = signer.Read(token);
        if (claims is null || (string?)claims["aud"] != issuer + "/resources")
            return null;
        return new Bearer(
            (string)claims["client_id"]!,
            claims["xero_userid"] is { } user ? Guid.Parse((string)user!) : null,
            claims["scope"]!.AsArray().Select(scope => (string)scope!).ToHashSet(),
            claims["authentication_event_id"] is { } consent ? Guid.Parse((string)consent!) : null,
            DateTime.UnixEpoch.AddSeconds((long)claims["exp"]!));
    }

    private static long Seconds(DateTime utc) => (long)(utc - DateTime.UnixEpoch).TotalSeconds;
}
