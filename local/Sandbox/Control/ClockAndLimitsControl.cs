using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Control;

/// <summary>Moves the clock: by seconds, to a moment, or back to the true time.</summary>
internal sealed record ClockMove(double? AdvanceSeconds = null, DateTimeOffset? Set = null, bool Reset = false)
{
    public void Apply(SandboxClock clock)
    {
        if (Reset)
            clock.Offset = TimeSpan.Zero;
        if (Set is { } moment)
            clock.Offset += moment - clock.GetUtcNow();
        if (AdvanceSeconds is { } seconds)
            clock.Offset += TimeSpan.FromSeconds(seconds);
    }
}

internal sealed record UsedCalls(Guid Tenant, string Client = "sandbox-client", int? Minute = null, int? Day = null);

/// <summary>Clock, switches and limits.</summary>
internal static class ClockAndLimitsControl
{
    public static void MapClockAndLimits(this RouteGroupBuilder control)
    {
        control.MapGet("/clock", (SandboxWorld world) => Clock(world));
        control.MapPost("/clock", (ClockMove move, SandboxWorld world) =>
        {
            world.Change(state =>
            {
                move.Apply(world.Clock);
                state.ClockOffset = world.Clock.Offset;
                DemoCompanies(state, world.Clock.UtcNow);
            });
            return Clock(world);
        });
        control.MapGet("/switches", (SandboxWorld world) => world.Switches);
        control.MapPatch("/switches", (JsonObject body, SandboxWorld world) => world.Change(state => state.Switches = SandboxJson.Overlay(state.Switches, body)));
        control.MapGet("/limits", (SandboxWorld world) => world.Read(state => state.Limits));
        control.MapPatch("/limits", (JsonObject body, SandboxWorld world) => world.Change(state => state.Limits = Sane(SandboxJson.Overlay(state.Limits, body))));
        control.MapPut("/limits/tenants/{tenant:guid}", (Guid tenant, TenantLimits limits, SandboxWorld world) => world.Change(state =>
        {
            state.Limits = state.Limits with { Tenants = new Dictionary<Guid, TenantLimits>(state.Limits.Tenants) { [tenant] = limits } };
            return state.Limits;
        }));
        control.MapDelete("/limits/tenants/{tenant:guid}", (Guid tenant, SandboxWorld world) => world.Change(state =>
        {
            state.Limits = state.Limits with { Tenants = state.Limits.Tenants.Where(pair => pair.Key != tenant).ToDictionary() };
            return state.Limits;
        }));
        control.MapGet("/limits/standing", (SandboxWorld world, LimitGate gate) => gate.Standings(world.Read(state => state.Limits)));
        control.MapPost("/limits/used", (UsedCalls used, SandboxWorld world, LimitGate gate) =>
        {
            gate.SetUsed(world.Read(state => state.Limits), used.Client, used.Tenant, used.Minute, used.Day);
            return gate.Standings(world.Read(state => state.Limits));
        });
        control.MapPost("/limits/forget", (LimitGate gate) =>
        {
            gate.Forget();
            return Results.NoContent();
        });
    }

    private static object Clock(SandboxWorld world) => new { utcNow = world.Clock.UtcNow, offsetSeconds = world.Clock.Offset.TotalSeconds };

    private static LimitSettings Sane(LimitSettings limits) => limits.MinuteSeconds >= 0.1 && limits.DaySeconds >= 0.1
        ? limits
        : throw new ArgumentException("A window is at least a tenth of a second long.");

    private static void DemoCompanies(WorldState state, DateTime now)
    {
        if (state.Switches.DemoResetDays <= 0)
            return;
        foreach (var demo in state.Organisations.Values.Where(o => o.Books.IsDemoCompany && !o.Closed && o.CreatedUtc.AddDays(state.Switches.DemoResetDays) <= now).ToList())
            OrganisationsControl.DemoReset(state, demo.TenantId, now);
    }
}
