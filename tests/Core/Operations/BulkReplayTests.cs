using DataHealth.Core.Operations;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Operations;

public sealed class BulkReplayTests(AzuriteFixture azurite)
{
    private static readonly FaultKind[] Causes =
        [FaultKind.RequestRefused, FaultKind.BadAnswer, FaultKind.ProviderUnavailable, FaultKind.HighVolumeRefused, FaultKind.ClientCredentialsWrong, FaultKind.OrganisationOffline];

    [Fact]
    public async Task Of_two_hundred_failed_runs_of_six_causes_those_of_one_are_replayed_once_pressed_twice_and_killed_in_the_middle()
    {
        var stage = Stage();
        var failed = await FailAsync(stage, 200);
        var mine = failed.Where(run => run.Cause == FaultKind.BadAnswer).ToList();
        var batches = stage.Get<ReplayBatches>();

        var pressed = await Task.WhenAll(batches.BeginAsync(Wanted("bad-answer"), SyncStage.Stop), batches.BeginAsync(Wanted("bad-answer"), SyncStage.Stop));
        var again = await batches.BeginAsync(Wanted("bad-answer"), SyncStage.Stop);

        var batch = again.Batch;
        again.IsNew.ShouldBeFalse();
        pressed.Select(one => one.Batch.Id).Distinct().ShouldBe([batch.Id]);
        batch.Total.ShouldBe(mine.Count);
        // Three processes carry it out; each is "killed" now and then, between the claim and the note of it as well.
        await Task.WhenAll(Enumerable.Range(0, 3).Select(process => CarryOutAsync(batches, batch, new Random(process))));

        var progress = (await batches.ProgressAsync(batch.Id, SyncStage.Stop))!;
        progress.Counts.GetValueOrDefault(BatchedState.Pending).ShouldBe(0);
        progress.Batch.FinishedAt.ShouldNotBeNull();
        (await batches.UnfinishedAsync(SyncStage.Stop)).ShouldBeEmpty();
        foreach (var run in failed)
        {
            var history = (await stage.Runs.HistoryAsync(run.Client, null, 10, SyncStage.Stop)).Runs;
            history.Count(one => one.ReplayOf == run.Run).ShouldBe(run.Cause == FaultKind.BadAnswer ? 1 : 0);
            history.Count.ShouldBe(run.Cause == FaultKind.BadAnswer ? 2 : 1);
        }
    }

    [Fact]
    public async Task A_replay_that_was_claimed_and_crashed_before_the_audit_is_told_to_it_also_when_its_run_is_at_work()
    {
        var stage = Stage();
        var failed = (await FailAsync(stage, 1)).Single();
        var batches = stage.Get<ReplayBatches>();
        var (batch, _) = await batches.BeginAsync(Wanted("request-refused"), SyncStage.Stop);
        var one = (await batches.NextAsync(batch.Id, 1, SyncStage.Stop)).Single();
        var claimed = await stage.Get<ReplayRun>().ExecuteAsync(failed.Client, failed.Run, ReplayFrom.Checkpoint, SyncStage.Stop);
        await stage.Get<PlanRun>().ExecuteAsync(failed.Client, claimed.RunId!.Value, SyncStage.Stop);

        (await batches.ReplayAsync(batch, one, SyncStage.Stop)).RunId.ShouldBe(claimed.RunId);

        (await stage.Get<Core.Audit.AuditTrail>().PageAsync(new PracticeId("practice"), failed.Client, 10, null, SyncStage.Stop)).Entries.ShouldHaveSingleItem()
            .After!.ShouldContain(batch.Id);
    }

    [Fact]
    public async Task A_dry_run_says_how_many_and_at_what_cost_and_begins_nothing()
    {
        var stage = Stage();
        var failed = await FailAsync(stage, 12);

        var forecast = await stage.Get<ForecastReplays>().ExecuteAsync(new OpenRunFilter { Code = "bad-answer" }, ReplayFrom.Checkpoint, SyncStage.Stop);

        (forecast.Runs, forecast.Practices, forecast.IsCut).ShouldBe((2, 1, false));
        forecast.ByCode.ShouldBe(new Dictionary<string, int> { ["bad-answer"] = 2 });
        // Nothing of them was read yet: a call for each of the two datasets.
        forecast.Calls.ShouldBe(4);
        foreach (var run in failed)
            (await stage.Runs.CurrentAsync(run.Client, SyncStage.Stop))!.RunId.ShouldBe(run.Run);
    }

    [Fact]
    public async Task A_dry_run_reckons_the_pages_that_are_left()
    {
        var stage = Stage();
        for (var n = 0; n < 45; n++)
            stage.Provider.Put("invoices", $"{n:D4}", """{"v":1}""");
        stage.Provider.Before = call => call.Page >= 4 ? new PageOutcome.Failed(new ProviderFault(FaultKind.RequestRefused, "no")) : null;
        await stage.SyncAsync();

        var rest = await stage.Get<ForecastReplays>().ExecuteAsync(new OpenRunFilter { Provider = "scripted" }, ReplayFrom.Checkpoint, SyncStage.Stop);
        var all = await stage.Get<ForecastReplays>().ExecuteAsync(new OpenRunFilter { Provider = "scripted" }, ReplayFrom.Start, SyncStage.Stop);

        // Pages 4 and 5 of the invoices, or all five; and one call for what changed among the contacts.
        (rest.Calls, all.Calls).ShouldBe((3, 6));
    }

