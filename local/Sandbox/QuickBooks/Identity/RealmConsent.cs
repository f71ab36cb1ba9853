using System.Collections.Concurrent;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.QuickBooks.World;
using Microsoft.AspNetCore.WebUtilities;

namespace DataHealth.Local.Sandbox.QuickBooks.Identity;

/// <summary>The rules of Intuit's authorize page (facts 5.2), without its HTML.</summary>
internal sealed class RealmConsent(QuickBooksWorld world, SecretsLedger secrets)
{
    public static readonly IReadOnlySet<string> Scopes = new HashSet<string>(StringComparer.Ordinal)
        { "com.intuit.quickbooks.accounting", "com.intuit.quickbooks.payment", "openid", "profile", "email", "phone", "address" };

    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, ConsentRequest> _open = new();

    public ConsentOutcome Open(IReadOnlyDictionary<string, string> query, string? browserToken)
    {
        var app = world.Read(state => state.Apps.GetValueOrDefault(query.GetValueOrDefault("client_id") ?? ""));
        var scopes = TokenEndpoint.Words(query.GetValueOrDefault("scope"));
        // One page for every cause: it does not say which.
        if (app is null || query.GetValueOrDefault("redirect_uri") is not { } redirectUri || !app.RedirectUris.Contains(redirectUri, StringComparer.Ordinal)
            || query.GetValueOrDefault("response_type") != "code" || scopes.Count == 0 || !scopes.All(Scopes.Contains) || string.IsNullOrEmpty(query.GetValueOrDefault("state")))
        {
            return Undefined();
        }

        var request = new ConsentRequest
        {
            Id = secrets.NewToken("form-token"),
            BrowserToken = browserToken ?? secrets.NewToken("form-token"),
            ClientId = app.ClientId,
            RedirectUri = redirectUri,
            Scopes = scopes,
            State = query.GetValueOrDefault("state"),
            OpenedUtc = world.Clock.UtcNow,
        };
        foreach (var old in _open.Values.Where(old => old.OpenedUtc + Patience < request.OpenedUtc))
            _open.TryRemove(old.Id, out _);
        _open[request.Id] = request;
        return new ConsentOutcome.Ask(request);
    }

    public static ConsentOutcome.Page Undefined() => new("Undefined didn't connect", "Please try again later, or contact customer support for help.", "undefined");

    public ConsentRequest? Find(string? id, string? browserToken) =>
        id is not null && _open.TryGetValue(id, out var request) && request.BrowserToken == browserToken ? request : null;

    public ConsentRequest SignIn(ConsentRequest request, Guid personId) => _open[request.Id] = request with { PersonId = personId };

    public ConsentOutcome Cancel(ConsentRequest request)
    {
        _open.TryRemove(request.Id, out _);
        return world.Switches.Refusal == RefusalParameter.AccessDenied
            ? Back(request, ("error", "access_denied"))
            : Back(request);
    }

    public ConsentOutcome Allow(ConsentRequest request, string? realmId)
    {
        if (request.PersonId is not { } personId)
            return new ConsentOutcome.Page("Nobody is signed in", "Go back to the app and start again.", "login_required");
        var now = world.Clock.UtcNow;
        var outcome = world.Change<ConsentOutcome>(state =>
        {
            if (realmId is null || state.Companies.GetValueOrDefault(realmId) is not { Closed: false } company)
                return new ConsentOutcome.Page("No company was chosen", "Go back and choose the company to connect.", "invalid_request");
            if (!company.Members.Contains(personId))
                return new ConsentOutcome.Page("You need admin access", $"Only a company admin of {company.Name} can connect an app. Ask an admin to connect it.", "not_admin");
            if (company.SubscriptionEnded)
                return new ConsentOutcome.Page("Your subscription has ended", $"{company.Name} has no active QuickBooks subscription. Renew it, then connect again.", "subscription");
            foreach (var old in state.Codes.Values.Where(old => old.IssuedUtc.AddDays(1) < now).ToList())
                state.Codes.Remove(old.Value);
            var code = new RealmCode
            {
                Value = secrets.NewToken("code"),
                ClientId = request.ClientId,
                PersonId = personId,
                RealmId = company.RealmId,
                RedirectUri = request.RedirectUri,
                Scopes = request.Scopes,
                IssuedUtc = now,
            };
            state.Codes[code.Value] = code;
            return Back(request, ("code", code.Value), ("realmId", code.RealmId));
        });
        if (outcome is ConsentOutcome.Back)
            _open.TryRemove(request.Id, out _);
        return outcome;
    }

    private static ConsentOutcome.Back Back(ConsentRequest request, params (string Name, string Value)[] parameters)
    {
        var location = request.RedirectUri;
        foreach (var (name, value) in parameters.Append(("state", request.State ?? "")))
            location = QueryHelpers.AddQueryString(location, name, value);
        return new ConsentOutcome.Back(location);
    }
}
