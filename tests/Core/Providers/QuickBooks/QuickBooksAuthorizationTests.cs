using System.Net;
using System.Text;
using DataHealth.Core.Providers;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Core.Storage;
using DataHealth.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Core.Tests.Providers.QuickBooks;

public sealed class QuickBooksAuthorizationTests : IDisposable
{
    private const string Pair =
        """{"token_type":"bearer","access_token":"eyJ.opaque","expires_in":3600,"refresh_token":"RT1-52","x_refresh_token_expires_in":8726400,"x_refresh_token_hard_expires_in":157680000}""";

    private const string Info = """{"CompanyInfo":{"CompanyName":"Harbour Print","Id":"1"},"time":"2026-11-23T12:30:52.417-08:00"}""";
    private static readonly Uri Redirect = new("https://app.test/api/oauth/quickbooks/callback");
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly Exchanges _intuit = new();
    private readonly HttpClient _http;

    public QuickBooksAuthorizationTests(AzuriteFixture azurite)
    {
        _http = new HttpClient(_intuit);
        var app = Options.Create(new QuickBooksOptions { ClientId = "our-app", ClientSecret = "hush" });
        var time = new FakeTimeProvider(Now);
        var storage = new AppStorage(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString, TablePrefix = Azurite.NewPrefix() }));
        Authorization = new(app, _http, new(storage, app, time), time, NullLogger<QuickBooksAuthorization>.Instance);
    }

    private QuickBooksAuthorization Authorization { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public void The_consent_is_asked_for_at_intuit_with_the_accounting_scope_and_no_challenge()
    {
        Authorization.UsesPkce.ShouldBeFalse();
        Authorization.AuthorizeUri("st/ate", Redirect, null).AbsoluteUri.ShouldBe(
            "https://appcenter.intuit.com/connect/oauth2?response_type=code&client_id=our-app&redirect_uri=https%3A%2F%2Fapp.test%2Fapi%2Foauth%2Fquickbooks%2Fcallback"
            + "&scope=com.intuit.quickbooks.accounting&state=st%2Fate");
    }

    [Fact]
    public async Task A_code_gives_the_token_set_of_the_company_that_the_callback_names()
    {
        _intuit.Then(200, Pair).Then(200, Info);

        var tokens = (await ExchangeAsync("9130357700123456")).ShouldBeOfType<TokenOutcome.Issued>().Tokens;
        (await Authorization.ProveAsync(tokens, Cancelled)).ShouldBeOfType<ProofOutcome.Proven>();

        (tokens.OwnerId, tokens.ConsentId, tokens.AccessToken, tokens.RefreshToken).ShouldBe(("9130357700123456", "9130357700123456", "eyJ.opaque", "RT1-52"));
        (tokens.AccessExpiresAt, tokens.RefreshExpiresAt, tokens.HardExpiresAt).ShouldBe((Now.AddSeconds(3600), Now.AddSeconds(8726400), Now.AddSeconds(157680000)));
        _intuit.Asked[0].ShouldBe("POST https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer Basic b3VyLWFwcDpodXNo true grant_type=authorization_code&code=the-code&redirect_uri=https%3A%2F%2Fapp.test%2Fapi%2Foauth%2Fquickbooks%2Fcallback");
        _intuit.Asked[1].ShouldBe("GET https://quickbooks.api.intuit.com/v3/company/9130357700123456/companyinfo/9130357700123456?minorversion=75 Bearer eyJ.opaque  ");
    }

    [Fact]
    public async Task A_company_that_a_browser_wrote_into_the_callback_does_not_get_the_token_set_of_another()
    {
        _intuit.Then(200, Pair).Then(200, Info);
        (await ExchangedAndProvedAsync("9130357700123456")).ShouldBeOfType<ProofOutcome.Proven>();
        _intuit.Then(200, Pair).Then(403, """{"fault":{"error":[{"message":"message=AuthorizationFailed; errorCode=003100; statusCode=403","code":"3100"}],"type":"AUTHORIZATION"}}""");

        var refused = (await ExchangedAndProvedAsync("111")).ShouldBeOfType<ProofOutcome.Refused>();

        (refused.Fault.Kind, refused.IsForeign).ShouldBe((FaultKind.OrganisationRemoved, true));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12/../34")]
    [InlineData("1234567890123456789012345678901")]
    public async Task A_callback_without_a_company_exchanges_nothing(string? company)
    {
        (await ExchangeAsync(company)).ShouldBeOfType<TokenOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.BadAnswer);
        _intuit.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_person_who_may_not_connect_the_company_is_told_so()
    {
        _intuit.Then(200, Pair).Then(400, """{"Fault":{"Error":[{"Message":"No","code":"120"}],"type":"AuthorizatonFault"},"time":"2026-11-23T12:30:52.417-08:00"}""");

        var refused = (await ExchangedAndProvedAsync("111")).ShouldBeOfType<ProofOutcome.Refused>();

        (refused.Fault.Kind, refused.IsForeign).ShouldBe((FaultKind.UserRightMissing, false));
    }

    [Fact]
    public async Task A_host_that_has_never_known_our_keys_proves_nothing_of_a_pair()
    {
        _intuit.Then(200, Pair).Then(403, """{"fault":{"error":[{"message":"message=AuthorizationFailed; errorCode=003100; statusCode=403","code":"3100"}],"type":"AUTHORIZATION"}}""");

        (await ExchangedAndProvedAsync("111")).ShouldBeOfType<ProofOutcome.Unknown>().Fault.Kind.ShouldBe(FaultKind.ClientCredentialsWrong);
    }

    [Theory]
    [InlineData(429, "", FaultKind.ProviderUnavailable)]
    [InlineData(503, "<html>", FaultKind.ProviderUnavailable)]
    [InlineData(200, "cut sho", FaultKind.BadAnswer)]
    [InlineData(401, "", FaultKind.RequestRefused)]
    [InlineData(400, """{"Fault":{"Error":[{"Message":"Subscription","code":"6190"}],"type":"ValidationFault"},"time":"2026-11-23T12:30:52.417-08:00"}""", FaultKind.SubscriptionLapsed)]
    public async Task What_does_not_say_whose_a_token_is_proves_nothing(int status, string body, FaultKind expected)
    {
        _intuit.Then(200, Pair).Then(status, body);

        (await ExchangedAndProvedAsync("111")).ShouldBeOfType<ProofOutcome.Unknown>().Fault.Kind.ShouldBe(expected);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_grant","error_description":"Incorrect or invalid refresh token"}""", true, null, false)]
    [InlineData(401, """{"error":"invalid_grant"}""", true, null, false)]
    [InlineData(401, """{"error":"invalid_client"}""", false, FaultKind.ClientCredentialsWrong, false)]
    [InlineData(400, """{"error":"invalid_request"}""", false, FaultKind.RequestRefused, false)]
    [InlineData(429, "", false, FaultKind.ProviderUnavailable, false)]
    [InlineData(503, "<html>", false, FaultKind.ProviderUnavailable, true)]
    [InlineData(200, "{}", false, FaultKind.BadAnswer, true)]
    public async Task Only_invalid_grant_ends_a_grant_and_a_gateway_that_gave_up_leaves_doubt(int status, string body, bool isDead, FaultKind? fault, bool isLost)
    {
        _intuit.Then(status, body);

        var outcome = await Authorization.RefreshAsync("RT1-51", Cancelled);

        (outcome is TokenOutcome.InvalidGrant).ShouldBe(isDead);
        if (outcome is TokenOutcome.Failed failed)
            (failed.Fault.Kind, failed.IsAnswerLost).ShouldBe((fault!.Value, isLost));
    }

    [Fact]
    public async Task A_refresh_may_give_the_same_token_again()
    {
        _intuit.Then(200, """{"access_token":"eyJ.2","expires_in":3600,"refresh_token":"RT1-52"}""");

        (await Authorization.RefreshAsync("RT1-52", Cancelled)).ShouldBeOfType<TokenOutcome.Issued>().Tokens.RefreshToken.ShouldBe("RT1-52");
    }

    [Theory]
    [InlineData(200, "", null)]
    [InlineData(400, """{"error":"invalid_token"}""", null)]
    [InlineData(400, """{"error":"invalid_grant"}""", null)]
    [InlineData(400, """{"error":"invalid_request"}""", FaultKind.RequestRefused)]
    [InlineData(400, "<html>", FaultKind.RequestRefused)]
    [InlineData(400, """{"error":"invalid_client"}""", FaultKind.ClientCredentialsWrong)]
    [InlineData(500, "", FaultKind.ProviderUnavailable)]
    public async Task A_grant_is_revoked_by_its_token_and_one_that_is_gone_already_is_success(int status, string body, FaultKind? expected)
    {
        _intuit.Then(status, body);

        var fault = await Authorization.RevokeAsync("RT1-52", Cancelled);

        (fault?.Kind).ShouldBe(expected);

        _intuit.Asked.Single().ShouldBe("""POST https://developer.api.intuit.com/v2/oauth2/tokens/revoke Basic b3VyLWFwcDpodXNo  {"token":"RT1-52"}""");
    }

    private async Task<ProofOutcome> ExchangedAndProvedAsync(string company) =>
        await Authorization.ProveAsync((await ExchangeAsync(company)).ShouldBeOfType<TokenOutcome.Issued>().Tokens, Cancelled);

    private Task<TokenOutcome> ExchangeAsync(string? company) => Authorization.ExchangeAsync(
        new CallbackQuery("the-code", "state", null) { Others = company is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["realmId"] = company } }, Redirect, null, Cancelled);

    private sealed class Exchanges : HttpMessageHandler
    {
        private readonly Queue<(int Status, string Body)> _answers = new();

        public List<string> Asked { get; } = [];

        public Exchanges Then(int status, string body)
        {
            _answers.Enqueue((status, body));
            return this;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var optedIn = request.Headers.TryGetValues("x-include-refresh-token-hard-expires-in", out var values) ? values.Single() : "";
            Asked.Add($"{request.Method} {request.RequestUri} {request.Headers.Authorization} {optedIn} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken))}");
            var (status, body) = _answers.Dequeue();
            return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        }
    }
}
