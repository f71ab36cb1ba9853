using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Faults;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Local.Sandbox.Webhooks;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Control;

/// <summary>Back to how the process started with an empty data folder; the signing key stays.</summary>
internal sealed class Reset(
    SandboxWorld world, SandboxOptions options, Library library, FaultBoard faults, CallLog calls, LimitGate limits, PageWatch pages, SecretsLedger secrets, WebhookDesk webhooks)
{
    public void Run()
    {
        faults.Remove(_ => true);
        pages.Remove(null);
        calls.Clear();
        limits.Forget();
        secrets.Forget();
        webhooks.Forget();
        library.Discard();
        if (options.DataFolder is not null)
            new WorldFolder(options.DataFolder).Clear();
        world.Clock.Offset = TimeSpan.Zero;
        world.Change(state =>
        {
            var fresh = DefaultWorld.Create(options, world.Clock.UtcNow);
            state.Apps.Clear();
            state.People.Clear();
            state.Organisations.Clear();
            state.Connections.Clear();
            state.RefreshTokens.Clear();
            state.Codes.Clear();
            state.Consents.Clear();
            state.Webhooks.Clear();
            foreach (var (id, app) in fresh.Apps)
                state.Apps[id] = app;
            foreach (var (id, person) in fresh.People)
                state.People[id] = person;
            foreach (var (id, organisation) in fresh.Organisations)
                state.Organisations[id] = organisation;
            (state.Switches, state.Limits, state.ClockOffset) = (fresh.Switches, fresh.Limits, TimeSpan.Zero);
        });
        secrets.Keep("client-secret", options.ClientSecret);
    }
}
