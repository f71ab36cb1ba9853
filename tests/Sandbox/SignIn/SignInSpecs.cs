using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using DataHealth.Local.Sandbox.SignIn;

namespace DataHealth.Sandbox.Tests.SignIn;

/// <summary>The sign-in provider as a browser program meets it.</summary>
public sealed class SignInSpecs : IAsyncLifetime
{
    private const string Redirect = "http://localhost:5173/signed-in";
    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false });
    private readonly string _verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
    private SignInServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SignInServer.StartAsync(cancellationToken: Cancelled);
        _browser.BaseAddress = _server.BaseAddress;
    }

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task A_person_is_chosen_on_the_page_and_the_code_brings_a_token_for_our_API()
    {
        var page = await _browser.GetStringAsync(Authorize(), Cancelled);
        page.ShouldContain("Mara Lindt");
        var code = await CodeOfAsync("mara");

        var tokens = await ExchangeAsync(code, _verifier);

        var claims = Claims(tokens.GetProperty("access_token").GetString()!);
        claims.GetProperty("sub").GetString().ShouldBe("sandbox-mara");
        claims.GetProperty("email").GetString().ShouldBe("mara@birch.example");
        claims.GetProperty("email_verified").GetBoolean().ShouldBeTrue();
        claims.GetProperty("aud").GetString().ShouldBe("datahealth-api");
        claims.GetProperty("iss").GetString().ShouldBe(_server.BaseAddress.AbsoluteUri);
        Claims(tokens.GetProperty("id_token").GetString()!).GetProperty("aud").GetString().ShouldBe("datahealth-web");
    }

    [Fact]
    public async Task A_code_without_its_verifier_brings_nothing()
    {
        var code = await CodeOfAsync("mara");

        var refused = await ExchangeAsync(code, _verifier + "x");

        refused.GetProperty("error").GetString().ShouldBe("invalid_grant");
    }

    [Theory]
    [InlineData("another-client", Redirect, HttpStatusCode.Unauthorized)]
    [InlineData("datahealth-web", "https://evil.example/signed-in", HttpStatusCode.BadRequest)]
    public async Task An_unknown_client_or_address_is_not_sent_a_code(string client, string redirect, HttpStatusCode status)
    {
        using var answer = await _browser.GetAsync(Authorize(client, redirect) + "&sandbox_person=mara", Cancelled);

        answer.StatusCode.ShouldBe(status);
        answer.Headers.Location.ShouldBeNull();
    }

    [Fact]
    public async Task A_page_without_PKCE_is_refused()
    {
        var address = Regex.Replace(Authorize(), "&code_challenge[^&]*", "");

        using var answer = await _browser.GetAsync(address + "&sandbox_person=mara", Cancelled);

        (answer.Headers.Location?.Query ?? await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("invalid_request");
    }

    [Fact]
    public async Task A_token_for_the_asking_is_like_one_of_the_flow_and_signed_by_a_published_key()
    {
        using var answer = await _browser.PostAsJsonAsync("sandbox/tokens", new { person = "mara" }, Cancelled);
        var minted = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("access_token").GetString()!;
        var flow = (await ExchangeAsync(await CodeOfAsync("mara"), _verifier)).GetProperty("access_token").GetString()!;

        foreach (var name in new[] { "sub", "iss", "aud", "email", "email_verified", "name" })
            Claims(minted).GetProperty(name).ToString().ShouldBe(Claims(flow).GetProperty(name).ToString(), name);
        Part(minted, 0).GetProperty("typ").GetString().ShouldBe(Part(flow, 0).GetProperty("typ").GetString());
        var keys = await _browser.GetFromJsonAsync<JsonElement>(".well-known/jwks", Cancelled);
        keys.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()).ShouldContain(Part(minted, 0).GetProperty("kid").GetString());
        Part(flow, 0).GetProperty("kid").GetString().ShouldBe(Part(minted, 0).GetProperty("kid").GetString());
    }

    private string Authorize(string client = "datahealth-web", string redirect = Redirect)
    {
        var challenge = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier)));
        return $"connect/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(redirect)}&scope=openid%20profile%20email&state=s1&nonce=n1&code_challenge={challenge}&code_challenge_method=S256";
    }

    private async Task<string> CodeOfAsync(string person)
    {
        using var answer = await _browser.GetAsync(Authorize() + $"&sandbox_person={person}", Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync(Cancelled));
        var query = HttpUtility.ParseQueryString(answer.Headers.Location!.Query);
        query["state"].ShouldBe("s1");
        return query["code"]!;
    }

    private async Task<JsonElement> ExchangeAsync(string code, string verifier)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "datahealth-web",
            ["code"] = code,
            ["redirect_uri"] = Redirect,
            ["code_verifier"] = verifier,
        });
        using var answer = await _browser.PostAsync("connect/token", form, Cancelled);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
    }

    private static JsonElement Claims(string token) => Part(token, 1);

    private static JsonElement Part(string token, int index) => JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[index]));
}
