using System.Text.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Control;

/// <summary>People with an Intuit login, and apps.</summary>
internal static class RealmPeopleControl
{
    public static void MapRealmPeople(this RouteGroupBuilder control)
    {
        control.MapGet("/people", (QuickBooksWorld world) => world.Read(state => state.People.Values.ToList()));
        control.MapPost("/people", (JsonObject body, QuickBooksWorld world) =>
        {
            if (body["id"] is null)
                body["id"] = Guid.NewGuid().ToString();
            var person = body.Deserialize<Person>(SandboxJson.Options)!;
            world.Change(state => state.People[person.Id] = person);
            return Results.Json(person, SandboxJson.Options, statusCode: 201);
        });
        control.MapDelete("/people/{id:guid}", (Guid id, QuickBooksWorld world) =>
            world.Change(state => state.People.Remove(id)) ? Results.NoContent() : throw new KeyNotFoundException("There is no such person."));
        control.MapGet("/apps", (QuickBooksWorld world) => world.Read(state => state.Apps.Values.Select(Shown).ToList()));
        control.MapPost("/apps", (JsonObject body, QuickBooksWorld world, SecretsLedger secrets) =>
        {
            var app = body.Deserialize<QuickBooksApp>(SandboxJson.Options)!;
            secrets.Keep("client-secret", app.ClientSecret);
            world.Change(state => state.Apps[app.ClientId] = app);
            return Results.Json(Shown(app), SandboxJson.Options, statusCode: 201);
        });
        control.MapPatch("/apps/{clientId}", (string clientId, JsonObject body, QuickBooksWorld world, SecretsLedger secrets) =>
        {
            var app = world.Change(state => state.Apps[clientId] = SandboxJson.Overlay(state.Apps[clientId], body));
            if (body.ContainsKey("clientSecret"))
                secrets.Keep("client-secret", app.ClientSecret);
            return Shown(app);
        });
    }

    private static QuickBooksApp Shown(QuickBooksApp app) => app with { ClientSecret = "***" };
}
