using DataHealth.Local.Sandbox.Control;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Control;

/// <summary>The control API under /sandbox: the same addresses as the Xero sandbox's wherever they mean the same (docs/sandbox.md).</summary>
internal static class QuickBooksControl
{
    public static void MapQuickBooksControl(this RouteGroupBuilder control)
    {
        control.AnswerMistakes();
        control.MapGet("", (QuickBooksWorld world, QuickBooksOptions options) => world.Read(state => new
        {
            clock = world.Clock.UtcNow,
            apps = state.Apps.Keys.ToList(),
            people = state.People.Values.ToList(),
            organisations = state.Companies.Values.ToList(),
            connections = state.Grants.Values.Count(grant => grant.Ended is null),
            dataFolder = options.DataFolder is not null,
        }));
        control.MapRealmPeople();
        control.MapCompanies();
        control.MapRealmBooks();
        control.MapRealmGrants();
        control.MapRealmClockAndLimits();
        control.MapFaultsAndCalls();
        control.MapRealmWebhooks();
        control.MapPost("/reset", (QuickBooksReset reset) =>
        {
            reset.Run();
            return Results.NoContent();
        });
        control.MapFallback("{**path}", () => Results.Json(new { error = "There is no such control call; docs/sandbox.md lists them." }, statusCode: 404));
    }
}
