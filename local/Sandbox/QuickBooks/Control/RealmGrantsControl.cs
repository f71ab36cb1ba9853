using System.Security.Cryptography;
using System.Text;
using DataHealth.Local.Sandbox.Control;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.QuickBooks.Identity;
using DataHealth.Local.Sandbox.QuickBooks.World;
using Microsoft.AspNetCore.WebUtilities;

namespace DataHealth.Local.Sandbox.QuickBooks.Control;

/// <summary>Consents without a browser, the state of grants without their tokens, and every secret for leak scans.</summary>
internal static class RealmGrantsControl
{
    public static void MapRealmGrants(this RouteGroupBuilder control)
    {
        control.MapPost("/authorize", (ConsentGiven given, QuickBooksWorld world, RealmConsent consent) => GrantsControl.Describe(Decide(given, world, consent)));
        control.MapGet("/grants", (QuickBooksWorld world) => world.Read(state => state.Grants.Values.OrderBy(grant => grant.ConsentedUtc).Select(grant => new
        {
            grant.ClientId,
            grant.PersonId,
            tenantId = grant.RealmId,
            grant.Scopes,
            grant.ConsentedUtc,
            grant.HardEndUtc,
            grant.ExpiresUtc,
            grant.LastRefreshUtc,
            grant.Ended,
            fingerprint = Fingerprint(grant.RefreshToken),
            previousFingerprint = grant.Previous is null ? null : Fingerprint(grant.Previous),
            usable = grant.Ended is null && world.Clock.UtcNow < grant.ExpiresUtc && world.Clock.UtcNow < grant.HardEndUtc,
        }).ToList()));
        control.MapDelete("/grants", (Guid? person, string? client, string? tenant, QuickBooksWorld world) => world.Change(state =>
        {
            var ended = state.Grants.Values.Where(grant => grant.Ended is null && (person is null || grant.PersonId == person) && (client is null || grant.ClientId == client)
                && (tenant is null || grant.RealmId == tenant)).ToList();
            ended.ForEach(grant => state.Grants[grant.Id] = grant with { Ended = "ended" });
            return new { ended = ended.Count };
        }));
        control.MapGet("/secrets", (SecretsLedger secrets) => new
        {
            warning = "For tests only: every code, token and secret that this sandbox ever issued, so that a scan for leaks knows what to look for.",
            secrets = secrets.All(),
        });
    }

    private static ConsentOutcome Decide(ConsentGiven given, QuickBooksWorld world, RealmConsent consent)
    {
        var query = QueryHelpers.ParseQuery(new Uri(given.AuthorizeUrl, UriKind.Absolute).Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        var opened = consent.Open(query, null);
        if (opened is not ConsentOutcome.Ask ask)
            return opened;
        if (given.Decision == "cancel")
            return consent.Cancel(ask.Request);
        var (person, realm) = world.Read(state => (
            state.People.Values.FirstOrDefault(person => person.Id.ToString() == given.Person || Same(given.Person, person.Email) || Same(given.Person, person.Name))
                ?? throw new KeyNotFoundException($"There is no person '{given.Person}'."),
            given.Organisations is [var asked, ..] ? state.Companies.Values.FirstOrDefault(company => company.RealmId == asked || Same(asked, company.Name))?.RealmId
                ?? throw new KeyNotFoundException($"There is no company '{asked}'.") : null));
        return consent.Allow(consent.SignIn(ask.Request, person.Id), realm);
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static string Fingerprint(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..12];
}
