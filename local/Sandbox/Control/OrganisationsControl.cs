using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Control;

/// <summary>A new organisation as asked for: Size is small, medium, large or a number of records; Members are who may connect it, none means everybody.</summary>
internal sealed record NewOrganisation(
    string Name, string Size = "small", ulong Seed = 1, string Country = "GB", IReadOnlyList<Guid>? Members = null, Guid? TenantId = null, bool Demo = false,
    int LongestDocument = 0, DateOnly? Today = null, PlantedKinds Faults = PlantedKinds.All);

/// <summary>Organisations and what happens to them at Xero's side.</summary>
internal static class OrganisationsControl
{
    public static void MapOrganisations(this RouteGroupBuilder control)
    {
        control.MapGet("/organisations", (SandboxWorld world) => world.Read(state => state.Organisations.Values.ToList()));
        control.MapPost("/organisations", (NewOrganisation asked, SandboxWorld world, Library library) =>
        {
            var organisation = world.Change(state => Add(state, asked, world.Clock.UtcNow));
            library.Discard(organisation.TenantId);
            return Results.Json(organisation, SandboxJson.Options, statusCode: 201);
        });
        control.MapGet("/organisations/{tenant:guid}", (Guid tenant, SandboxWorld world) => world.Organisation(tenant));
        control.MapPatch("/organisations/{tenant:guid}", (Guid tenant, JsonObject body, SandboxWorld world) =>
            world.Change(state => state.Organisations[tenant] = SandboxJson.Overlay(Get(state, tenant), body)));
        control.MapPut("/organisations/{tenant:guid}/members/{person:guid}", (Guid tenant, Guid person, SandboxWorld world) => world.Change(state =>
            state.Organisations[tenant] = Get(state, tenant) with { Members = [.. Get(state, tenant).Members.Append(person).Distinct()] }));
        control.MapDelete("/organisations/{tenant:guid}/members/{person:guid}", (Guid tenant, Guid person, SandboxWorld world) => world.Change(state =>
            state.Organisations[tenant] = Get(state, tenant) with { Members = [.. Get(state, tenant).Members.Where(member => member != person)] }));
        control.MapPost("/organisations/{tenant:guid}/reset-demo", (Guid tenant, SandboxWorld world) => world.Change(state => DemoReset(state, tenant, world.Clock.UtcNow)));
        control.MapDelete("/organisations/{tenant:guid}/connections", (Guid tenant, string? client, SandboxWorld world) => world.Change(state =>
        {
            var removed = state.Connections.Where(connection => !connection.Removed && connection.TenantId == tenant && (client is null || connection.ClientId == client)).ToList();
            removed.ForEach(connection => state.Replace(connection, connection with { Removed = true }));
            return new { removed = removed.Count };
        }));
        control.MapGet("/connections", (SandboxWorld world) => world.Read(state => state.Connections.ToList()));
        control.MapDelete("/connections/{id:guid}", (Guid id, SandboxWorld world) => world.Change(state =>
        {
            var connection = state.Connections.Find(connection => connection.Id == id && !connection.Removed) ?? throw new KeyNotFoundException("There is no such connection.");
            state.Replace(connection, connection with { Removed = true });
            return Results.NoContent();
        }));
    }

    public static Organisation Organisation(this SandboxWorld world, Guid tenant) => world.Read(state => Get(state, tenant));

    /// <summary>The old tenant is gone for good; a new one with fresh books takes its place.</summary>
    public static Organisation DemoReset(WorldState state, Guid tenant, DateTime now)
    {
        var old = Get(state, tenant);
        if (!old.Books.IsDemoCompany)
            throw new InvalidOperationException($"{old.Name} is not a demo company.");
        state.Organisations[tenant] = old with { Closed = true };
        var fresh = old with { TenantId = Guid.NewGuid(), Books = old.Books with { Seed = old.Books.Seed + 1_000_003 }, CreatedUtc = now, Closed = false, Offline = false };
        return state.Organisations[fresh.TenantId] = fresh;
    }

    private static Organisation Add(WorldState state, NewOrganisation asked, DateTime now)
    {
        var organisation = new Organisation
        {
            TenantId = asked.TenantId ?? Guid.NewGuid(),
            Books = new BooksSpec
            {
                Seed = asked.Seed,
                Name = asked.Name,
                Records = BooksSpec.RecordsOf(asked.Size),
                Country = asked.Country,
                IsDemoCompany = asked.Demo,
                Faults = asked.Faults,
                LongestDocument = asked.LongestDocument,
                Today = asked.Today ?? DateOnly.FromDateTime(now),
            },
            Members = asked.Members is { Count: > 0 } members ? members : [.. state.People.Keys],
            CreatedUtc = now,
        };
        return state.Organisations[organisation.TenantId] = organisation;
    }

    private static Organisation Get(WorldState state, Guid tenant) => state.Organisations.GetValueOrDefault(tenant) ?? throw new KeyNotFoundException("There is no such organisation.");
}
