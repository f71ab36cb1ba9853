using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Sync;

public sealed class ReplayTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_failed_run_is_replayed_once_however_often_it_is_asked_for()
    {
        var stage = SyncStage.WithInvoices(azurite, 5);
        var failed = await FailAsync(stage);

        var tickets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReplayAsync(stage, failed)));

        tickets.Select(ticket => ticket.RunId).Distinct().Count().ShouldBe(1);
        tickets.ShouldAllBe(ticket => ticket.State == TicketState.Started);
        tickets.Count(ticket => ticket.IsNew).ShouldBe(1, "one press replays it; the audit tells of one");
        var run = await stage.CarryOnAsync(tickets[0].RunId!.Value);
        (run.Outcome, run.ReplayOf, run.Trigger).ShouldBe((RunOutcome.Succeeded, failed, RunTrigger.Replay));
        (await ReplayAsync(stage, failed)).ShouldBe(new SyncTicket(TicketState.AlreadyReplayed, run.RunId));
    }

    [Fact]
    public async Task Promise_3_a_replay_and_the_nightly_run_that_starts_beside_it_come_to_one_run()
    {
        var stage = SyncStage.WithInvoices(azurite, 5);
        var failed = await FailAsync(stage);

        var tickets = await Task.WhenAll(
            ReplayAsync(stage, failed), stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Scheduled, SyncStage.Stop), ReplayAsync(stage, failed));

        tickets.Select(ticket => ticket.RunId).Distinct().Count().ShouldBe(1);
        (await stage.Runs.HistoryAsync(stage.Client, null, 10, SyncStage.Stop)).Runs.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_replay_that_meets_another_run_in_flight_says_so_and_replays_nothing_and_one_that_meets_itself_is_that()
    {
        var stage = SyncStage.WithInvoices(azurite, 5);
        var failed = await FailAsync(stage);
        var other = await stage.StartAsync(RunTrigger.Scheduled);

        (await ReplayAsync(stage, failed)).ShouldBe(new SyncTicket(TicketState.InFlight, other));

        (await stage.Runs.CurrentAsync(stage.Client, SyncStage.Stop))!.ShouldSatisfyAllConditions(run => run.RunId.ShouldBe(other), run => run.ReplayOf.ShouldBeNull());
        var again = await FailAsync(stage);
        var replay = (await ReplayAsync(stage, again)).RunId!.Value;
        await stage.Get<PlanRun>().ExecuteAsync(stage.Client, replay, SyncStage.Stop);
        (await ReplayAsync(stage, again)).ShouldBe(new SyncTicket(TicketState.AlreadyReplayed, replay), "at work, it is the replay that was asked for");
    }

    [Fact]
    public async Task A_run_that_is_not_the_latest_any_more_is_not_replayed()
    {
        var stage = SyncStage.WithInvoices(azurite, 5);
        var failed = await FailAsync(stage);
        var newer = await stage.SyncAsync();

        (await ReplayAsync(stage, failed)).ShouldBe(new SyncTicket(TicketState.Outdated, newer.RunId));
    }

    [Fact]
    public async Task Promise_8_a_replay_goes_on_from_the_checkpoint_and_one_from_the_start_reads_everything_again()
    {
        var stage = SyncStage.WithInvoices(azurite, 45);
        var failed = await FailAsync(stage, afterPage: 3);
        stage.Provider.Calls.Clear();

        var fromCheckpoint = await stage.CarryOnAsync((await ReplayAsync(stage, failed)).RunId!.Value);

        stage.Provider.Calls.Where(call => !call.IsCount).Select(call => call.Page).ShouldBe([3, 4, 5]);
        await stage.ShouldEqualTheProviderAsync("invoices");
        stage.Provider.Calls.Clear();

        var fromStart = await stage.CarryOnAsync((await ReplayAsync(stage, fromCheckpoint.RunId, ReplayFrom.Start)).RunId!.Value);

        stage.Provider.Calls.Where(call => call is { IsCount: false, Since: null }).Select(call => call.Page).ShouldBe([1, 2, 3, 4, 5]);
        fromStart.Receipt!.Datasets.Single().Unchanged.ShouldBe(45);
        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task A_replay_from_the_start_goes_on_where_it_was_killed_and_not_at_the_start_again()
    {
        var stage = SyncStage.WithInvoices(azurite, 45);
        var failed = await FailAsync(stage, afterPage: 3);
        stage.Provider.Calls.Clear();
        var crashes = 0;

        await stage.CarryOnAsync((await ReplayAsync(stage, failed, ReplayFrom.Start)).RunId!.Value, place =>
            place == SlicePlace.PageCommitted && crashes++ == 2 ? throw new CrashException() : Task.CompletedTask);

        stage.Provider.Calls.Count(call => call is { IsCount: false, Since: null, Page: 1 }).ShouldBe(1);
        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task A_run_that_a_person_ends_writes_nothing_more_and_the_schedule_goes_on()
    {
        var stage = SyncStage.WithInvoices(azurite, 25);
        var run = await stage.StartAsync();

        (await stage.Get<EndRun>().ExecuteAsync(stage.Client, run, "stands in the way of a migration", SyncStage.Stop)).ShouldBeTrue();
        (await stage.Get<EndRun>().ExecuteAsync(stage.Client, run, "again", SyncStage.Stop)).ShouldBeFalse();

        (await stage.CarryAsync(run, "invoices")).State.ShouldBe(SliceState.Superseded);
        var ended = (await stage.Runs.FindAsync(stage.Client, run, SyncStage.Stop))!;
        (ended.Outcome, ended.Error!.Code, ended.Error.Technical).ShouldBe((RunOutcome.Ended, EndRun.Code, "stands in the way of a migration"));
        (await stage.Get<DueClients>().FindAsync(stage.Client, SyncStage.Stop)).ShouldBe(ended.NextDueAt);
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
    }

    private static async Task<RunId> FailAsync(SyncStage stage, int afterPage = 1)
    {
        stage.Provider.Before = call => call.Page >= afterPage
            ? new PageOutcome.Failed(new ProviderFault(FaultKind.RequestRefused, "GET invoices?page=3: 400", "corr-1")) { Cost = new CallCost(1, 10) }
            : null;
        var run = await stage.SyncAsync();
        stage.Provider.Before = null;
        run.Outcome.ShouldBe(RunOutcome.Failed);
        return run.RunId;
    }

    private static Task<SyncTicket> ReplayAsync(SyncStage stage, RunId run, ReplayFrom from = ReplayFrom.Checkpoint) =>
        stage.Get<ReplayRun>().ExecuteAsync(stage.Client, run, from, SyncStage.Stop);
}
