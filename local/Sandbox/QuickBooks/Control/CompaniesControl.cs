using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Control;

/// <summary>A new company as asked for: Size is small, medium, large or a number of records; Members are its admins, none means everybody; TenantId is its realm id.</summary>
internal sealed record NewCompany(
    string Name, string Size = "small", ulong Seed = 1, string Country = "GB", IReadOnlyList<Guid>? Members = null, string? TenantId = null, bool MultiCurrency = true,
    int LongestDocument = 0, DateOnly? Today = null, string? RealmId = null, PlantedKinds Faults = PlantedKinds.All);

/// <summary>Companies, and what happens to them at Intuit's side.</summary>
internal static class CompaniesControl
{
    public static void MapCompanies(this RouteGroupBuilder control)
    {
        control.MapGet("/organisations", (QuickBooksWorld world) => world.Read(state => state.Companies.Values.ToList()));
        control.MapPost("/organisations", (NewCompany asked, QuickBooksWorld world, RealmLibrary library) =>
        {
            var company = world.Change(state => Add(state, asked, world.Clock.UtcNow));
            library.Discard(company.RealmId);
            return Results.Json(company, SandboxJson.Options, statusCode: 201);
        });
        control.MapGet("/organisations/{realm}", (string realm, QuickBooksWorld world) => world.Company(realm));
        control.MapPatch("/organisations/{realm}", (string realm, JsonObject body, QuickBooksWorld world) =>
            world.Change(state => state.Companies[realm] = SandboxJson.Overlay(Get(state, realm), body)));
        control.MapPut("/organisations/{realm}/members/{person:guid}", (string realm, Guid person, QuickBooksWorld world) => world.Change(state =>
            state.Companies[realm] = Get(state, realm) with { Members = [.. Get(state, realm).Members.Append(person).Distinct()] }));
        control.MapDelete("/organisations/{realm}/members/{person:guid}", (string realm, Guid person, QuickBooksWorld world) => world.Change(state =>
            state.Companies[realm] = Get(state, realm) with { Members = [.. Get(state, realm).Members.Where(member => member != person)] }));
        control.MapDelete("/organisations/{realm}/connections", (string realm, string? client, QuickBooksWorld world) => world.Change(state =>
        {
            var ended = state.Grants.Values.Where(grant => grant.Ended is null && grant.RealmId == realm && (client is null || grant.ClientId == client)).ToList();
            ended.ForEach(grant => state.Grants[grant.Id] = grant with { Ended = "disconnected" });
            return new { removed = ended.Count };
        }));
    }

    private static RealmCompany Add(QuickBooksState state, NewCompany asked, DateTime now)
    {
        var realm = asked.RealmId ?? asked.TenantId ?? "91303577" + RandomNumberGenerator.GetInt32(100_000_000).ToString("00000000", CultureInfo.InvariantCulture);
        if (realm.Length is < 1 or > 19 || !realm.All(char.IsAsciiDigit))
            throw new ArgumentException("A realm id is up to nineteen digits.");
        return state.Companies[realm] = new RealmCompany
        {
            RealmId = realm,
            Books = new BooksSpec
            {
                Seed = asked.Seed,
                Name = asked.Name,
                Records = BooksSpec.RecordsOf(asked.Size),
                Country = asked.Country,
                MultiCurrency = asked.MultiCurrency,
                LongestDocument = asked.LongestDocument,
                Faults = asked.Faults,
                Today = asked.Today ?? DateOnly.FromDateTime(now),
            },
            Members = asked.Members is { Count: > 0 } members ? members : [.. state.People.Keys],
            CreatedUtc = now,
        };
    }

    private static RealmCompany Get(QuickBooksState state, string realm) => state.Companies.GetValueOrDefault(realm) ?? throw new KeyNotFoundException("There is no such company.");
}
