using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Faults;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.QuickBooks.Limits;
using DataHealth.Local.Sandbox.QuickBooks.Webhooks;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Control;

/// <summary>Back to how the process started with an empty data folder; the keys stay.</summary>
internal sealed class QuickBooksReset(
    QuickBooksWorld world, QuickBooksOptions options, RealmLibrary library, FaultBoard faults, CallLog calls, RealmLimits limits, PageWatch pages, SecretsLedger secrets, RealmWebhooks webhooks)
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
            var fresh = QuickBooksDefaultWorld.Create(options, world.Clock.UtcNow);
            Refill(state.Apps, fresh.Apps);
            Refill(state.People, fresh.People);
            Refill(state.Companies, fresh.Companies);
            state.Grants.Clear();
            state.Codes.Clear();
            state.Webhooks.Clear();
            (state.Switches, state.Limits, state.ClockOffset) = (fresh.Switches, fresh.Limits, TimeSpan.Zero);
        });
        secrets.Keep("client-secret", options.ClientSecret);
    }

    private static void Refill<TKey, TValue>(Dictionary<TKey, TValue> kept, Dictionary<TKey, TValue> fresh)
        where TKey : notnull
    {
        kept.Clear();
        foreach (var (key, value) in fresh)
            kept[key] = value;
    }
}
