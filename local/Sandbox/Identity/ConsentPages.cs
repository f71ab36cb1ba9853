using System.Text;
using System.Text.Encodings.Web;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Identity;

/// <summary>The HTML of the authorize page: plain, keyboard-friendly, no script.</summary>
internal static class ConsentPages
{
    private const string Style = """
        :root{color-scheme:light}*{box-sizing:border-box}
        body{margin:0;background:#eef2f6;color:#0b1b2b;font:16px/1.5 system-ui,"Segoe UI",sans-serif;display:grid;min-height:100vh;place-items:center;padding:16px}
        main{background:#fff;border-radius:12px;box-shadow:0 2px 16px #0b1b2b22;max-width:520px;width:100%;padding:28px 32px}
        .mark{color:#0a5c86;font-weight:700}.mark small{color:#4a5b6c;font-weight:400;margin-left:8px}
        h1{font-size:1.4rem;line-height:1.25;margin:12px 0 8px}p{margin:8px 0}
        fieldset{border:1px solid #b9c5d0;border-radius:8px;margin:16px 0;padding:8px 14px 12px;max-height:320px;overflow:auto}
        legend{font-weight:600;padding:0 6px}label{display:flex;gap:10px;align-items:baseline;padding:6px 0;cursor:pointer}
        label small{color:#4a5b6c}ul{margin:8px 0;padding-left:20px}
        .buttons{display:flex;gap:12px;flex-wrap:wrap;margin-top:18px}
        button{font:inherit;border-radius:8px;border:1px solid #0a5c86;padding:10px 22px;cursor:pointer;background:#fff;color:#0a5c86}
        button.go{background:#0a5c86;color:#fff}:focus-visible{outline:3px solid #e08a00;outline-offset:2px}
        .error{border-left:4px solid #b3261e;padding-left:12px}code{background:#eef2f6;padding:2px 6px;border-radius:4px}
        """;

    public static string SignIn(ConsentRequest request, XeroApp app, IReadOnlyCollection<Person> people)
    {
        var html = new StringBuilder();
        html.Append("<h1>Log in to connect ").Append(Text(app.Name)).Append("</h1><p>This is a local simulation: choose whom to be, there is no password.</p>");
        html.Append("<form method=\"post\" action=\"/identity/connect/signin\">").Append(Hidden(request)).Append("<fieldset><legend>Sign in as</legend>");
        foreach (var (person, index) in people.Select((person, index) => (person, index)))
            html.Append(Choice("radio", "person", person.Id.ToString(), person.Name, person.Email, index == 0));
        html.Append("</fieldset><div class=\"buttons\"><button class=\"go\" name=\"decision\" value=\"signin\">Log in</button>")
            .Append("<button name=\"decision\" value=\"cancel\" formnovalidate>Cancel</button></div></form>");
        return Page("Log in", html.ToString());
    }

    public static string Consent(ConsentRequest request, XeroApp app, Person person, IReadOnlyCollection<(Organisation Organisation, bool Connected)> organisations, string? wrong = null)
    {
        var html = new StringBuilder();
        html.Append("<h1>").Append(Text(app.Name)).Append(" wants access to your organisation's data</h1><p>Signed in as <strong>").Append(Text(person.Name)).Append("</strong> (").Append(Text(person.Email)).Append(").</p>");
        if (wrong is not null)
            html.Append("<p class=\"error\" role=\"alert\">").Append(Text(wrong)).Append("</p>");
        html.Append("<form method=\"post\" action=\"/identity/connect/consent\">").Append(Hidden(request));
        html.Append("<fieldset><legend>").Append(request.AddsSeveral ? "Organisations to connect" : "Organisation to connect").Append("</legend>");
        var first = true;
        foreach (var (organisation, connected) in organisations)
        {
            var note = (organisation.Books.IsDemoCompany ? "demo company" : "") + (connected ? (organisation.Books.IsDemoCompany ? ", " : "") + "already connected" : "");
            html.Append(Choice(request.AddsSeveral ? "checkbox" : "radio", "organisation", organisation.TenantId.ToString(), organisation.Name, note, first && !request.AddsSeveral));
            first = false;
        }

        if (organisations.Count == 0)
            html.Append("<p>You have no organisation that you may connect.</p>");
        html.Append("</fieldset><p>It asks to:</p><ul>");
        foreach (var scope in request.Scopes)
            html.Append("<li>").Append(Text(ScopeCatalogue.InWords(scope))).Append("</li>");
        html.Append("</ul><div class=\"buttons\"><button class=\"go\" name=\"decision\" value=\"allow\">Allow access</button>")
            .Append("<button name=\"decision\" value=\"cancel\">Cancel</button></div></form>");
        return Page("Allow access", html.ToString());
    }

    public static string Error(ConsentOutcome.Page page) => Page(
        page.Title, $"<h1>Sorry, something went wrong</h1><p class=\"error\"><strong>{Text(page.Title)}.</strong> {Text(page.Words)}</p><p>Error: <code>{Text(page.Error)}</code></p>");

    internal static string Choice(string type, string name, string value, string words, string note, bool chosen) =>
        $"<label><input type=\"{type}\" name=\"{name}\" value=\"{Text(value)}\"{(chosen ? " checked" : "")}> <span>{Text(words)} <small>{Text(note)}</small></span></label>";

    private static string Hidden(ConsentRequest request) => $"<input type=\"hidden\" name=\"form_token\" value=\"{Text(request.Id)}\">";

    internal static string Text(string text) => HtmlEncoder.Default.Encode(text);

    internal static string Page(string title, string body, string brand = "Xero sandbox") =>
        $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{Text(title)} · {Text(brand)}</title><style>{Style}</style></head>"
        + $"<body><main><div class=\"mark\">{Text(brand)}<small>a simulation on this machine</small></div>{body}</main></body></html>";
}
