using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.Wire;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Identity;

/// <summary>OpenID Connect: id tokens, userinfo, discovery and keys.</summary>
internal sealed class IdTokens(TokenSigner signer, SecretsLedger secrets, SandboxClock clock, QuickBooksOptions options)
{
    public string Issue(RealmGrant grant, Person person)
    {
        var now = (long)(clock.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        return secrets.Keep("id-token", signer.Sign(new JsonObject
        {
            ["sub"] = person.Id.ToString(),
            ["aud"] = new JsonArray(grant.ClientId),
            ["realmid"] = grant.RealmId,
            ["auth_time"] = (long)(grant.ConsentedUtc - DateTime.UnixEpoch).TotalSeconds,
            ["iss"] = options.Issuer,
            ["exp"] = now + 3600,
            ["iat"] = now,
        }));
    }

    public static Reply UserInfo(RealmGrant grant, Person person)
    {
        var names = person.Name.Split(' ', 2);
        var body = new JsonObject { ["sub"] = person.Id.ToString() };
        if (grant.Scopes.Contains("email"))
            (body["email"], body["emailVerified"]) = (person.Email, true);
        if (grant.Scopes.Contains("profile"))
            (body["givenName"], body["familyName"]) = (names[0], names.Length > 1 ? names[1] : "");
        return Reply.Json(200, body);
    }

    public Reply Keys() => Reply.Json(200, signer.Jwks());

    public Reply Discovery(string address) => Reply.Json(200, new JsonObject
    {
        ["issuer"] = options.Issuer,
        ["authorization_endpoint"] = address + "/connect/oauth2",
        ["token_endpoint"] = address + "/oauth2/v1/tokens/bearer",
        ["userinfo_endpoint"] = address + "/v1/openid_connect/userinfo",
        ["revocation_endpoint"] = address + "/v2/oauth2/tokens/revoke",
        ["jwks_uri"] = address + "/op/v1/jwks",
        ["response_types_supported"] = Strings("code"),
        ["subject_types_supported"] = Strings("public"),
        ["id_token_signing_alg_values_supported"] = Strings("RS256"),
        ["scopes_supported"] = Strings("openid", "email", "profile", "address", "phone"),
        ["token_endpoint_auth_methods_supported"] = Strings("client_secret_post", "client_secret_basic"),
        ["claims_supported"] = Strings("aud", "exp", "iat", "iss", "realmid", "sub"),
    });

    private static JsonArray Strings(params string[] values) => new([.. values.Select(value => (JsonNode)value)]);
}
