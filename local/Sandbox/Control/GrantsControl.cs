using System.Security.Cryptography;
using System.Text;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.World;
using Microsoft.AspNetCore.WebUtilities;

namespace DataHealth.Local.Sandbox.Control;

/// <summary>A consent given without a browser.</summary>
/// <param name="AuthorizeUrl">The app's link to the authorize page.</param>
/// <param name="Person">Id, email or name.</param>
/// <param name="Organisations">Tenant ids or names.</param>
/// <param name="Decision">allow or cancel.</param>
internal sealed record ConsentGiven(string AuthorizeUrl, string Person, IReadOnlyList<string>? Organisations = null, string Decision = "allow");

/// <summary>Consents without a browser, the state of grants without their tokens, and every secret for leak scans.</summary>
internal static class GrantsControl
{
    public static void MapGrants(this RouteGroupBuilder control)
    {
        control.MapPost("/authorize", (ConsentGiven given, SandboxWorld world, ConsentFlow flow) => Describe(Decide(given, world, flow)));
        control.MapGet("/grants", (SandboxWorld world) => world.Read(state => state.RefreshTokens.Values
            .GroupBy(token => (token.ClientId, token.PersonId))
            .Select(group => new
            {
                group.Key.ClientId,
                group.Key.PersonId,
                scopes = state.Consents.GetValueOrDefault(WorldState.ConsentKey(group.Key.ClientId, group.Key.PersonId)) ?? [],
                refreshTokens = group.OrderBy(token => token.IssuedUtc).Select(token => new
                {
                    fingerprint = Fingerprint(token.Value),
                    token.IssuedUtc,
                    token.ExpiresUtc,
                    token.ReplacedUtc,
                    token.Dead,
                    usable = Usable(token, state, world.Clock.UtcNow),
                }).ToList(),
            }).ToList()));
        control.MapDelete("/grants", (Guid? person, string? client, SandboxWorld world) => world.Change(state =>
        {
            var ended = state.RefreshTokens.Values.Where(token => (person is null || token.PersonId == person) && (client is null || token.ClientId == client)).ToList();
            ended.ForEach(token => state.RefreshTokens[token.Value] = token with { Dead = true });
            return new { ended = ended.Count };
        }));
        control.MapGet("/secrets", (SecretsLedger secrets) => new
        {
            warning = "For tests only: every code, token and secret that this sandbox ever issued, so that a scan for leaks knows what to look for.",
            secrets = secrets.All(),
        });
    }

    private static ConsentOutcome Decide(ConsentGiven given, SandboxWorld world, ConsentFlow flow)
    {
        var query = QueryHelpers.ParseQuery(new Uri(given.AuthorizeUrl, UriKind.Absolute).Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        var opened = flow.Open(query, null);
        if (opened is not ConsentOutcome.Ask ask)
            return opened;
        if (given.Decision == "cancel")
            return flow.Cancel(ask.Request);
        var (person, tenants) = world.Read(state => (
            state.People.Values.FirstOrDefault(person => Names(given.Person, person.Id, person.Email, person.Name)) ?? throw new KeyNotFoundException($"There is no person '{given.Person}'."),
            (given.Organisations ?? []).Select(asked => state.Organisations.Values.FirstOrDefault(organisation => !organisation.Closed && Names(asked, organisation.TenantId, organisation.Name))?.TenantId
                ?? throw new KeyNotFoundException($"There is no organisation '{asked}'.")).ToList()));
        return flow.Allow(flow.SignIn(ask.Request, person.Id), tenants);
    }

    internal static IResult Describe(ConsentOutcome outcome) => outcome switch
    {
        ConsentOutcome.Back back => Results.Json(new { location = back.Location }),
        ConsentOutcome.Page page => Results.Json(new { error = page.Error, page.Title, page.Words }, SandboxJson.Options, statusCode: 400),
        _ => throw new InvalidOperationException("An open consent has no answer yet."),
    };

    private static bool Names(string asked, Guid id, params string[] names) => (Guid.TryParse(asked, out var asId) && asId == id) || names.Contains(asked, StringComparer.OrdinalIgnoreCase);

    private static bool Usable(RefreshToken token, WorldState state, DateTime now) =>
        !token.Dead && now < token.ExpiresUtc && (token.ReplacedUtc is not { } replaced || now < replaced.AddMinutes(state.Switches.RefreshGraceMinutes));

    private static string Fingerprint(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..12];
}
