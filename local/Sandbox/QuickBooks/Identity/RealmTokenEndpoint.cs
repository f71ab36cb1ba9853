using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.Wire;

namespace DataHealth.Local.Sandbox.QuickBooks.Identity;

/// <summary>POST /oauth2/v1/tokens/bearer and /v2/oauth2/tokens/revoke (facts 5.3, 5.4).</summary>
internal sealed class RealmTokenEndpoint(QuickBooksWorld world, AccessTokens access, IdTokens ids, SecretsLedger secrets, RefreshesUnderWay underWay)
{
    private const string BadRefreshToken = "Incorrect or invalid refresh token";

    /// <summary>Answers a token call; <paramref name="met"/> is how it met others of its grant on its way.</summary>
    public Reply Token(string? authorization, IReadOnlyDictionary<string, string> form, bool wantsHardEnd, Meeting met)
    {
        if (Client(authorization, form, out var client) is { } refused)
            return refused;
        return form.GetValueOrDefault("grant_type") switch
        {
            "authorization_code" => Exchange(client!, form, wantsHardEnd),
            "refresh_token" => Refresh(client!, form, wantsHardEnd, met),
            null or "" => Error("invalid_request"),
            _ => Error("unsupported_grant_type"),
        };
    }

    public Reply Revoke(string? authorization, IReadOnlyDictionary<string, string> form, string body)
    {
        if (Client(authorization, form, out var client) is { } refused)
            return refused;
        var token = form.GetValueOrDefault("token") ?? TokenIn(body);
        if (string.IsNullOrEmpty(token))
            return Error("invalid_request");
        return world.Change(state =>
        {
            var grant = state.GrantOf(token) ?? (access.Read(token) is { } read ? state.Grants.GetValueOrDefault(read.GrantId) : null);
            if (grant is null || grant.ClientId != client!.ClientId || grant.Ended is not null)
                return Error("invalid_grant", "Token invalid");
            state.Grants[grant.Id] = grant with { Ended = "revoked" };
            return Reply.Empty(200);
        });
    }

    /// <summary>Marks a refresh as under way, and says whether another of the same grant is.</summary>
    public Meeting Begin(IReadOnlyDictionary<string, string> form)
    {
        var grant = form.GetValueOrDefault("grant_type") == "refresh_token" && form.TryGetValue("refresh_token", out var token) ? world.Read(state => state.GrantOf(token)?.Id) : null;
        return underWay.Begin(grant);
    }

    private Reply Exchange(QuickBooksApp client, IReadOnlyDictionary<string, string> form, bool wantsHardEnd)
    {
        var now = world.Clock.UtcNow;
        return world.Change(state =>
        {
            if (!form.TryGetValue("code", out var value) || !state.Codes.TryGetValue(value, out var code) || code.ClientId != client.ClientId)
                return Error("invalid_grant", "Invalid authorization code");
            if (code.Used && state.Switches.CodeReuseKills && code.GrantId is { } made && state.Grants.GetValueOrDefault(made) is { Ended: null } grant)
                state.Grants[made] = grant with { Ended = "codeReused" };
            if (code.Used || now >= code.IssuedUtc.AddSeconds(state.Switches.CodeSeconds) || code.RedirectUri != form.GetValueOrDefault("redirect_uri"))
            {
                state.Codes[value] = code with { Used = true };
                return Error("invalid_grant", "Invalid authorization code");
            }

            if (state.Switches.NewConsentEndsOlderTokens)
            {
                foreach (var older in state.Grants.Values.Where(g => g.Ended is null && g.ClientId == code.ClientId && g.RealmId == code.RealmId).ToList())
                    state.Grants[older.Id] = older with { Ended = "superseded" };
            }

            var fresh = new RealmGrant
            {
                Id = Guid.NewGuid().ToString("N"),
                ClientId = code.ClientId,
                PersonId = code.PersonId,
                RealmId = code.RealmId,
                Scopes = code.Scopes,
                ConsentedUtc = now,
                HardEndUtc = now.AddDays(state.Switches.HardEndDays),
                RefreshToken = NewRefreshToken(),
                ValueSinceUtc = now,
                ExpiresUtc = now.AddSeconds(state.Switches.RefreshTokenSeconds),
                LastRefreshUtc = now,
            };
            state.Codes[value] = code with { Used = true, GrantId = fresh.Id };
            state.Grants[fresh.Id] = fresh;
            return Tokens(state, fresh, now, wantsHardEnd, withId: true);
        });
    }

