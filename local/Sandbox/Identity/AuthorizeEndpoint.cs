using DataHealth.Local.Sandbox.Wire;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Identity;

/// <summary>The browser's side of a consent: sign in, choose, Allow or Cancel.</summary>
internal sealed class AuthorizeEndpoint(SandboxWorld world, ConsentFlow flow)
{
    public const string Cookie = "xero_sandbox_browser";

    public Reply Start(IReadOnlyDictionary<string, string> query, string? browserToken)
    {
        var outcome = flow.Open(query, browserToken);
        return outcome is ConsentOutcome.Ask ask
            ? SignInPage(ask.Request).With("Set-Cookie", $"{Cookie}={ask.Request.BrowserToken}; Path=/identity; HttpOnly; SameSite=Lax")
            : Answer(outcome);
    }

    public Reply SignIn(IReadOnlyDictionary<string, string> form, string? browserToken)
    {
        if (flow.Find(form.GetValueOrDefault("form_token"), browserToken) is not { } request)
            return Stale();
        if (form.GetValueOrDefault("decision") == "cancel")
            return Answer(flow.Cancel(request));
        if (!Guid.TryParse(form.GetValueOrDefault("person"), out var personId) || !world.Read(state => state.People.ContainsKey(personId)))
            return SignInPage(request);
        return ConsentPage(flow.SignIn(request, personId));
    }

    public Reply Decide(IReadOnlyDictionary<string, string> form, IEnumerable<string?> chosen, string? browserToken)
    {
        if (flow.Find(form.GetValueOrDefault("form_token"), browserToken) is not { } request)
            return Stale();
        if (form.GetValueOrDefault("decision") != "allow")
            return Answer(flow.Cancel(request));
        var outcome = flow.Allow(request, [.. chosen.Select(id => Guid.TryParse(id, out var tenantId) ? tenantId : Guid.Empty)]);
        return outcome is ConsentOutcome.Page { Error: "invalid_request" } page ? ConsentPage(request, page.Words) : Answer(outcome);
    }

    private Reply SignInPage(ConsentRequest request) => world.Read(state =>
        Page(200, ConsentPages.SignIn(request, state.Apps[request.ClientId], [.. state.People.Values])));

    private Reply ConsentPage(ConsentRequest request, string? wrong = null) => world.Read(state =>
    {
        var person = state.People[request.PersonId!.Value];
        var organisations = state.Organisations.Values.Where(organisation => !organisation.Closed && organisation.Members.Contains(person.Id))
            .Select(organisation => (organisation, state.Connections.Any(connection =>
                !connection.Removed && connection.ClientId == request.ClientId && connection.PersonId == person.Id && connection.TenantId == organisation.TenantId)));
        return Page(wrong is null ? 200 : 400, ConsentPages.Consent(request, state.Apps[request.ClientId], person, [.. organisations], wrong));
    });

    private static Reply Answer(ConsentOutcome outcome) => outcome switch
    {
        ConsentOutcome.Back back => Reply.Empty(302).With("Location", back.Location),
        ConsentOutcome.Page page => Page(400, ConsentPages.Error(page)),
        _ => throw new InvalidOperationException("An open consent has no answer yet."),
    };

    private static Reply Stale() => Page(400, ConsentPages.Error(
        new ConsentOutcome.Page("This page is no longer valid", "Go back to the app and press Connect again.", "invalid_request")));

    private static Reply Page(int status, string html) => Reply.Html(status, html)
        .With("Cache-Control", "no-store")
        .With("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
        .With("Referrer-Policy", "no-referrer")
        .With("X-Content-Type-Options", "nosniff");
}
