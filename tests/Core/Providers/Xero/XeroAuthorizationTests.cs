using System.Buffers.Text;
using System.Text;
using DataHealth.Core.Providers;
using DataHealth.Core.Providers.Xero;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Core.Tests.Providers.Xero;

public class XeroAuthorizationTests
{
    private static readonly Uri Redirect = new("http://localhost:7071/api/oauth/xero/callback");

    private readonly CannedXero _xero = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private readonly XeroOptions _app = new() { ClientId = "our-app", ClientSecret = "our-secret" };

    private XeroAuthorization Authorization => new(Options.Create(_app), new HttpClient(_xero), _time, NullLogger<XeroAuthorization>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_browser_is_sent_to_consent_with_everything_percent_encoded()
    {
        var address = Authorization.AuthorizeUri("st/ate+1", Redirect, codeChallenge: null);

        address.AbsoluteUri.ShouldStartWith("https://login.xero.com/identity/connect/authorize?response_type=code&client_id=our-app&redirect_uri=http%3A%2F%2Flocalhost%3A7071%2Fapi");
        address.Query.ShouldContain("&state=st%2Fate%2B1");
        address.Query.ShouldContain("&scope=offline_access%20openid%20");
        address.Query.ShouldNotContain("code_challenge");
        Authorization.AuthorizeUri("s", Redirect, "chal-lenge").Query.ShouldEndWith("&code_challenge=chal-lenge&code_challenge_method=S256");
    }

    [Fact]
    public async Task A_code_becomes_a_token_set_with_its_owner_and_consent()
    {
        _xero.Then(200, Tokens(refresh: "refresh-1"));

        var tokens = (await Authorization.ExchangeAsync(new CallbackQuery("the-code", null, null), Redirect, "verify", Cancellation)).ShouldBeOfType<TokenOutcome.Issued>().Tokens;

        tokens.RefreshToken.ShouldBe("refresh-1");
        tokens.OwnerId.ShouldBe("user-1");
        tokens.OwnerName.ShouldBe("Ada Birch");
        tokens.ConsentId.ShouldBe("consent-1");
        tokens.Scopes.ShouldBe(["accounting.invoices.read", "offline_access"]);
        tokens.AccessExpiresAt.ShouldBe(_time.GetUtcNow().AddMinutes(30));
        tokens.RefreshExpiresAt.ShouldBe(_time.GetUtcNow().AddDays(60));
        tokens.ToString().ShouldNotContain("refresh-1");
        var asked = _xero.Asked.ShouldHaveSingleItem();
        asked.Address.ShouldBe(new Uri("https://identity.xero.com/connect/token"));
        asked.Authorization.ShouldBe("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("our-app:our-secret")));
        asked.Body.ShouldBe("grant_type=authorization_code&code=the-code&redirect_uri=http%3A%2F%2Flocalhost%3A7071%2Fapi%2Foauth%2Fxero%2Fcallback&code_verifier=verify");
    }

    [Theory]
    [InlineData("""{"access_token":"opaque","refresh_token":"new","expires_in":1800}""", "new")]
    [InlineData("""{"access_token":"opaque","expires_in":"1800"}""", "old")]
    public async Task A_refresh_never_loses_its_token_for_want_of_a_claim(string body, string expected)
    {
        _xero.Then(200, body);

        (await Authorization.RefreshAsync("old", Cancellation)).ShouldBeOfType<TokenOutcome.Issued>().Tokens.RefreshToken.ShouldBe(expected);

        _xero.Asked.Single().Body.ShouldBe("grant_type=refresh_token&refresh_token=old");
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client"}""", FaultKind.ClientCredentialsWrong)]
    [InlineData(401, """{"error":"invalid_client"}""", FaultKind.ClientCredentialsWrong)]
    [InlineData(401, "", FaultKind.ClientCredentialsWrong)]
    [InlineData(400, """{"error":"unsupported_grant_type"}""", FaultKind.RequestRefused)]
    [InlineData(400, """{"error":"unauthorized_client"}""", FaultKind.RequestRefused)]
    [InlineData(400, """{"error":"invalid_scope"}""", FaultKind.RequestRefused)]
    [InlineData(400, "<html>no</html>", FaultKind.RequestRefused)]
    [InlineData(403, "", FaultKind.RequestRefused)]
    [InlineData(429, "", FaultKind.ProviderUnavailable)]
    [InlineData(500, """{"error":"invalid_grant"}""", FaultKind.ProviderUnavailable)]
    [InlineData(503, "maintenance", FaultKind.ProviderUnavailable)]
    [InlineData(302, "", FaultKind.BadAnswer)]
    [InlineData(200, "<html>", FaultKind.BadAnswer)]
    [InlineData(200, "{}", FaultKind.BadAnswer)]
    [InlineData(200, "[1]", FaultKind.BadAnswer)]
    public async Task Whatever_is_not_invalid_grant_proves_nothing_and_is_not_repeated(int status, string body, FaultKind expected)
    {
        _xero.Then(status, body);

        var fault = (await Authorization.RefreshAsync("old", Cancellation)).ShouldBeOfType<TokenOutcome.Failed>().Fault;

        fault.Kind.ShouldBe(expected);
        fault.CorrelationId.ShouldBe("c0ffee00-1111-4222-8333-444455556666");
        _xero.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_grant"}""")]
    [InlineData(400, """{"Error":"invalid_grant","error_description":"secret words"}""")]
    public async Task Only_invalid_grant_ends_a_grant(int status, string body)
    {
        _xero.Then(status, body);

        var fault = (await Authorization.RefreshAsync("old", Cancellation)).ShouldBeOfType<TokenOutcome.InvalidGrant>().Fault;

        fault.Kind.ShouldBe(FaultKind.GrantInvalid);
        fault.Technical.ShouldNotContain("secret words");
    }