    private Reply Refresh(QuickBooksApp client, IReadOnlyDictionary<string, string> form, bool wantsHardEnd, Meeting met)
    {
        var now = world.Clock.UtcNow;
        return world.Change(state =>
        {
            if (!form.TryGetValue("refresh_token", out var value) || state.GrantOf(value) is not { } grant || grant.ClientId != client.ClientId)
                return Error("invalid_grant", BadRefreshToken);
            if (met.CameSecond)
            {
                // Two at once look like a stolen token: the second is refused, and the first's is no good any more either.
                if (state.Switches.ConcurrentRefreshKills)
                    state.Grants[grant.Id] = grant with { Ended = grant.Ended ?? "concurrentRefresh" };
                return Error("invalid_grant", BadRefreshToken);
            }

            if (grant.Ended is not null && !(met.WasJoined && grant.Ended == "concurrentRefresh"))
                return Error("invalid_grant", BadRefreshToken);
            if (now >= grant.ExpiresUtc || now >= grant.HardEndUtc)
                return Error("invalid_grant", "Token expired");
            if (value == grant.Previous && now >= grant.PreviousEndsUtc)
                return Error("invalid_grant", BadRefreshToken);
            var rotates = value == grant.RefreshToken && now >= grant.ValueSinceUtc.AddHours(state.Switches.RotationHours);
            var moved = grant with { ExpiresUtc = now.AddSeconds(state.Switches.RefreshTokenSeconds), LastRefreshUtc = now };
            if (rotates)
            {
                moved = moved with
                {
                    Previous = grant.RefreshToken,
                    PreviousEndsUtc = now.AddHours(state.Switches.PreviousTokenHours),
                    RefreshToken = NewRefreshToken(),
                    ValueSinceUtc = now,
                };
            }

            state.Grants[grant.Id] = moved;
            return Tokens(state, moved, now, wantsHardEnd, withId: false);
        });
    }

    private Reply Tokens(QuickBooksState state, RealmGrant grant, DateTime now, bool wantsHardEnd, bool withId)
    {
        var seconds = state.Switches.AccessTokenSeconds;
        var body = new JsonObject
        {
            ["token_type"] = "bearer",
            ["access_token"] = access.Issue(grant.Id, now.AddSeconds(seconds)),
            ["expires_in"] = seconds,
            ["refresh_token"] = grant.RefreshToken,
            ["x_refresh_token_expires_in"] = (long)(Earlier(grant.ExpiresUtc, grant.HardEndUtc) - now).TotalSeconds,
        };
        if (wantsHardEnd)
            body["x_refresh_token_hard_expires_in"] = (long)(grant.HardEndUtc - now).TotalSeconds;
        if (withId && grant.Scopes.Contains("openid") && state.People.TryGetValue(grant.PersonId, out var person))
            body["id_token"] = ids.Issue(grant, person);
        return NoStore(Reply.Json(200, body));
    }

    private string NewRefreshToken() => secrets.Keep("refresh-token", $"RT1-{RandomNumberGenerator.GetInt32(10, 99)}-H0-{RandomNumberGenerator.GetHexString(24, lowercase: true)}");

    /// <summary>HTTP Basic, or id and secret in the body. Null means that it is who it says.</summary>
    private Reply? Client(string? authorization, IReadOnlyDictionary<string, string> form, out QuickBooksApp? client)
    {
        var (id, secret) = TokenEndpoint.Basic(authorization) ?? (form.GetValueOrDefault("client_id") ?? "", form.GetValueOrDefault("client_secret") ?? "");
        client = world.Read(state => state.Apps.GetValueOrDefault(id));
        return client is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(client.ClientSecret), Encoding.UTF8.GetBytes(secret))
            ? null
            : NoStore(Reply.Json(401, new JsonObject { ["error"] = "invalid_client" }));
    }

    private Reply Error(string error, string? description = null)
    {
        var body = new JsonObject { ["error"] = error };
        if (description is not null && world.Switches.TokenErrorDescriptions)
            body["error_description"] = description;
        return NoStore(Reply.Json(400, body));
    }

    private static Reply NoStore(Reply reply) => reply.With("Cache-Control", "no-cache, no-store").With("Pragma", "no-cache");

    private static DateTime Earlier(DateTime one, DateTime other) => one < other ? one : other;

    private static string? TokenIn(string body)
    {
        try
        {
            return (string?)JsonNode.Parse(body)?["token"];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
