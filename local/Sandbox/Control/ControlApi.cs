using System.Text.Json;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Faults;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Local.Sandbox.Webhooks;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Control;

/// <summary>The control API under /sandbox: what a test or a demo turns (docs/sandbox.md).</summary>
internal static class ControlApi
{
    public static void MapControl(this RouteGroupBuilder control)
    {
        control.AnswerMistakes();
        control.MapGet("", (SandboxWorld world, SandboxOptions options) => world.Read(state => new
        {
            clock = world.Clock.UtcNow,
            apps = state.Apps.Keys.ToList(),
            people = state.People.Values.ToList(),
            organisations = state.Organisations.Values.ToList(),
            connections = state.Connections.Count(connection => !connection.Removed),
            dataFolder = options.DataFolder is not null,
        }));
        control.MapPeople();
        control.MapOrganisations();
        control.MapBooks();
        control.MapGrants();
        control.MapClockAndLimits();
        control.MapFaultsAndCalls();
        control.MapWebhooks();
        control.MapPost("/reset", (SandboxWorld world, SandboxOptions options, Library library, FaultBoard faults, CallLog calls, LimitGate limits, PageWatch pages, SecretsLedger secrets, WebhookDesk webhooks) =>
        {
            new Reset(world, options, library, faults, calls, limits, pages, secrets, webhooks).Run();
            return Results.NoContent();
        });
        control.MapFallback("{**path}", () => Results.Json(new { error = "There is no such control call; docs/sandbox.md lists them." }, statusCode: 404));
    }

    /// <summary>What the caller did wrong is a 400 or 404 that says it.</summary>
    public static void AnswerMistakes(this RouteGroupBuilder control) => control.AddEndpointFilter(async (context, next) =>
    {
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException or KeyNotFoundException or BadHttpRequestException or FormatException)
        {
            return Results.Json(new { error = exception.Message }, statusCode: exception is KeyNotFoundException ? 404 : 400);
        }
    });
}