    [Fact]
    public async Task A_transport_fault_is_an_outage_and_is_not_repeated()
    {
        _xero.Then(_ => throw new HttpRequestException("no route"));

        (await Authorization.RefreshAsync("old", Cancellation)).ShouldBeOfType<TokenOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.ProviderUnavailable);

        _xero.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Only_organisations_are_listed_and_an_empty_list_is_a_list()
    {
        _xero.Then(200,
            """
            [{"id":"con-1","authEventId":"x","tenantId":"ten-1","tenantType":"ORGANISATION","tenantName":"Birch & Ash Ltd","createdDateUtc":"2026-11-02T09:14:03.5165400","updatedDateUtc":"2026-11-02T09:14:03.5187840"},
             {"id":"con-2","tenantId":"ten-2","tenantType":"PRACTICE","tenantName":"Not us"}]
            """).Then(200, "[]");

        var listed = (await Authorization.OrganisationsAsync("token", "user", "con/sent", Cancellation)).ShouldBeOfType<OrganisationsOutcome.Listed>();
        var empty = (await Authorization.OrganisationsAsync("token", "user", null, Cancellation)).ShouldBeOfType<OrganisationsOutcome.Listed>();

        listed.Organisations.ShouldBe([new ProviderOrganisation(new("xero", "ten-1"), "con-1", "Birch & Ash Ltd")]);
        empty.Organisations.ShouldBeEmpty();
        _xero.Asked[0].Address.AbsoluteUri.ShouldBe("https://api.xero.com/connections?authEventId=con%2Fsent");
        _xero.Asked[0].Authorization.ShouldBe("Bearer token");
    }

    [Theory]
    [InlineData(401, typeof(OrganisationsOutcome.TokenRefused))]
    [InlineData(403, typeof(OrganisationsOutcome.TokenRefused))]
    [InlineData(500, typeof(OrganisationsOutcome.Failed))]
    [InlineData(200, typeof(OrganisationsOutcome.Failed))]
    public async Task A_refused_or_broken_list_is_not_an_empty_one(int status, Type expected)
    {
        _xero.Then(status, "{}");

        (await Authorization.OrganisationsAsync("token", "user", null, Cancellation)).ShouldBeOfType(expected);
    }

    [Theory]
    [InlineData(204, null)]
    [InlineData(404, null)]
    [InlineData(403, FaultKind.RequestRefused)]
    [InlineData(401, FaultKind.RequestRefused)]
    [InlineData(500, FaultKind.ProviderUnavailable)]
    public async Task Removing_a_connection_that_is_gone_is_success(int status, FaultKind? expected)
    {
        _xero.Then(status, "");

        ((await Authorization.RemoveAsync("token", "con-1", Cancellation))?.Kind).ShouldBe(expected);

        (_xero.Asked[0].Method, _xero.Asked[0].Address.AbsolutePath).ShouldBe((HttpMethod.Delete, "/connections/con-1"));
    }

    [Theory]
    [InlineData(200, "", null)]
    [InlineData(400, """{"error":"invalid_grant"}""", null)]
    [InlineData(400, """{"error":"invalid_client"}""", FaultKind.ClientCredentialsWrong)]
    [InlineData(503, "", FaultKind.ProviderUnavailable)]
    public async Task Revoking_sends_the_refresh_token(int status, string body, FaultKind? expected)
    {
        _xero.Then(status, body);

        var fault = await Authorization.RevokeAsync("old", Cancellation);

        (fault?.Kind).ShouldBe(expected);
        _xero.Asked[0].Body.ShouldBe("token=old");
    }

    [Fact]
    public async Task Without_an_app_nothing_is_sent()
    {
        _app.ClientId = "";

        (await Authorization.RefreshAsync("old", Cancellation)).ShouldBeOfType<TokenOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.NotConfigured);

        _xero.Asked.ShouldBeEmpty();
    }

    private static string Tokens(string refresh)
    {
        var access = Jwt("""{"xero_userid":"user-1","authentication_event_id":"consent-1","scope":["accounting.invoices.read","offline_access"]}""");
        var person = Jwt("""{"name":"Ada Birch","email":"ada@example.test"}""");
        return $$"""{"id_token":"{{person}}","access_token":"{{access}}","expires_in":1800,"token_type":"Bearer","refresh_token":"{{refresh}}","scope":"x"}""";
    }

    private static string Jwt(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.sig";
}
