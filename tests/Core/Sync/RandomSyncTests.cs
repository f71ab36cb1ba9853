using CsCheck;
using DataHealth.Core.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Sync;

[TakesLong]
public sealed class RandomSyncTests(AzuriteFixture azurite)
{
    // Books, edits before each call, and crashes, all from one seed.
    private static readonly Gen<Scenario> Scenarios = Gen.Select(Gen.Int[0, 60], Gen.Int[2, 9], Gen.Int[0, 1_000_000], Gen.Int[0, 40], Gen.Int[0, 30],
        (records, pageSize, seed, editPercent, crashPercent) => new Scenario(records, pageSize, seed, editPercent, crashPercent));

    [Fact]
    public async Task Promise_9_whatever_is_edited_and_wherever_it_crashes_the_copy_equals_the_provider_after_the_next_sync() =>
        await Scenarios.SampleAsync(async scenario => await CheckAsync(scenario), iter: 30, threads: 2);

    private async Task CheckAsync(Scenario scenario)
    {
        var stage = new SyncStage(azurite, options => options.RecordsPerBucket = 100);
        stage.Provider.PageSize = scenario.PageSize;
        stage.Provider.With("invoices");
        var random = new Random(scenario.Seed);
        for (var n = 0; n < scenario.Records; n++)
            Make(stage, random);
        stage.Clock.Advance(TimeSpan.FromMinutes(20));
        var crashes = 0;
        Task Reached(SlicePlace place)
        {
            lock (random)
            {
                if (crashes >= 6 || random.Next(100) >= scenario.CrashPercent)
                    return Task.CompletedTask;
                crashes++;
            }
            throw new CrashException();
        }
        for (var day = 0; day < 3; day++)
        {
            // While pages are read: anything, deletions without a trace among it.
            stage.Provider.Before = _ =>
            {
                lock (random)
                {
                    if (random.Next(100) < scenario.EditPercent)
                        Edit(stage, random);
                }
                return null;
            };
            stage.Provider.Calls.Clear();
            crashes = 0;
            (await stage.SyncAsync(reached: Reached)).Outcome.ShouldBe(RunOutcome.Succeeded);
            // Quiet now: the next sync at the latest is right. What vanished without a trace while only changes were read shows when the week's count is due.
            stage.Provider.Before = null;
            stage.Clock.Advance(day == 0 ? TimeSpan.FromHours(1) : TimeSpan.FromDays(8));
            (await stage.SyncAsync(reached: Reached)).Outcome.ShouldBe(RunOutcome.Succeeded);
            await stage.ShouldEqualTheProviderAsync("invoices");
            // Between syncs: what leaves a trace.
            for (var n = 0; n < random.Next(12); n++)
                Edit(stage, random, canVanish: false);
            stage.Clock.Advance(TimeSpan.FromHours(23));
        }
    }

    private static void Edit(SyncStage stage, Random random, bool canVanish = true)
    {
        var ids = stage.Provider.Ids("invoices");
        if (ids.Count == 0 || random.Next(3) == 0)
        {
            Make(stage, random);
            return;
        }
        var id = ids[random.Next(ids.Count)];
        if (canVanish && random.Next(3) == 0)
            stage.Provider.Remove("invoices", id);
        else
            stage.Provider.Put("invoices", id, $$"""{"v":{{random.Next()}}}""", isDeleted: random.Next(5) == 0);
    }

    private static void Make(SyncStage stage, Random random) =>
        stage.Provider.Put("invoices", new Guid(random.Next(), 0, 0, new byte[8]).ToString(), $$"""{"v":{{random.Next()}}}""");

    private sealed record Scenario(int Records, int PageSize, int Seed, int EditPercent, int CrashPercent);
}
