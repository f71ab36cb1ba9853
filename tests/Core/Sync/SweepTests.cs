using Azure.Data.Tables;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Sync;

/// <summary>Runs that nobody carries on are found, and no others.</summary>
public sealed class SweepTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_run_that_was_claimed_and_never_began_is_found_after_a_minute()
    {
        var stage = Stage();
        var run = (await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Person, SyncStage.Stop)).RunId!.Value;

        var young = await SweepAsync(stage);
        stage.Clock.Advance(TimeSpan.FromSeconds(61));
        var old = await SweepAsync(stage);

        young.ShouldBeEmpty();
        old.Select(found => (found.Client, found.Run, found.MustWake)).ShouldBe([(stage.Client, run, false)]);
    }

    [Fact]
    public async Task A_run_that_began_is_found_when_it_has_shown_no_sign_of_life_for_a_quarter_of_an_hour()
    {
        var stage = Stage();
        var run = await stage.StartAsync();
        stage.Clock.Advance(TimeSpan.FromMinutes(14));
        var working = await SweepAsync(stage);
        await stage.CarryAsync(run, "invoices");
        stage.Clock.Advance(TimeSpan.FromMinutes(14));
        var alive = await SweepAsync(stage);
        stage.Clock.Advance(TimeSpan.FromMinutes(2));

        var silent = await SweepAsync(stage);

        working.ShouldBeEmpty();
        alive.ShouldBeEmpty("a checkpoint is a sign of life");
        silent.Select(found => (found.Client, found.Run, found.MustWake)).ShouldBe([(stage.Client, run, false)]);
    }

    [Fact]
    public async Task A_paused_run_is_found_when_it_sleeps_past_its_time_and_not_before()
    {
        var stage = Stage();
        var run = await stage.StartAsync();
        await stage.Get<PauseRun>().ExecuteAsync(stage.Client, run, stage.Clock.GetUtcNow().AddHours(13), LimitKind.Day, false, SyncStage.Stop);
        stage.Clock.Advance(TimeSpan.FromHours(13));
        var asleep = await SweepAsync(stage);
        stage.Clock.Advance(TimeSpan.FromMinutes(16));

        var late = await SweepAsync(stage);

        asleep.ShouldBeEmpty();
        late.Select(found => (found.Run, found.MustWake)).ShouldBe([(run, true)]);
    }

    [Fact]
    public async Task A_run_that_ended_is_not_found()
    {
        var stage = Stage();
        await stage.SyncAsync();
        stage.Clock.Advance(TimeSpan.FromDays(1));

        (await SweepAsync(stage)).ShouldBeEmpty();
        (await IndexedAsync(stage)).ShouldBe(0);
    }

    [Fact]
    public async Task A_run_that_is_claimed_while_the_one_before_ends_stays_where_the_sweep_looks()
    {
        var stage = Stage();
        var former = await stage.StartAsync();
        var result = await stage.CarryAsync(former, "invoices");
        // Many times, since it is a matter of moments: the end of a run takes it out of the index, the next claim puts its own in.
        for (var round = 0; round < 20; round++)
        {
            var ending = stage.Get<FinishRun>().ExecuteAsync(stage.Client, former, [result], null, null, SyncStage.Stop);
            SyncTicket next;
            do
                next = await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Scheduled, SyncStage.Stop);
            while (next.RunId == former);
            await ending;

            (await IndexedAsync(stage)).ShouldBe(1, $"round {round}");

            former = next.RunId!.Value;
            await stage.Get<PlanRun>().ExecuteAsync(stage.Client, former, SyncStage.Stop);
            result = await stage.CarryAsync(former, "invoices");
        }
    }

    private SyncStage Stage()
    {
        var stage = new SyncStage(azurite);
        stage.Provider.With("invoices").Put("invoices", "1", """{"v":1}""");
        return stage;
    }

    private static Task<IReadOnlyList<AbandonedRun>> SweepAsync(SyncStage stage) => stage.Get<SweepRuns>().ExecuteAsync(SyncStage.Stop);

    private static async Task<int> IndexedAsync(SyncStage stage) =>
        await (await stage.Get<AppStorage>().TableAsync("openruns", SyncStage.Stop)).QueryAsync<TableEntity>(cancellationToken: SyncStage.Stop).CountAsync(SyncStage.Stop);
}
