using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.World;
using Base64 = System.Buffers.Text.Base64Url;

namespace DataHealth.Sandbox.Tests.Server;

public sealed class TokenSpecs
{
    [Fact]
    public async Task A_code_works_once_and_for_five_minutes()
    {
        await using var xero = await XeroVisitor.StartAsync();
        var used = await xero.ConsentAsync(XeroVisitor.Birch);
        var late = await xero.ConsentAsync(XeroVisitor.Birch);

        using var first = await xero.ExchangeAsync(used);
        using var second = await xero.ExchangeAsync(used);
        xero.Time.Advance(TimeSpan.FromMinutes(5));
        using var expired = await xero.ExchangeAsync(late);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await XeroVisitor.ErrorAsync(second)).ShouldBe("invalid_grant");
        (await XeroVisitor.ErrorAsync(expired)).ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task An_access_token_is_an_rs256_jwt_that_the_published_keys_verify_with_xeros_claims()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var key = (await xero.Http.GetFromJsonAsync<JsonNode>("/.well-known/openid-configuration/jwks"))!["keys"]![0]!;
        using var rsa = RSA.Create(new RSAParameters { Modulus = Base64.DecodeFromChars((string)key["n"]!), Exponent = Base64.DecodeFromChars((string)key["e"]!) });
        var parts = xero.AccessToken.Split('.');

        var verified = rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var claims = JsonNode.Parse(Base64.DecodeFromChars(parts[1]))!.AsObject();

        verified.ShouldBeTrue();
        string[] expected = ["nbf", "exp", "iss", "aud", "client_id", "sub", "auth_time", "xero_userid", "global_session_id", "sid", "jti", "authentication_event_id", "scope", "amr"];
        claims.Select(claim => claim.Key).ShouldBe(expected, ignoreOrder: true);
        ((string)claims["iss"]!).ShouldBe("https://identity.xero.com");
        ((string)claims["xero_userid"]!).ShouldBe(DefaultWorld.Ada.ToString());
        ((long)claims["exp"]! - (long)claims["nbf"]!).ShouldBe(1800);
    }

    [Fact]
    public async Task An_access_token_expires_by_the_sandboxs_clock_after_thirty_minutes()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();

        xero.Time.Advance(TimeSpan.FromSeconds(1799));
        using var before = await xero.ListAsync("Organisation");
        xero.Time.Advance(TimeSpan.FromSeconds(1));
        using var after = await xero.ListAsync("Organisation");

        before.StatusCode.ShouldBe(HttpStatusCode.OK);
        after.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        ((string)(await after.Content.ReadFromJsonAsync<JsonNode>())!["Detail"]!).ShouldStartWith("TokenExpired: token expired at 11/23/2026 20:30:00");
    }

    [Fact]
    public async Task The_previous_refresh_token_works_for_thirty_minutes_and_the_newest_for_sixty_days()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var first = xero.RefreshToken;
        await xero.TakeAsync(await xero.RefreshAsync(first));
        var second = xero.RefreshToken;

        xero.Time.Advance(TimeSpan.FromMinutes(29));
        using var grace = await xero.RefreshAsync(first);
        xero.Time.Advance(TimeSpan.FromMinutes(1));
        using var stale = await xero.RefreshAsync(first);
        xero.Time.Advance(TimeSpan.FromDays(59));
        using var newest = await xero.RefreshAsync(second);
        await xero.TakeAsync(newest);
        xero.Time.Advance(TimeSpan.FromDays(60));
        using var old = await xero.RefreshAsync(xero.RefreshToken);

        second.ShouldNotBe(first);
        grace.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await XeroVisitor.ErrorAsync(stale)).ShouldBe("invalid_grant");
        newest.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await XeroVisitor.ErrorAsync(old)).ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Tokens_come_only_with_their_scopes()
    {
        await using var xero = await XeroVisitor.StartAsync();

        using var answer = await xero.ExchangeAsync(await xero.ConsentAsync(XeroVisitor.Birch, scopes: "accounting.invoices.read"));

        var json = (await answer.Content.ReadFromJsonAsync<JsonNode>())!.AsObject();
        json.Select(property => property.Key).ShouldBe(["access_token", "expires_in", "token_type", "scope"]);
    }

    [Fact]
    public async Task Errors_of_the_token_endpoint_have_their_names()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        (string, string)[] refresh = [("grant_type", "refresh_token"), ("refresh_token", xero.RefreshToken)];

        using var wrongSecret = await xero.TokenAsync(refresh, credentials: "sandbox-client:wrong");
        using var noClient = await xero.TokenAsync(refresh, credentials: ":");
        using var noGrant = await xero.TokenAsync([("grant_type", "password")]);
        using var unknown = await xero.RefreshAsync("nothing");

        (await XeroVisitor.ErrorAsync(wrongSecret)).ShouldBe("invalid_client");
        (await XeroVisitor.ErrorAsync(noClient)).ShouldBe("unauthorized_client");
        (await XeroVisitor.ErrorAsync(noGrant)).ShouldBe("unsupported_grant_type");
        (await XeroVisitor.ErrorAsync(unknown)).ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task A_code_challenge_must_be_proven()
    {
        await using var xero = await XeroVisitor.StartAsync();
        var verifier = new string('v', 43);
        var challenge = "&code_challenge_method=S256&code_challenge=" + Base64.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

        using var without = await xero.ExchangeAsync(await xero.ConsentAsync(XeroVisitor.Birch, more: challenge));
        using var with = await xero.ExchangeAsync(await xero.ConsentAsync(XeroVisitor.Birch, more: challenge), verifier: verifier);

        (await XeroVisitor.ErrorAsync(without)).ShouldBe("invalid_grant");
        with.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_lost_answer_to_a_refresh_is_survived_by_the_grace_of_the_previous_token()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        await xero.ControlAsync(HttpMethod.Post, "faults", new { kind = "lostAnswer", endpoint = "token", count = 1 });

        await Should.ThrowAsync<HttpRequestException>(() => xero.RefreshAsync(xero.RefreshToken));
        using var again = await xero.RefreshAsync(xero.RefreshToken);

        again.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Grants_connections_and_edits_outlive_a_restart_with_the_same_folder()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-").FullName;
        var options = new SandboxOptions { DataFolder = folder };
        string refresh, access, before;
        await using (var first = await XeroVisitor.ConnectedAsync(options: options))
        {
            await first.ControlAsync(HttpMethod.Post, $"organisations/{XeroVisitor.Birch}/edits/random", new { seed = 5, count = 20 });
            before = (await first.ControlAsync(HttpMethod.Get, $"organisations/{XeroVisitor.Birch}/truth"))!.ToJsonString();
            (refresh, access) = (first.RefreshToken, first.AccessToken);
        }

        await using var second = await XeroVisitor.StartAsync(options);
        second.AccessToken = access;
        using var organisation = await second.ListAsync("Organisation");
        using var refreshed = await second.RefreshAsync(refresh);
        var after = (await second.ControlAsync(HttpMethod.Get, $"organisations/{XeroVisitor.Birch}/truth"))!.ToJsonString();

        organisation.StatusCode.ShouldBe(HttpStatusCode.OK);
        refreshed.StatusCode.ShouldBe(HttpStatusCode.OK);
        after.ShouldBe(before);
        var secrets = (await second.ControlAsync(HttpMethod.Get, "secrets"))!["secrets"]!.AsArray().Select(secret => (string)secret!["value"]!);
        secrets.ShouldContain(refresh);
        secrets.ShouldContain(access);
        Directory.Delete(folder, recursive: true);
    }
}