    [Fact]
    public async Task Open_runs_are_found_by_state_cause_provider_practice_and_age_page_by_page()
    {
        var stage = Stage();
        await FailAsync(stage, 12);
        stage.Clock.Advance(TimeSpan.FromHours(2));
        var running = ClientId.New(stage.Clock);
        await stage.Get<RequestSync>().ExecuteAsync(running, RunTrigger.Person, SyncStage.Stop);
        var find = stage.Get<FindOpenRuns>();

        async Task<int> CountAsync(OpenRunFilter filter) => (await find.ExecuteAsync(filter, 500, null, SyncStage.Stop)).Items.Count;

        (await CountAsync(new())).ShouldBe(13);
        (await CountAsync(new() { State = OpenRunState.Failed })).ShouldBe(12);
        (await CountAsync(new() { State = OpenRunState.Running })).ShouldBe(1);
        (await CountAsync(new() { Code = "high-volume-refused" })).ShouldBe(2);
        (await CountAsync(new() { Provider = "scripted" })).ShouldBe(13);
        (await CountAsync(new() { Provider = "other" })).ShouldBe(0);
        (await CountAsync(new() { Practice = new PracticeId("practice") })).ShouldBe(13);
        (await CountAsync(new() { Practice = new PracticeId("theirs' or 'x' eq 'x") })).ShouldBe(0);
        (await CountAsync(new() { OlderThan = TimeSpan.FromHours(1) })).ShouldBe(12);
        (await CountAsync(new() { IsStuck = true })).ShouldBe(0);
        stage.Clock.Advance(TimeSpan.FromMinutes(16));
        (await CountAsync(new() { IsStuck = true })).ShouldBe(1);

        var first = await find.ExecuteAsync(new(), 7, null, SyncStage.Stop);
        var rest = await find.ExecuteAsync(new(), 7, first.Continuation, SyncStage.Stop);
        first.Items.Concat(rest.Items).Select(item => item.Run.Client).Distinct().Count().ShouldBe(13);
        rest.Continuation.ShouldBeNull();
    }

    [Fact]
    public async Task A_run_leaves_the_list_when_the_next_one_succeeds()
    {
        var stage = Stage();
        stage.Provider.Put("invoices", "1", """{"v":1}""");
        stage.Provider.Before = _ => new PageOutcome.Failed(new ProviderFault(FaultKind.RequestRefused, "GET invoices: 400", "corr-9"));
        var failed = await stage.SyncAsync();
        stage.Provider.Before = null;

        var item = (await stage.Get<FindOpenRuns>().ExecuteAsync(new(), 10, null, SyncStage.Stop)).Items.Single();
        var dossier = (await stage.Get<ReadRunDossier>().ExecuteAsync(stage.Client, failed.RunId, SyncStage.Stop))!;

        (item.Run.Run, item.Run.State, item.Run.Code).ShouldBe((failed.RunId, OpenRunState.Failed, "request-refused"));
        (dossier.Run.Error!.Technical, dossier.Run.Error.CorrelationId).ShouldBe(("GET invoices: 400", "corr-9"));
        dossier.Timeline.Select(line => line.Kind).ShouldContain("failed");
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        (await stage.Get<FindOpenRuns>().ExecuteAsync(new(), 10, null, SyncStage.Stop)).Items.ShouldBeEmpty();
    }

    private SyncStage Stage()
    {
        var stage = new SyncStage(azurite);
        stage.Provider.With("invoices").With("contacts");
        return stage;
    }

    private static ReplayBatch Wanted(string code) =>
        new() { Id = "", Filter = new OpenRunFilter { Code = code }, PerMinute = 60, Reason = "the provider mended it", By = new MemberId("support") };

    private static async Task<List<(ClientId Client, RunId Run, FaultKind Cause)>> FailAsync(SyncStage stage, int count)
    {
        var clients = Enumerable.Range(0, count).Select(n => (Client: ClientId.New(stage.Clock), Cause: Causes[n % Causes.Length])).ToList();
        var failed = new System.Collections.Concurrent.ConcurrentBag<(ClientId, RunId, FaultKind)>();
        await Parallel.ForEachAsync(clients, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = SyncStage.Stop }, async (one, stop) =>
        {
            var run = (await stage.Get<RequestSync>().ExecuteAsync(one.Client, RunTrigger.Scheduled, stop)).RunId!.Value;
            await stage.Get<PlanRun>().ExecuteAsync(one.Client, run, stop);
            var result = new SliceResult { Dataset = "invoices", State = SliceState.Failed, Fault = new ProviderFault(one.Cause, "GET invoices?page=1", "corr") };
            await stage.Get<FinishRun>().ExecuteAsync(one.Client, run, [result], null, null, stop);
            failed.Add((one.Client, run, one.Cause));
        });
        return [.. failed];
    }

    private static async Task CarryOutAsync(ReplayBatches batches, ReplayBatch batch, Random chance)
    {
        for (var turn = 0; turn < 200; turn++)
        {
            var next = await batches.NextAsync(batch.Id, 5, SyncStage.Stop);
            if (next.Count == 0)
            {
                await batches.FinishAsync(batch.Id, SyncStage.Stop);
                return;
            }
            foreach (var run in next)
            {
                if (chance.Next(4) == 0)
                    break;
                var ticket = await batches.ReplayAsync(batch, run, SyncStage.Stop);
                if (chance.Next(4) == 0)
                    break;
                await batches.NoteAsync(batch.Id, run, ticket, SyncStage.Stop);
            }
        }
        throw new InvalidOperationException("The batch never ended.");
    }
}
