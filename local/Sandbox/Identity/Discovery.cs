using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Wire;

namespace DataHealth.Local.Sandbox.Identity;

/// <summary>The discovery document and the keys.</summary>
internal sealed class Discovery(TokenSigner signer, string issuer)
{
    public Reply Document(string address) => Reply.Json(200, new JsonObject
    {
        ["issuer"] = issuer,
        ["jwks_uri"] = address + "/.well-known/openid-configuration/jwks",
        ["authorization_endpoint"] = address + "/identity/connect/authorize",
        ["token_endpoint"] = address + "/connect/token",
        ["revocation_endpoint"] = address + "/connect/revocation",
        ["scopes_supported"] = Strings(ScopeCatalogue.All),
        ["claims_supported"] = Strings(["sub", "name", "given_name", "family_name", "preferred_username", "email", "xero_userid", "global_session_id"]),
        ["grant_types_supported"] = Strings(["authorization_code", "refresh_token", "client_credentials"]),
        ["response_types_supported"] = Strings(["code"]),
        ["response_modes_supported"] = Strings(["query"]),
        ["token_endpoint_auth_methods_supported"] = Strings(["client_secret_basic", "client_secret_post"]),
        ["id_token_signing_alg_values_supported"] = Strings(["RS256"]),
        ["subject_types_supported"] = Strings(["public"]),
        ["code_challenge_methods_supported"] = Strings(["S256"]),
    });

    public Reply Keys() => Reply.Json(200, signer.Jwks());

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);
}
