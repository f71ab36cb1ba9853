using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Wire;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Identity;

/// <summary>POST /connect/token and /connect/revocation.</summary>
internal sealed class TokenEndpoint(SandboxWorld world, TokenIssuer issuer, SecretsLedger secrets)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    public Reply Token(string? authorization, IReadOnlyDictionary<string, string> form)
    {
        if (Client(authorization, form, out var client) is { } refused)
            return refused;
        return form.GetValueOrDefault("grant_type") switch
        {
            "authorization_code" => Exchange(client!, form),
            "refresh_token" => Refresh(client!, form),
            "client_credentials" => ClientCredentials(client!, form),
            _ => Error("unsupported_grant_type"),
        };
    }

    public Reply Revoke(string? authorization, IReadOnlyDictionary<string, string> form)
    {
        if (Client(authorization, form, out var client) is { } refused)
            return refused;
        if (!form.TryGetValue("token", out var value))
            return Error("invalid_request");
        world.Change(state =>
        {
            // As RFC 7009 has it, an unknown token is a success: there is nothing left to revoke.
            if (!state.RefreshTokens.TryGetValue(value, out var token) || token.ClientId != client!.ClientId)
                return;
            foreach (var other in state.RefreshTokens.Values.Where(other => other.ClientId == token.ClientId && other.PersonId == token.PersonId).ToList())
                state.RefreshTokens[other.Value] = other with { Dead = true };
            foreach (var connection in state.Connections.Where(connection => connection.ClientId == token.ClientId && connection.PersonId == token.PersonId).ToList())
                state.Replace(connection, connection with { Removed = true });
            state.Consents.Remove(WorldState.ConsentKey(token.ClientId, token.PersonId));
        });
        return Reply.Empty(200);
    }

    private Reply Exchange(XeroApp client, IReadOnlyDictionary<string, string> form)
    {
        var now = world.Clock.UtcNow;
        return world.Change(state =>
        {
            if (!form.TryGetValue("code", out var value) || !state.Codes.TryGetValue(value, out var code) || code.ClientId != client.ClientId)
                return Error("invalid_grant");
            var good = !code.Used && now < code.IssuedUtc.AddSeconds(state.Switches.CodeSeconds) && code.RedirectUri == form.GetValueOrDefault("redirect_uri")
                && Proves(code.CodeChallenge, form.GetValueOrDefault("code_verifier"));
            state.Codes[value] = code with { Used = true };
            if (!good)
                return Error("invalid_grant");
            if (state.Switches.NewConsentEndsOlderTokens)
            {
                foreach (var older in state.RefreshTokens.Values.Where(token => token.ClientId == client.ClientId && token.PersonId == code.PersonId).ToList())
                    state.RefreshTokens[older.Value] = older with { Dead = true };
            }

            return Issue(state, client, code.PersonId, code.Scopes, code.AuthEventId, Guid.NewGuid(), code.IssuedUtc, code.Nonce);
        });
    }

    private Reply Refresh(XeroApp client, IReadOnlyDictionary<string, string> form)
    {
        var now = world.Clock.UtcNow;
        return world.Change(state =>
        {
            if (!form.TryGetValue("refresh_token", out var value) || !state.RefreshTokens.TryGetValue(value, out var token) || token.ClientId != client.ClientId)
                return Error("invalid_grant");
            var grace = TimeSpan.FromMinutes(state.Switches.RefreshGraceMinutes);
            if (token.Dead || now >= token.ExpiresUtc || token.ReplacedUtc is { } replaced && now >= replaced + grace)
                return Error("invalid_grant");
            state.RefreshTokens[value] = token with { ReplacedUtc = token.ReplacedUtc ?? now };
            return Issue(state, client, token.PersonId, token.Scopes, token.AuthEventId, token.SessionId, token.AuthUtc, null);
        });
    }

    private Reply ClientCredentials(XeroApp client, IReadOnlyDictionary<string, string> form)
    {
        var scopes = Words(form.GetValueOrDefault("scope"));
        if (scopes.Any(scope => scope != "app.connections"))
            return Error("invalid_scope");

        // Who names no scope gets what the app may have; Xero's own Node SDK sends its list under another name.
        if (scopes.Count == 0)
            scopes = ["app.connections"];
        return Tokens(issuer.AccessToken(client.ClientId, null, scopes, null, Guid.NewGuid(), world.Clock.UtcNow, world.Switches.AccessTokenSeconds),
            world.Switches.AccessTokenSeconds, scopes);
    }

    private Reply Issue(
        WorldState state, XeroApp client, Guid personId, IReadOnlyList<string> scopes, Guid authEventId, Guid sessionId, DateTime authUtc, string? nonce)
    {
        if (!state.People.TryGetValue(personId, out var person))
            return Error("invalid_grant");
        var now = world.Clock.UtcNow;
        var seconds = state.Switches.AccessTokenSeconds;
        var access = issuer.AccessToken(client.ClientId, person, scopes, authEventId, sessionId, authUtc, seconds);
        var id = scopes.Contains("openid") ? issuer.IdToken(client.ClientId, person, scopes, sessionId, authUtc, nonce, access) : null;
        if (!scopes.Contains("offline_access"))
            return Tokens(access, seconds, scopes, id);
        foreach (var gone in state.RefreshTokens.Values.Where(old => old.ExpiresUtc + Remembered < now || old.ReplacedUtc + Remembered < now).ToList())
            state.RefreshTokens.Remove(gone.Value);
        var refresh = new RefreshToken
        {
            Value = secrets.NewToken("refresh-token"),
            ClientId = client.ClientId,
            PersonId = personId,
            Scopes = scopes,
            AuthEventId = authEventId,
            SessionId = sessionId,
            AuthUtc = authUtc,
            IssuedUtc = now,
            ExpiresUtc = now.AddDays(state.Switches.RefreshTokenDays),
        };
        state.RefreshTokens[refresh.Value] = refresh;
        return Tokens(access, seconds, scopes, id, refresh.Value);
    }

    private static Reply Tokens(string access, int seconds, IEnumerable<string> scopes, string? id = null, string? refresh = null)
    {
        var body = new JsonObject();
        if (id is not null)
            body["id_token"] = id;
        body["access_token"] = access;
        body["expires_in"] = seconds;
        body["token_type"] = "Bearer";
        if (refresh is not null)
            body["refresh_token"] = refresh;
        body["scope"] = string.Join(' ', scopes);
        return Reply.Json(200, body).With("Cache-Control", "no-store, no-cache, max-age=0").With("Pragma", "no-cache");
    }

    /// <summary>Authenticates the client: HTTP Basic, or id and secret in the body. Null means that it is who it says.</summary>
    private Reply? Client(string? authorization, IReadOnlyDictionary<string, string> form, out XeroApp? client)
    {
        var (id, secret) = Basic(authorization) ?? (form.GetValueOrDefault("client_id") ?? "", form.GetValueOrDefault("client_secret") ?? "");
        client = world.Read(state => state.Apps.GetValueOrDefault(id));
        if (id.Length == 0)
            return Error("unauthorized_client");
        return client is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(client.ClientSecret), Encoding.UTF8.GetBytes(secret))
            ? null
            : Error("invalid_client", world.Switches.InvalidClientStatus);
    }

    public Reply Error(string error, int status = 400)
    {
        var body = new JsonObject { ["error"] = error };
        if (world.Switches.TokenErrorDescriptions)
            body["error_description"] = $"The request was refused: {error.Replace('_', ' ')}.";
        return Reply.Json(status, body).With("Cache-Control", "no-store, no-cache, max-age=0").With("Pragma", "no-cache");
    }

    internal static (string Id, string Secret)? Basic(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(authorization[6..].Trim())).Split(':', 2);
            return pair.Length == 2 ? (Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1])) : ("", "");
        }
        catch (FormatException)
        {
            return ("", "");
        }
    }

    private static bool Proves(string? challenge, string? verifier)
    {
        if (challenge is null)
            return true;
        return verifier is { Length: >= 43 and <= 128 } && SecretsLedger.Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) == challenge;
    }

    internal static IReadOnlyList<string> Words(string? text) => (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
}
