using Azure.Data.Tables;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Sync;

public sealed class PromiseTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_first_sync_copies_everything_and_its_receipt_adds_up()
    {
        var stage = SyncStage.WithInvoices(azurite, 25);

        var run = await stage.SyncAsync();

        run.Outcome.ShouldBe(RunOutcome.Succeeded);
        await stage.ShouldEqualTheProviderAsync("invoices");
        var receipt = run.Receipt!.Datasets.Single();
        (receipt.New, receipt.Changed, receipt.Unchanged, receipt.Held, receipt.ProviderCount, receipt.Difference, receipt.Calls).ShouldBe((25, 0, 0, 25, 25, 0, 3));
    }

    [Fact]
    public async Task A_run_that_takes_longer_than_a_day_does_not_stand_before_clients_that_are_due()
    {
        var stage = SyncStage.WithInvoices(azurite, 1);
        var run = await stage.StartAsync();
        stage.Clock.Advance(TimeSpan.FromHours(25));
        var before = await stage.Get<DueClients>().TakeAsync(10, SyncStage.Stop);

        var ticket = await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Scheduled, SyncStage.Stop);

        before.Count.ShouldBe(1);
        (ticket.State, ticket.RunId).ShouldBe((TicketState.Joined, run));
        (await stage.Get<DueClients>().TakeAsync(10, SyncStage.Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_sync_asks_only_for_what_changed_and_writes_only_that()
    {
        var stage = SyncStage.WithInvoices(azurite, 9);
        await stage.SyncAsync();
        stage.Clock.Advance(TimeSpan.FromHours(24));
        stage.Provider.Put("invoices", "0003", """{"v":2}""");
        stage.Provider.Put("invoices", "9999", """{"v":1}""");
        stage.Provider.Put("invoices", "0004", """{"v":3}""", isDeleted: true);
        stage.Provider.Calls.Clear();

        var run = await stage.SyncAsync();

        stage.Provider.Calls.Count(call => !call.IsCount).ShouldBe(1);
        await stage.ShouldEqualTheProviderAsync("invoices");
        var receipt = run.Receipt!.Datasets.Single();
        (receipt.New, receipt.Changed, receipt.Deleted, receipt.Unchanged, receipt.Held).ShouldBe((1, 1, 1, 0, 9));
    }

    [Theory]
    [InlineData(SlicePlace.PageRead)]
    [InlineData(SlicePlace.PageWritten)]
    [InlineData(SlicePlace.PageCommitted)]
    [InlineData(SlicePlace.Concluding)]
    internal async Task Promise_1_after_a_crash_at_most_the_pages_in_flight_are_fetched_again_and_nothing_is_lost_or_doubled(SlicePlace place)
    {
        var stage = SyncStage.WithInvoices(azurite, 95);
        var visits = 0;
        var crashes = 0;

        var run = await stage.SyncAsync(reached: at =>
        {
            if (at != place || ++visits % 3 != 1 || crashes >= 3)
                return Task.CompletedTask;
            crashes++;
            throw new CrashException();
        });

        crashes.ShouldBeGreaterThan(0);
        await stage.ShouldEqualTheProviderAsync("invoices");
        stage.Provider.Calls.Count.ShouldBeInRange(10, 10 + (2 * crashes));
        var receipt = run.Receipt!.Datasets.Single();
        (receipt.New, receipt.Changed, receipt.Held).ShouldBe((95, 0, 95));
        (await FeedAsync(stage)).Keys.Count.ShouldBe(95);
    }

    [Fact]
    public async Task Promise_2_a_refused_run_says_until_when_and_goes_on_from_its_checkpoint()
    {
        var stage = SyncStage.WithInvoices(azurite, 45);
        var until = stage.Clock.GetUtcNow().AddHours(13);
        var left = 2;
        stage.Provider.Before = call => left-- > 0 ? null : new PageOutcome.Limited(LimitKind.Day, until, false) { Cost = new CallCost(1, 0) };
        var run = await stage.StartAsync();

        var paused = await stage.CarryAsync(run, "invoices");

        paused.State.ShouldBe(SliceState.Paused);
        (paused.Until, paused.Limit).ShouldBe((until, LimitKind.Day));
        (await stage.Get<PauseRun>().ExecuteAsync(stage.Client, run, until, LimitKind.Day, false, SyncStage.Stop)).ShouldBeTrue();
        (await stage.Runs.CurrentAsync(stage.Client, SyncStage.Stop))!.Pause!.Until.ShouldBe(until);

        stage.Provider.Before = null;
        stage.Provider.Calls.Clear();
        await stage.Get<ContinueRun>().ExecuteAsync(stage.Client, run, SyncStage.Stop);
        (await stage.CarryAsync(run, "invoices")).State.ShouldBe(SliceState.Completed);
        stage.Provider.Calls.Min(call => call.Page).ShouldBe(3);
        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task Promise_3_pressing_twice_gives_one_run_and_a_press_during_it_one_more_pass()
    {
        var stage = SyncStage.WithInvoices(azurite, 5);
        var tickets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Person, SyncStage.Stop)));
        tickets.Select(ticket => ticket.RunId).Distinct().Count().ShouldBe(1);
        var run = tickets[0].RunId!.Value;
        await stage.Get<PlanRun>().ExecuteAsync(stage.Client, run, SyncStage.Stop);
        var result = await stage.CarryAsync(run, "invoices");
        stage.Provider.Put("invoices", "late", """{"v":1}""");

        var joined = await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Person, SyncStage.Stop);

        (joined.State, joined.RunId).ShouldBe((TicketState.Joined, run));
        (await stage.Get<FinishRun>().ExecuteAsync(stage.Client, run, [result], null, null, SyncStage.Stop)).State.ShouldBe(FinishState.OneMorePass);
        // Asked once more, as after a crash before the answer.
        (await stage.Get<FinishRun>().ExecuteAsync(stage.Client, run, [result], null, null, SyncStage.Stop)).State.ShouldBe(FinishState.OneMorePass);
        await stage.Get<PlanRun>().ExecuteAsync(stage.Client, run, SyncStage.Stop);
        result = await stage.CarryAsync(run, "invoices");
        (await stage.Get<FinishRun>().ExecuteAsync(stage.Client, run, [result], null, null, SyncStage.Stop)).Outcome.ShouldBe(RunOutcome.Succeeded);
        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task Promise_1_a_run_whose_end_was_cut_off_gets_its_time_and_its_last_line_when_it_is_told_again()
    {
        var stage = SyncStage.WithInvoices(azurite, 5);
        stage.Provider.Before = _ => new PageOutcome.Failed(new ProviderFault(FaultKind.RequestRefused, "no"));
        var run = await stage.StartAsync();
        var failed = await stage.CarryAsync(run, "invoices");
        var due = stage.Get<DueClients>();
        (await stage.Get<FinishRun>().ExecuteAsync(stage.Client, run, [failed], null, null, SyncStage.Stop)).Outcome.ShouldBe(RunOutcome.Failed);
        var at = await due.FindAsync(stage.Client, SyncStage.Stop);
        // As if it had crashed right after the run's row was saved.
        await due.SetAsync(stage.Client, stage.Clock.GetUtcNow().AddDays(1), SyncStage.Stop);
        var lines = await stage.Get<AppStorage>().TableAsync("runevents", SyncStage.Stop);
        await foreach (var line in lines.QueryAsync<TableEntity>(row => row.PartitionKey == $"{stage.Client}|{run}", cancellationToken: SyncStage.Stop))
        {
            if (line.RowKey.Contains("|finished|", StringComparison.Ordinal))
                await lines.DeleteEntityAsync(line.PartitionKey, line.RowKey, cancellationToken: SyncStage.Stop);
        }

        (await stage.Get<FinishRun>().ExecuteAsync(stage.Client, run, [failed], null, null, SyncStage.Stop)).Outcome.ShouldBe(RunOutcome.Failed);

        (await due.FindAsync(stage.Client, SyncStage.Stop)).ShouldBe(at);
        (await stage.Runs.EventsAsync(stage.Client, run, SyncStage.Stop)).Count(line => line.Kind == "finished").ShouldBe(1);
    }

    [Fact]
    public async Task Promise_8_a_run_whose_client_is_disconnected_meanwhile_ends_in_words_of_its_own_and_is_nobodys_incident()
    {
        var stage = SyncStage.WithInvoices(azurite, 25);
        var run = await stage.StartAsync();
        stage.IsConnected = false;

        var result = await stage.CarryAsync(run, "invoices");
        var end = await stage.Get<FinishRun>().ExecuteAsync(stage.Client, run, [result], null, null, SyncStage.Stop);

        result.State.ShouldBe(SliceState.ConnectionLost);
        end.Outcome.ShouldBe(RunOutcome.Ended);
        var record = (await stage.Runs.FindAsync(stage.Client, run, SyncStage.Stop))!;
        record.Error!.Code.ShouldBe("connection-ended");
        record.Error.Title.ShouldContain("Scripted");
        record.Error.ReconnectMends.ShouldBeFalse();
        OpenRun.StateOf(record).ShouldBeNull();
        (await stage.Get<DueClients>().FindAsync(stage.Client, SyncStage.Stop)).ShouldBeNull();
    }

    [Theory]
    [InlineData(SlicePlace.Claimed)]
    [InlineData(SlicePlace.PageRead)]
    [InlineData(SlicePlace.PageWritten)]
    internal async Task Promise_3_a_writer_frozen_and_woken_after_its_successor_writes_nothing(SlicePlace place)
    {
        var stage = SyncStage.WithInvoices(azurite, 40);
        var old = await stage.StartAsync();
        var frozen = new TaskCompletionSource();
        var wake = new TaskCompletionSource();
        var visits = 0;
        var zombie = stage.NewSlice(async at =>
        {
            if (at == place && ++visits == (place == SlicePlace.Claimed ? 1 : 2))
            {
                frozen.SetResult();
                await wake.Task;
            }
        }).ExecuteAsync(new SliceRequest(stage.Client, old, "invoices"), SyncStage.Stop);
        await frozen.Task.WaitAsync(TimeSpan.FromMinutes(2), SyncStage.Stop);
        await stage.Get<FinishRun>().ExecuteAsync(stage.Client, old, [], new ProviderFault(FaultKind.OurStorage, "gone"), null, SyncStage.Stop);
        foreach (var id in stage.Provider.Ids("invoices"))
            stage.Provider.Put("invoices", id, """{"v":"new"}""");
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        var before = await RowsAsync(stage);

        wake.SetResult();
        (await zombie).ShouldBeOfType<SliceOutcome.Superseded>();

        (await RowsAsync(stage)).ShouldBe(before);
    }

    [Fact]
    public async Task A_dataset_that_the_consent_does_not_cover_is_not_available_and_the_rest_goes_on()
    {
        var stage = SyncStage.WithInvoices(azurite, 3);
        stage.Provider.With("assets", dataset => dataset with { IsIncremental = false });
        stage.Provider.Before = call => call.Dataset == "assets" ? new PageOutcome.Failed(new ProviderFault(FaultKind.ScopeMissing, "403")) { Cost = new CallCost(1, 0) } : null;

        var run = await stage.SyncAsync();

        run.Outcome.ShouldBe(RunOutcome.SucceededWithGaps);
        run.Receipt!.Datasets.Single(part => part.Dataset == "assets").Unavailable.ShouldBe("scope-missing");
        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task A_lost_connection_ends_the_run_in_its_own_words_and_takes_the_client_off_the_schedule()
    {
        var stage = SyncStage.WithInvoices(azurite, 3);
        stage.Provider.Before = _ => new PageOutcome.ConnectionLost(new ProviderFault(FaultKind.GrantInvalid, "invalid_grant"));

        var run = await stage.SyncAsync();

        (run.Outcome, run.Error!.Code, run.Error.ReconnectMends).ShouldBe((RunOutcome.ConnectionLost, "reconnect-needed", true));
        stage.Lost.Count.ShouldBe(1);
        (await stage.Get<DueClients>().FindAsync(stage.Client, SyncStage.Stop)).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_is_connected_again_while_its_lost_run_still_ends_is_synced_by_the_new_access(bool isPressed)
    {
        var stage = SyncStage.WithInvoices(azurite, 3);
        var run = await stage.StartAsync();
        stage.Provider.Before = _ => new PageOutcome.ConnectionLost(new ProviderFault(FaultKind.GrantInvalid, "invalid_grant"));
        var lost = await stage.CarryAsync(run, "invoices");
        stage.Provider.Before = null;

        // Another dataset's slice is still at work, and so the run; somebody reconnects meanwhile.
        stage.IsConnected = true;
        if (isPressed)
            (await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Connected, SyncStage.Stop)).State.ShouldBe(TicketState.Joined);
        var finished = await stage.Get<FinishRun>().ExecuteAsync(stage.Client, run, [lost], null, null, SyncStage.Stop);

        if (isPressed)
        {
            finished.State.ShouldBe(FinishState.OneMorePass);
            (await stage.CarryOnAsync(run)).Outcome.ShouldBe(RunOutcome.Succeeded);
            await stage.ShouldEqualTheProviderAsync("invoices");
        }
        else
        {
            finished.ShouldBe(new FinishResult(FinishState.Finished, RunOutcome.ConnectionLost));
            (await stage.Get<DueClients>().FindAsync(stage.Client, SyncStage.Stop)).ShouldBe(stage.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task A_scheduled_run_that_has_not_begun_becomes_the_persons_who_presses_sync()
    {
        var stage = SyncStage.WithInvoices(azurite, 3);
        var claimed = await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Scheduled, SyncStage.Stop);

        var pressed = await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Person, SyncStage.Stop);
        var scheduled = await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Scheduled, SyncStage.Stop);

        new[] { pressed, scheduled }.ShouldAllBe(ticket => ticket.MustStart && !ticket.IsNew && ticket.RunId == claimed.RunId);
        var run = (await stage.Runs.FindAsync(stage.Client, claimed.RunId!.Value, SyncStage.Stop))!;
        (run.Trigger, run.Priority).ShouldBe((RunTrigger.Person, CallPriority.Person));
    }

    private static async Task<Dictionary<string, ChangeKind>> FeedAsync(SyncStage stage)
    {
        var changes = new Dictionary<string, ChangeKind>();
        for (long sequence = 0; ;)
        {
            var page = await stage.Ledger.ChangedSinceAsync(stage.Client, "invoices", sequence, SyncStage.Stop);
            foreach (var change in page.Changes)
                changes[change.Id] = change.Kind;
            sequence = page.Sequence;
            if (!page.HasMore)
                return changes;
        }
    }

    private static async Task<List<string>> RowsAsync(SyncStage stage)
    {
        var rows = new List<string>();
        foreach (var table in (string[])["ledger", "syncstate"])
        {
            await foreach (var row in (await stage.Get<DataHealth.Core.Storage.AppStorage>().TableAsync(table, SyncStage.Stop)).QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: SyncStage.Stop))
                rows.Add($"{row.PartitionKey} {row.RowKey} {row.ETag}");
        }
        return rows;
    }
}
