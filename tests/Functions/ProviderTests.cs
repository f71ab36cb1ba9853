using System.Net;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests;

/// <summary>What the API says of the providers, and the pages to which they send people.</summary>
public sealed class ProviderTests(ApplicationFixture fixture) : IClassFixture<ApplicationFixture>
{
    private readonly TestApplication _application = fixture.Application;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_providers_are_there_and_say_what_is_configured_and_what_their_books_tell()
    {
        var providers = (await _application.Practice.GetAsync("providers", Cancelled)).GetProperty("items").EnumerateArray().ToList();

        providers.Select(provider => PracticeDriver.Text(provider, "key")).ShouldBe(["quickbooks", "xero"]);
        providers.Select(provider => provider.GetProperty("isConfigured").GetBoolean()).ShouldBe([false, true], "this application has Xero's settings only");
        var (quickBooks, xero) = (Capabilities(0), Capabilities(1));
        xero.ShouldContain("fixedAssets");
        quickBooks.ShouldNotContain("fixedAssets");
        quickBooks.ShouldContain("reportedDeletions");
        quickBooks.Intersect(xero).ShouldContain("reconciliation");

        List<string> Capabilities(int provider) => [.. providers[provider].GetProperty("capabilities").EnumerateArray().Select(one => one.GetString()!)];
    }

    [Fact]
    public async Task A_provider_that_is_not_configured_cannot_be_connected_and_says_who_can_change_that()
    {
        var client = await _application.Practice.AddClientAsync("Larch Ltd", Cancelled);

        using var answer = await _application.Api.PostAsync($"clients/{client}/connections/quickbooks", null, Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("provider-not-configured");
    }

    [Theory]
    [InlineData("launch", "Sign in to Data Health")]
    [InlineData("reconnect", "press Reconnect")]
    [InlineData("disconnected", "The data copied so far stays")]
    public async Task The_pages_of_the_app_registration_say_what_to_do_and_run_nothing(string page, string words)
    {
        using var answer = await _application.Api.GetAsync($"oauth/quickbooks/{page}?realmId=%3Cscript%3E", Cancelled);
        var html = await answer.Content.ReadAsStringAsync(Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        html.ShouldContain(words);
        html.ShouldContain("QuickBooks Online");
        html.ShouldNotContain("<script");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
    }

    [Theory]
    [InlineData("oauth/quickbooks/elsewhere")]
    [InlineData("oauth/nobody/launch")]
    public async Task There_are_no_other_pages(string address)
    {
        using var answer = await _application.Api.GetAsync(address, Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }
}
