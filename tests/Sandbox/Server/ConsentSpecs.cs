using System.Net;
using System.Text.RegularExpressions;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Sandbox.Tests.Server;

public sealed partial class ConsentSpecs
{
    [Fact]
    public async Task A_person_signs_in_chooses_an_organisation_allows_and_comes_back_with_a_code_and_the_state()
    {
        await using var xero = await XeroVisitor.StartAsync();

        var signIn = await PageAsync(await xero.Http.GetAsync(XeroVisitor.AuthorizeUrl()));
        var consent = await PageAsync(await PostAsync(xero, "/identity/connect/signin", ("form_token", Token(signIn)), ("person", DefaultWorld.Ada.ToString()), ("decision", "signin")));
        using var back = await PostAsync(xero, "/identity/connect/consent", ("form_token", Token(consent)), ("organisation", XeroVisitor.Birch.ToString()), ("decision", "allow"));

        signIn.ShouldContain("Ada Birch");
        consent.ShouldContain("Birch &amp; Ash Ltd");
        consent.ShouldContain("View bank transactions and bank transfers");
        back.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var location = back.Headers.Location!.OriginalString;
        location.ShouldStartWith(XeroVisitor.Redirect + "?");
        XeroVisitor.Parameter(location, "state").ShouldBe("the-state");
        using var tokens = await xero.ExchangeAsync(XeroVisitor.Parameter(location, "code")!);
        tokens.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Cancel_comes_back_with_access_denied_and_no_code()
    {
        await using var xero = await XeroVisitor.StartAsync();
        var signIn = await PageAsync(await xero.Http.GetAsync(XeroVisitor.AuthorizeUrl()));

        using var back = await PostAsync(xero, "/identity/connect/signin", ("form_token", Token(signIn)), ("decision", "cancel"));

        var location = back.Headers.Location!.OriginalString;
        XeroVisitor.Parameter(location, "error").ShouldBe("access_denied");
        XeroVisitor.Parameter(location, "code").ShouldBeNull();
        XeroVisitor.Parameter(location, "state").ShouldBe("the-state");
    }

    [Fact]
    public async Task A_form_posted_by_another_browser_is_refused()
    {
        await using var xero = await XeroVisitor.StartAsync();
        var signIn = await PageAsync(await xero.Http.GetAsync(XeroVisitor.AuthorizeUrl()));
        using var other = new HttpClient { BaseAddress = xero.Server.BaseAddress };

        using var answer = await other.PostAsync("/identity/connect/signin", new FormUrlEncodedContent(
            [KeyValuePair.Create("form_token", Token(signIn)), KeyValuePair.Create("person", DefaultWorld.Ada.ToString())]));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("no longer valid");
    }

    [Theory]
    [InlineData("accounting.nonsense.read", XeroVisitor.Redirect, "sandbox-client")]
    [InlineData("accounting.transactions.read", XeroVisitor.Redirect, "sandbox-client")]
    [InlineData("accounting.invoices.read", XeroVisitor.Redirect + "/", "sandbox-client")]
    [InlineData("accounting.invoices.read", "http://127.0.0.1:7071/api/oauth/xero/callback", "sandbox-client")]
    [InlineData("accounting.invoices.read", XeroVisitor.Redirect, "another-client")]
    public async Task A_wrong_scope_redirect_or_client_ends_on_the_providers_own_page(string scope, string redirect, string client)
    {
        await using var xero = await XeroVisitor.StartAsync();

        using var answer = await xero.Http.GetAsync(XeroVisitor.AuthorizeUrl(scope, redirect: redirect, client: client));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Location.ShouldBeNull();
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Sorry, something went wrong");
    }

    [Fact]
    public async Task One_consent_adds_one_organisation_unless_the_tier_has_bulk_connections()
    {
        await using var xero = await XeroVisitor.StartAsync();

        var one = await PageAsync(await ChoosingAsync(xero, ""));
        await xero.ControlAsync(HttpMethod.Patch, "apps/sandbox-client", new { tier = "advanced" });
        var several = await PageAsync(await ChoosingAsync(xero, ""));
        var switchedOff = await PageAsync(await ChoosingAsync(xero, "&acr_values=bulk_connect:false"));

        one.ShouldContain("type=\"radio\" name=\"organisation\"");
        several.ShouldContain("type=\"checkbox\" name=\"organisation\"");
        switchedOff.ShouldContain("type=\"radio\" name=\"organisation\"");
    }

    [Fact]
    public async Task An_organisation_of_somebody_else_cannot_be_connected()
    {
        await using var xero = await XeroVisitor.StartAsync();
        var signIn = await PageAsync(await xero.Http.GetAsync(XeroVisitor.AuthorizeUrl()));
        await PostAsync(xero, "/identity/connect/signin", ("form_token", Token(signIn)), ("person", DefaultWorld.Ben.ToString()), ("decision", "signin"));

        using var answer = await PostAsync(xero, "/identity/connect/consent", ("form_token", Token(signIn)), ("organisation", XeroVisitor.Harbour.ToString()), ("decision", "allow"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<HttpResponseMessage> ChoosingAsync(XeroVisitor xero, string more)
    {
        var signIn = await PageAsync(await xero.Http.GetAsync(XeroVisitor.AuthorizeUrl(more: more)));
        return await PostAsync(xero, "/identity/connect/signin", ("form_token", Token(signIn)), ("person", DefaultWorld.Ada.ToString()), ("decision", "signin"));
    }

    private static Task<HttpResponseMessage> PostAsync(XeroVisitor xero, string path, params (string Key, string Value)[] form) =>
        xero.Http.PostAsync(path, new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))));

    private static async Task<string> PageAsync(HttpResponseMessage answer)
    {
        var html = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, html);
        return html;
    }

    private static string Token(string html) => FormToken().Match(html).Groups[1].Value;

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
