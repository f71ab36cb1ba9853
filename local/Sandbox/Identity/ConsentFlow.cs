using System.Collections.Concurrent;
using DataHealth.Local.Sandbox.World;
using Microsoft.AspNetCore.WebUtilities;

namespace DataHealth.Local.Sandbox.Identity;

/// <summary>The rules of the authorize page (facts 1.2), without its HTML.</summary>
internal sealed class ConsentFlow(SandboxWorld world, SecretsLedger secrets)
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, ConsentRequest> _open = new();

    public ConsentOutcome Open(IReadOnlyDictionary<string, string> query, string? browserToken)
    {
        var (app, switches) = world.Read(state => (state.Apps.GetValueOrDefault(query.GetValueOrDefault("client_id") ?? ""), state.Switches));
        if (app is null)
            return new ConsentOutcome.Page("This app is not known", "The link that brought you here names an app that does not exist. Nothing was shared.", "unauthorized_client");
        if (query.GetValueOrDefault("redirect_uri") is not { } redirectUri || !app.RedirectUris.Contains(redirectUri, StringComparer.Ordinal))
            return new ConsentOutcome.Page("Invalid redirect address", $"{app.Name} asked to be answered at an address that is not registered for it. Nothing was shared.", "invalid_request: Invalid redirect_uri");
        var state = query.GetValueOrDefault("state");
        var scopes = TokenEndpoint.Words(query.GetValueOrDefault("scope"));
        if (query.GetValueOrDefault("response_type") != "code")
            return new ConsentOutcome.Page("This app asked in a way that is not supported", "Only response_type=code exists.", "unsupported_response_type");
        if (scopes.Count == 0 || scopes.FirstOrDefault(scope => !ScopeCatalogue.IsKnown(scope)) is not null)
            return new ConsentOutcome.Page("Invalid scope", $"{app.Name} asked for something that does not exist. Nothing was shared.", "invalid_scope");
        if (!app.BroadScopes && scopes.Any(ScopeCatalogue.IsBroad))
        {
            return switches.BroadScope switch
            {
                BroadScopeAnswer.InvalidScope => Back(redirectUri, state, ("error", "invalid_scope")),
                BroadScopeAnswer.UnauthorizedClient => Back(redirectUri, state, ("error", "unauthorized_client"), ("error_description", "Invalid scope for client")),
                _ => new ConsentOutcome.Page("Invalid scope", $"{app.Name} was created after 2 March 2026 and may not ask for broad scopes.", "invalid_scope"),
            };
        }

        var challenge = query.GetValueOrDefault("code_challenge");
        if (challenge is not null && (switches.Pkce == PkceAnswer.Refuse || query.GetValueOrDefault("code_challenge_method") != "S256"))
            return new ConsentOutcome.Page("This app asked in a way that is not supported", "A code challenge is not accepted from this app.", "invalid_request");
        var request = new ConsentRequest
        {
            Id = secrets.NewToken("form-token"),
            BrowserToken = browserToken ?? secrets.NewToken("form-token"),
            ClientId = app.ClientId,
            RedirectUri = redirectUri,
            Scopes = scopes,
            State = state,
            CodeChallenge = switches.Pkce == PkceAnswer.Accept ? challenge : null,
            Nonce = query.GetValueOrDefault("nonce"),
            AddsSeveral = app.AddsSeveral && !TokenEndpoint.Words(query.GetValueOrDefault("acr_values")).Contains("bulk_connect:false"),
            OpenedUtc = world.Clock.UtcNow,
        };
        foreach (var old in _open.Values.Where(old => old.OpenedUtc + Patience < request.OpenedUtc))
            _open.TryRemove(old.Id, out _);
        _open[request.Id] = request;
        return new ConsentOutcome.Ask(request);
    }

    /// <summary>The open request of a form; null when it is unknown, over, or of another browser.</summary>
    public ConsentRequest? Find(string? id, string? browserToken) =>
        id is not null && _open.TryGetValue(id, out var request) && request.BrowserToken == browserToken ? request : null;

    public ConsentRequest SignIn(ConsentRequest request, Guid? personId) => _open[request.Id] = request with { PersonId = personId };

    public ConsentOutcome Cancel(ConsentRequest request)
    {
        _open.TryRemove(request.Id, out _);
        return Back(request.RedirectUri, request.State, ("error", "access_denied"));
    }

    public ConsentOutcome Allow(ConsentRequest request, IReadOnlyCollection<Guid> tenantIds)
    {
        if (request.PersonId is not { } personId)
            return new ConsentOutcome.Page("Nobody is signed in", "Go back to the app and start again.", "login_required");
        if (tenantIds.Count > 1 && !request.AddsSeveral)
            return new ConsentOutcome.Page("One organisation at a time", "This app may be connected to one organisation in one go.", "invalid_request");
        var now = world.Clock.UtcNow;
        var authEventId = Guid.NewGuid();
        var outcome = world.Change(state =>
        {
            if (!state.Apps.TryGetValue(request.ClientId, out var app))
                return new ConsentOutcome.Page("This app is not known", "It was removed in the meantime.", "unauthorized_client");
            if (tenantIds.Any(tenant => !state.Organisations.TryGetValue(tenant, out var organisation) || organisation.Closed || !organisation.Members.Contains(personId)))
                return new ConsentOutcome.Page("You cannot connect this organisation", "You have no role in it that may connect apps.", "access_denied");
            var held = state.Connections.Where(connection => connection.ClientId == app.ClientId && !connection.Removed).Select(connection => connection.TenantId).ToHashSet();
            if (tenantIds.Count == 0 && !state.Connections.Any(connection => connection.ClientId == app.ClientId && connection.PersonId == personId && !connection.Removed))
                return new ConsentOutcome.Page("No organisation was chosen", "Go back and choose the organisation to connect.", "invalid_request");
            if (held.Union(tenantIds).Count() > Math.Max(app.MostConnections, held.Count))
                return new ConsentOutcome.Page("This app cannot take more organisations", $"{app.Name} has reached its limit of {app.MostConnections} connected organisations.", "connection_limit");
            foreach (var tenantId in tenantIds)
                Connect(state, app, personId, tenantId, authEventId, now);
            return (ConsentOutcome)GiveCode(state, request, app, personId, authEventId, now);
        });
        if (outcome is ConsentOutcome.Back)
            _open.TryRemove(request.Id, out _);
        return outcome;
    }

    private ConsentOutcome.Back GiveCode(WorldState state, ConsentRequest request, XeroApp app, Guid personId, Guid authEventId, DateTime now)
    {
        var key = WorldState.ConsentKey(app.ClientId, personId);
        var given = state.Consents.GetValueOrDefault(key) ?? [];
        // Scopes add up over consents; those of the sign-in itself are of this request only.
        IReadOnlyList<string> scopes = [.. request.Scopes.Union(given.Where(scope => scope is not ("openid" or "profile" or "email" or "offline_access")))];
        state.Consents[key] = [.. scopes];
        foreach (var old in state.Codes.Values.Where(old => old.IssuedUtc.AddDays(1) < now).ToList())
            state.Codes.Remove(old.Value);
        var code = new AuthorizationCode
        {
            Value = secrets.NewToken("code"),
            ClientId = app.ClientId,
            PersonId = personId,
            RedirectUri = request.RedirectUri,
            Scopes = scopes,
            AuthEventId = authEventId,
            IssuedUtc = now,
            CodeChallenge = request.CodeChallenge,
            Nonce = request.Nonce,
        };
        state.Codes[code.Value] = code;
        return Back(request.RedirectUri, request.State, ("code", code.Value), ("scope", string.Join(' ', scopes)), ("session_state", Guid.NewGuid().ToString("N")));
    }

    private static void Connect(WorldState state, XeroApp app, Guid personId, Guid tenantId, Guid authEventId, DateTime now)
    {
        var before = state.Connections.FirstOrDefault(
            connection => connection.ClientId == app.ClientId && connection.PersonId == personId && connection.TenantId == tenantId);
        if (before is null)
        {
            state.Connections.Add(new Connection
            {
                Id = Guid.NewGuid(),
                ClientId = app.ClientId,
                PersonId = personId,
                TenantId = tenantId,
                AuthEventId = authEventId,
                CreatedUtc = now,
                UpdatedUtc = now.AddTicks(19_440),
            });
        }
        else if (before.Removed || !state.Switches.ReconsentKeepsAuthEvent)
        {
            state.Replace(before, before with { Removed = false, AuthEventId = authEventId, UpdatedUtc = now });
        }
    }

    private static ConsentOutcome.Back Back(string redirectUri, string? state, params (string Name, string Value)[] parameters)
    {
        var location = redirectUri;
        foreach (var (name, value) in parameters)
            location = QueryHelpers.AddQueryString(location, name, value);
        return new ConsentOutcome.Back(state is null ? location : QueryHelpers.AddQueryString(location, "state", state));
    }
}
