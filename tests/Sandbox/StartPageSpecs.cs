using System.Net;
using System.Text.RegularExpressions;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.QuickBooks;
using DataHealth.Local.Sandbox.SignIn;

namespace DataHealth.Sandbox.Tests;

/// <summary>What a person finds who opens an address that <c>npm start</c> prints.</summary>
public sealed partial class StartPageSpecs
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Xero_sandbox_says_what_it_is_and_where_to_go()
    {
        await using var server = await SandboxServer.StartAsync(cancellationToken: Cancelled);

        await ShouldLeadOnAsync(server.BaseAddress, "A Xero on this machine", "docs/sandbox.md");
        server.Calls.Find(new()).ShouldNotContain(call => call.Path == "/", "it is no call to the provider");
    }

    [Fact]
    public async Task The_QuickBooks_sandbox_says_what_it_is_and_where_to_go()
    {
        await using var server = await QuickBooksServer.StartAsync(cancellationToken: Cancelled);

        await ShouldLeadOnAsync(server.BaseAddress, "A QuickBooks Online on this machine", "docs/sandbox-quickbooks.md");
    }

    [Fact]
    public async Task The_sign_in_says_who_its_people_are_and_how_to_get_a_token()
    {
        await using var server = await SignInServer.StartAsync(cancellationToken: Cancelled);

        await ShouldLeadOnAsync(server.BaseAddress, "A sign-in provider for this machine", "npm run --silent token mara", "Practice Admin of Birch Accountants", "Nora New");
    }

    private static async Task ShouldLeadOnAsync(Uri address, params string[] words)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var answer = await http.GetAsync("/", Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var page = await answer.Content.ReadAsStringAsync(Cancelled);
        foreach (var word in words)
            page.ShouldContain(word);
        var links = Link.Matches(page).Select(link => link.Groups[1].Value).ToList();
        links.ShouldNotBeEmpty();
        foreach (var link in links)
        {
            using var there = await http.GetAsync(link, Cancelled);
            there.StatusCode.ShouldBe(HttpStatusCode.OK, link);
        }
        foreach (var document in words.Where(word => word.EndsWith(".md", StringComparison.Ordinal)))
            File.Exists(Path.Combine(DataHealth.Testing.Repository.Root, document)).ShouldBeTrue(document);
    }

    [GeneratedRegex("href=\"([^\"]+)\"")]
    private static partial Regex Link { get; }
}
