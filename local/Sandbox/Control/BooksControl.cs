using System.Text.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Control;

/// <summary>Ground truth of the books, and edits to them.</summary>
internal static class BooksControl
{
    public static void MapBooks(this RouteGroupBuilder control)
    {
        var books = control.MapGroup("/organisations/{tenant:guid}");
        books.MapGet("/truth", (Guid tenant, int? unitdp, bool? withoutSilent, bool? defaultList, SandboxWorld world, Library library) =>
        {
            var open = library.Open(world.Organisation(tenant));
            var options = Options(unitdp, withoutSilent, defaultList);
            return BookCollections.All.Select(collection => open.Truth(collection, options)).ToList();
        });
        books.MapGet("/truth/{**collection}", (Guid tenant, string collection, int? unitdp, bool? withoutSilent, bool? defaultList, SandboxWorld world, Library library) =>
            library.Open(world.Organisation(tenant)).Truth(Collection(collection), Options(unitdp, withoutSilent, defaultList)));
        books.MapGet("/ids/{**collection}", (Guid tenant, string collection, bool? defaultList, SandboxWorld world, Library library) =>
            library.Open(world.Organisation(tenant)).CanonicalRecords(Collection(collection), Options(null, null, defaultList)).Select(record => record.Id).ToList());
        books.MapGet("/records/{**collection}", async (Guid tenant, string collection, int? unitdp, bool? withoutSilent, bool? defaultList, SandboxWorld world, Library library, HttpResponse response) =>
        {
            var records = library.Open(world.Organisation(tenant)).CanonicalRecords(Collection(collection), Options(unitdp, withoutSilent, defaultList));
            response.ContentType = "application/x-ndjson; charset=utf-8";
            await using var writer = new StreamWriter(response.Body);
            foreach (var record in records)
            {
                await writer.WriteAsync(record.Json.AsMemory(), response.HttpContext.RequestAborted);
                await writer.WriteAsync('\n');
            }
        });
        books.MapGet("/ledger-truth", (Guid tenant, int? months, SandboxWorld world, Library library) => library.Open(world.Organisation(tenant)).LedgerTruth(months ?? 13));
        books.MapGet("/planted", (Guid tenant, SandboxWorld world, Library library) => new
        {
            faults = library.Open(world.Organisation(tenant)).Planted,
            nearMisses = library.Open(world.Organisation(tenant)).NearMisses,
        });
        books.MapPost("/planted/mend", (Guid tenant, MendAsked? asked, SandboxWorld world, Library library) =>
        {
            var (organisation, now) = (world.Organisation(tenant), world.Clock.UtcNowToMillisecond);
            var open = library.Open(organisation);
            return Mending.InXero(asked, open.Planted, open.Spec, tenant, order => library.Apply(organisation, order.At(now)));
        });
        books.MapGet("/edits", (Guid tenant, SandboxWorld world, Library library) => library.Open(world.Organisation(tenant)).Journal.ToList());
        books.MapPost("/edits", (Guid tenant, JsonNode body, SandboxWorld world, Library library) =>
        {
            var organisation = world.Organisation(tenant);
            var now = world.Clock.UtcNowToMillisecond;
            var orders = body is JsonArray ? body.Deserialize<List<EditOrder>>(SandboxJson.Options)! : [body.Deserialize<EditOrder>(SandboxJson.Options)!];
            return orders.Select(order => library.Apply(organisation, order.At(now))).ToList();
        });
        books.MapPost("/edits/random", (Guid tenant, RandomEdits asked, SandboxWorld world, Library library) =>
            library.ApplyRandom(world.Organisation(tenant), asked.Seed, asked.Count, asked.Mix ?? EditMix.Default, world.Clock.UtcNowToMillisecond));
        books.MapPost("/edits/scheduled", (Guid tenant, JsonObject body, SandboxWorld world, PageWatch pages) =>
        {
            body["tenantId"] = world.Organisation(tenant).TenantId.ToString();
            var edits = body.Deserialize<ScheduledEdits>(SandboxJson.Options)!;
            Collection(edits.Collection);
            return Results.Json(pages.Add(edits), SandboxJson.Options, statusCode: 201);
        });
        control.MapGet("/edits/scheduled", (PageWatch pages) => pages.All());
        control.MapDelete("/edits/scheduled", (Guid? id, PageWatch pages) => new { removed = pages.Remove(id) });
    }

    private static TruthOptions Options(int? unitDecimals, bool? withoutSilent, bool? defaultList) => new()
    {
        UnitDecimals = unitDecimals ?? 4,
        WithoutSilentFields = withoutSilent ?? false,
        DefaultListOnly = defaultList ?? false,
    };

    private static string Collection(string name) =>
        BookCollections.All.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new KeyNotFoundException($"There is no collection '{name}'. Known: {string.Join(", ", BookCollections.All)}.");
}
