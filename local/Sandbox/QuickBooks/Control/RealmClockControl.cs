using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Control;
using DataHealth.Local.Sandbox.QuickBooks.Limits;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Control;

internal sealed record UsedReads(string? Tenant = null, string Client = "sandbox-client", int? Minute = null, int? Month = null);

/// <summary>Clock, switches and limits.</summary>
internal static class RealmClockControl
{
    public static void MapRealmClockAndLimits(this RouteGroupBuilder control)
    {
        control.MapGet("/clock", (QuickBooksWorld world) => Clock(world));
        control.MapPost("/clock", (ClockMove move, QuickBooksWorld world) =>
        {
            world.Change(state =>
            {
                move.Apply(world.Clock);
                state.ClockOffset = world.Clock.Offset;
            });
            return Clock(world);
        });
        control.MapGet("/switches", (QuickBooksWorld world) => world.Switches);
        control.MapPatch("/switches", (JsonObject body, QuickBooksWorld world) => world.Change(state => state.Switches = SandboxJson.Overlay(state.Switches, body)));
        control.MapGet("/limits", (QuickBooksWorld world) => world.Read(state => state.Limits));
        control.MapPatch("/limits", (JsonObject body, QuickBooksWorld world) => world.Change(state => state.Limits = Sane(SandboxJson.Overlay(state.Limits, body))));
        control.MapGet("/limits/standing", (QuickBooksWorld world, RealmLimits limits) => limits.Standings(world.Read(state => state.Limits)));
        control.MapPost("/limits/used", (UsedReads used, QuickBooksWorld world, RealmLimits limits) =>
        {
            if (used.Minute is not null && used.Tenant is null)
                throw new ArgumentException("The minute is a company's: name the tenant.");
            limits.SetUsed(world.Read(state => state.Limits), used.Client, used.Tenant ?? "", used.Minute, used.Month);
            return limits.Standings(world.Read(state => state.Limits));
        });
        control.MapPost("/limits/forget", (RealmLimits limits) =>
        {
            limits.Forget();
            return Results.NoContent();
        });
    }

    private static object Clock(QuickBooksWorld world) => new { utcNow = world.Clock.UtcNow, offsetSeconds = world.Clock.Offset.TotalSeconds };

    private static RealmLimitSettings Sane(RealmLimitSettings limits) => limits.MinuteSeconds >= 0.1 && limits.SecondSeconds >= 0.01
        ? limits
        : throw new ArgumentException("A minute is at least a tenth of a second long, a second a hundredth.");
}
