using System.Text.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Control;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Control;

/// <summary>Ground truth of the books, and edits to them.</summary>
internal static class RealmBooksControl
{
    public static void MapRealmBooks(this RouteGroupBuilder control)
    {
        var books = control.MapGroup("/organisations/{realm}");
        books.MapGet("/truth", (string realm, bool? withoutSilent, bool? defaultList, QuickBooksWorld world, RealmLibrary library) =>
        {
            var open = library.Open(world.Company(realm));
            return EntityNames.All.Select(entity => open.Truth(entity, withoutSilent ?? false, defaultList ?? false)).ToList();
        });
        books.MapGet("/truth/{collection}", (string realm, string collection, bool? withoutSilent, bool? defaultList, QuickBooksWorld world, RealmLibrary library) =>
            library.Open(world.Company(realm)).Truth(Entity(collection), withoutSilent ?? false, defaultList ?? false));
        books.MapGet("/ids/{collection}", (string realm, string collection, bool? defaultList, QuickBooksWorld world, RealmLibrary library) =>
            library.Open(world.Company(realm)).CanonicalRecords(Entity(collection), false, defaultList ?? false).Select(record => record.Id).ToList());
        books.MapGet("/records/{collection}", async (string realm, string collection, bool? withoutSilent, bool? defaultList, QuickBooksWorld world, RealmLibrary library, HttpResponse response) =>
        {
            var records = library.Open(world.Company(realm)).CanonicalRecords(Entity(collection), withoutSilent ?? false, defaultList ?? false);
            response.ContentType = "application/x-ndjson; charset=utf-8";
            await using var writer = new StreamWriter(response.Body);
            foreach (var record in records)
            {
                await writer.WriteAsync(record.Json.AsMemory(), response.HttpContext.RequestAborted);
                await writer.WriteAsync('\n');
            }
        });
        books.MapGet("/ledger-truth", (string realm, int? months, QuickBooksWorld world, RealmLibrary library) => library.Open(world.Company(realm)).LedgerTruth(months ?? 13));
        books.MapGet("/planted", (string realm, QuickBooksWorld world, RealmLibrary library) => new
        {
            faults = library.Open(world.Company(realm)).Planted,
            nearMisses = library.Open(world.Company(realm)).NearMisses,
        });
        books.MapPost("/planted/mend", (string realm, MendAsked? asked, QuickBooksWorld world, RealmLibrary library) =>
        {
            var (company, now) = (world.Company(realm), world.Clock.UtcNowToMillisecond);
            var open = library.Open(company);
            return Mending.InQuickBooks(asked, open.Planted, open.Spec, order => library.Apply(company, [order.AsEntityEdit(now)]));
        });
        books.MapGet("/edits", (string realm, QuickBooksWorld world, RealmLibrary library) => library.Open(world.Company(realm)).Journal.ToList());
        books.MapPost("/edits", (string realm, JsonNode body, QuickBooksWorld world, RealmLibrary library) =>
        {
            var company = world.Company(realm);
            var now = world.Clock.UtcNowToMillisecond;
            var orders = body is JsonArray ? body.Deserialize<List<EditOrder>>(SandboxJson.Options)! : [body.Deserialize<EditOrder>(SandboxJson.Options)!];
            return library.Apply(company, orders.Select(order => order.AsEntityEdit(now)));
        });
        books.MapPost("/edits/random", (string realm, RandomEdits asked, QuickBooksWorld world, RealmLibrary library) =>
            library.ApplyRandom(world.Company(realm), asked.Seed, asked.Count, asked.Mix ?? EditMix.Default, world.Clock.UtcNowToMillisecond));
        books.MapPost("/edits/scheduled", (string realm, JsonObject body, QuickBooksWorld world, PageWatch pages) =>
        {
            body["tenantId"] = world.Company(realm).RealmId;
            return Results.Json(pages.Add(body.Deserialize<ScheduledEdits>(SandboxJson.Options)!), SandboxJson.Options, statusCode: 201);
        });
        control.MapGet("/edits/scheduled", (PageWatch pages) => pages.All());
        control.MapDelete("/edits/scheduled", (Guid? id, PageWatch pages) => new { removed = pages.Remove(id) });
    }

    private static string Entity(string name) => EntityNames.All.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new KeyNotFoundException($"There is no entity '{name}'. Known: {string.Join(", ", EntityNames.All)}.");
}
