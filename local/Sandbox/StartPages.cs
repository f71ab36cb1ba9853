using System.Text;
using DataHealth.Local.Sandbox.Identity;

namespace DataHealth.Local.Sandbox;

/// <summary>What a person finds who opens a server's address by itself: what it is, and where to go. No provider answers there, so nothing of theirs is hidden by it.</summary>
internal static class StartPages
{
    public static IResult Xero() => Page("Xero sandbox", "A Xero on this machine",
        "<p>It stands for Xero's login, identity and API hosts, with generated companies. There is nothing to sign in to here: connect a client in Data Health, and its consent page opens.</p>",
        [("/sandbox", "what is there: people, organisations, apps (the control API)"), ("/sandbox/calls", "the calls that came in"), ("/.well-known/openid-configuration", "its discovery document")],
        "docs/sandbox.md");

    public static IResult QuickBooks() => Page("QuickBooks sandbox", "A QuickBooks Online on this machine",
        "<p>It stands for Intuit's sign-in, token and API hosts, with generated companies. There is nothing to sign in to here: connect a client in Data Health, and its consent page opens.</p>",
        [("/sandbox", "what is there: people, companies, apps (the control API)"), ("/sandbox/calls", "the calls that came in"), ("/.well-known/openid_sandbox_configuration", "its discovery document")],
        "docs/sandbox-quickbooks.md");

    public static IResult SignIn(IEnumerable<SignIn.SignInPerson> people)
    {
        var body = new StringBuilder("<p>A front end sends people to its sign-in page and gets them back; opened by itself there is nobody to go back to. For a token by hand:</p><p><code>npm run --silent token mara</code></p><p>Its people:</p><ul>");
        foreach (var person in people)
            body.Append($"<li><code>{ConsentPages.Text(person.Key)}</code> {ConsentPages.Text(person.Name)}, {ConsentPages.Text(person.Words)}</li>");
        return Page("Sandbox sign-in", "A sign-in provider for this machine", body.Append("</ul>").ToString(),
            [("/sandbox/people", "the people as JSON"), ("/.well-known/openid-configuration", "its discovery document")], "README.md");
    }

    private static IResult Page(string brand, string title, string body, IReadOnlyList<(string Path, string Words)> links, string document)
    {
        var html = new StringBuilder($"<h1>{ConsentPages.Text(title)}</h1>{body}<ul>");
        foreach (var (path, words) in links)
            html.Append($"<li><a href=\"{path}\">{path}</a>: {ConsentPages.Text(words)}</li>");
        return Results.Content(ConsentPages.Page(title, html.Append($"</ul><p>More is in <code>{document}</code>.</p>").ToString(), brand), "text/html; charset=utf-8");
    }
}
