using System.Text;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.Wire;

namespace DataHealth.Local.Sandbox.QuickBooks.Identity;

/// <summary>The browser's side of a consent: sign in, choose the company, Connect or Cancel. Plain, keyboard-friendly, no script.</summary>
internal sealed class RealmAuthorizePages(QuickBooksWorld world, RealmConsent consent)
{
    public const string Cookie = "quickbooks_sandbox_browser";
    private const string Brand = "QuickBooks sandbox";

    public Reply Start(IReadOnlyDictionary<string, string> query, string? browserToken)
    {
        var outcome = consent.Open(query, browserToken);
        return outcome is ConsentOutcome.Ask ask
            ? SignInPage(ask.Request).With("Set-Cookie", $"{Cookie}={ask.Request.BrowserToken}; Path=/connect; HttpOnly; SameSite=Lax")
            : Answer(outcome);
    }

    public Reply SignIn(IReadOnlyDictionary<string, string> form, string? browserToken)
    {
        if (consent.Find(form.GetValueOrDefault("form_token"), browserToken) is not { } request)
            return Answer(RealmConsent.Undefined());
        if (form.GetValueOrDefault("decision") == "cancel")
            return Answer(consent.Cancel(request));
        return Guid.TryParse(form.GetValueOrDefault("person"), out var personId) && world.Read(state => state.People.ContainsKey(personId))
            ? ChoicePage(consent.SignIn(request, personId))
            : SignInPage(request);
    }

    public Reply Decide(IReadOnlyDictionary<string, string> form, string? browserToken)
    {
        if (consent.Find(form.GetValueOrDefault("form_token"), browserToken) is not { } request)
            return Answer(RealmConsent.Undefined());
        if (form.GetValueOrDefault("decision") != "allow")
            return Answer(consent.Cancel(request));
        var outcome = consent.Allow(request, form.GetValueOrDefault("company"));
        return outcome is ConsentOutcome.Page { Error: not "login_required" } page ? ChoicePage(request, page.Words) : Answer(outcome);
    }

    private Reply SignInPage(ConsentRequest request) => world.Read(state =>
    {
        var html = new StringBuilder($"<h1>Sign in to connect {ConsentPages.Text(state.Apps[request.ClientId].Name)}</h1><p>This is a local simulation: choose whom to be, there is no password.</p>");
        html.Append("<form method=\"post\" action=\"/connect/signin\">").Append(Hidden(request)).Append("<fieldset><legend>Sign in as</legend>");
        foreach (var (person, index) in state.People.Values.Select((person, index) => (person, index)))
            html.Append(ConsentPages.Choice("radio", "person", person.Id.ToString(), person.Name, person.Email, index == 0));
        html.Append("</fieldset><div class=\"buttons\"><button class=\"go\" name=\"decision\" value=\"signin\">Sign in</button>")
            .Append("<button name=\"decision\" value=\"cancel\" formnovalidate>Cancel</button></div></form>");
        return Page(200, "Sign in", html.ToString());
    });

    private Reply ChoicePage(ConsentRequest request, string? wrong = null) => world.Read(state =>
    {
        var person = state.People[request.PersonId!.Value];
        var companies = state.Companies.Values.Where(company => !company.Closed && (company.Members.Contains(person.Id) || company.Users.Contains(person.Id))).ToList();
        var html = new StringBuilder($"<h1>Connect {ConsentPages.Text(state.Apps[request.ClientId].Name)} to a company</h1><p>Signed in as <strong>{ConsentPages.Text(person.Name)}</strong>.</p>");
        if (wrong is not null)
            html.Append("<p class=\"error\" role=\"alert\">").Append(ConsentPages.Text(wrong)).Append("</p>");
        html.Append("<form method=\"post\" action=\"/connect/consent\">").Append(Hidden(request)).Append("<fieldset><legend>Company to connect</legend>");
        foreach (var (company, index) in companies.Select((company, index) => (company, index)))
            html.Append(ConsentPages.Choice("radio", "company", company.RealmId, company.Name, company.Members.Contains(person.Id) ? "" : "you are not an admin", index == 0));
        if (companies.Count == 0)
            html.Append("<p>You have no company.</p>");
        html.Append("</fieldset><p>The app will be able to read and change this company's accounting data: Intuit offers no right that only reads.</p>")
            .Append("<div class=\"buttons\"><button class=\"go\" name=\"decision\" value=\"allow\">Connect</button><button name=\"decision\" value=\"cancel\">Cancel</button></div></form>");
        return Page(wrong is null ? 200 : 400, "Connect", html.ToString());
    });

    private static string Hidden(ConsentRequest request) => $"<input type=\"hidden\" name=\"form_token\" value=\"{ConsentPages.Text(request.Id)}\">";

    private static Reply Answer(ConsentOutcome outcome) => outcome switch
    {
        ConsentOutcome.Back back => Reply.Empty(302).With("Location", back.Location),
        ConsentOutcome.Page page => Page(400, page.Title, $"<h1>Sorry, but {ConsentPages.Text(page.Title)}</h1><p class=\"error\">{ConsentPages.Text(page.Words)}</p>"),
        _ => throw new InvalidOperationException("An open consent has no answer yet."),
    };

    private static Reply Page(int status, string title, string body) => Reply.Html(status, ConsentPages.Page(title, body, Brand))
        .With("Cache-Control", "no-store")
        .With("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
        .With("Referrer-Policy", "no-referrer")
        .With("X-Content-Type-Options", "nosniff");
}
