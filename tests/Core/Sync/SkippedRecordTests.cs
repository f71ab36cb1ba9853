using DataHealth.Core.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Sync;

/// <summary>One record that cannot be read holds back no other, once our support says so.</summary>
public sealed class SkippedRecordTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_record_that_cannot_be_read_fails_the_run_by_its_name_and_writes_nothing_of_its_page()
    {
        var stage = SyncStage.WithInvoices(azurite, 25);
        Poison(stage, "0012");

        var run = await stage.SyncAsync();

        run.Outcome.ShouldBe(RunOutcome.Failed);
        (run.Error!.Code, run.Error.Dataset, run.Error.RecordId, run.Error.CorrelationId).ShouldBe(("bad-answer", "invoices", "0012", "corr"));
        run.Error.Technical.ShouldBe("invoices, record 0012: A status is not a text.");
        (await stage.CopyAsync("invoices")).Count.ShouldBe(10, "the page before it");
    }

    [Fact]
    public async Task Promise_1_a_skipped_record_is_left_out_listed_in_every_receipt_and_copied_once_it_comes_readable_whatever_crashes()
    {
        var stage = SyncStage.WithInvoices(azurite, 25);
        Poison(stage, "0012");
        await stage.SyncAsync();

        (await stage.Get<SkippedRecords>().SkipAsync(stage.Client, "invoices", "0012", "its status is a number", SyncStage.Stop)).ShouldBeTrue();
        var rest = await stage.SyncAsync(reached: new Crashes().At);

        rest.Outcome.ShouldBe(RunOutcome.Succeeded, $"{rest.Error}");
        rest.Receipt!.SkippedRecords.ShouldHaveSingleItem().ShouldSatisfyAllConditions(one => one.Id.ShouldBe("0012"), one => one.Reason.ShouldBe("its status is a number"));
        rest.Receipt.Datasets.Single(one => one.Dataset == "invoices").Skipped.ShouldBeGreaterThan(0);
        (await stage.CopyAsync("invoices")).Keys.ShouldBe(stage.Provider.Truth("invoices").Select(item => item.Key).Where(id => id != "0012"), ignoreOrder: true);

        stage.Clock.Advance(TimeSpan.FromHours(1));
        (await stage.SyncAsync()).Receipt!.SkippedRecords.Count.ShouldBe(1, "also where the pass does not bring it");

        stage.Clock.Advance(TimeSpan.FromHours(1));
        stage.Provider.Rewrite = null;
        stage.Provider.Put("invoices", "0012", """{"v":2}""");
        var mended = await stage.SyncAsync(reached: new Crashes().At);
        mended.Receipt!.SkippedRecords.ShouldBeEmpty();
        (await stage.Runs.EventsAsync(stage.Client, mended.RunId, SyncStage.Stop)).ShouldContain(line => line.Kind == "record-mended" && line.Text.Contains("0012"));
        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task A_held_record_that_becomes_unreadable_keeps_its_last_good_version_and_is_not_taken_for_deleted()
    {
        var stage = SyncStage.WithInvoices(azurite, 25);
        await stage.SyncAsync();
        await stage.Get<SkippedRecords>().SkipAsync(stage.Client, "invoices", "0007", "damaged there", SyncStage.Stop);
        stage.Clock.Advance(TimeSpan.FromDays(8));
        stage.Provider.Put("invoices", "0007", """{"v":9}""");
        Poison(stage, "0007");

        var full = await ReplayFromStartAsync(stage);

        full.Outcome.ShouldBe(RunOutcome.Succeeded, $"{full.Error}");
        var copy = await stage.CopyAsync("invoices");
        copy.Count.ShouldBe(25);
        copy["0007"].IsDeleted.ShouldBeFalse();
        System.Text.Encoding.UTF8.GetString(copy["0007"].Json.Span).ShouldBe("""{"v":1,"n":7}""");
        full.Receipt!.SkippedRecords.Count.ShouldBe(1);

        stage.Provider.Remove("invoices", "0007");
        stage.Clock.Advance(TimeSpan.FromHours(1));
        var gone = await ReplayFromStartAsync(stage);
        gone.Receipt!.SkippedRecords.ShouldBeEmpty("what is gone at the provider is no longer listed");
        (await stage.CopyAsync("invoices"))["0007"].IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task There_is_an_end_to_what_can_be_left_out_and_the_first_reason_stays()
    {
        var stage = SyncStage.WithInvoices(azurite, 1);
        var skipped = stage.Get<SkippedRecords>();
        for (var n = 0; n < SkippedRecords.Most; n++)
            (await skipped.SkipAsync(stage.Client, "invoices", $"a/b#{n}", "first", SyncStage.Stop)).ShouldBeTrue();

        (await skipped.SkipAsync(stage.Client, "invoices", "one more", "first", SyncStage.Stop)).ShouldBeFalse();
        (await skipped.SkipAsync(stage.Client, "invoices", "a/b#7", "second", SyncStage.Stop)).ShouldBeTrue();

        (await skipped.AllAsync(stage.Client, SyncStage.Stop)).Single(record => record.Id == "a/b#7").Reason.ShouldBe("first");
        (await skipped.ReadAgainAsync(stage.Client, "invoices", "a/b#7", SyncStage.Stop)).ShouldBeTrue();
        (await skipped.ReadAgainAsync(stage.Client, "invoices", "a/b#7", SyncStage.Stop)).ShouldBeFalse();
    }

    private static async Task<RunRecord> ReplayFromStartAsync(SyncStage stage)
    {
        var last = (await stage.Runs.CurrentAsync(stage.Client, SyncStage.Stop))!;
        var ticket = await stage.Get<ReplayRun>().ExecuteAsync(stage.Client, last.RunId, ReplayFrom.Start, SyncStage.Stop);
        return await stage.CarryOnAsync(ticket.RunId!.Value);
    }

    private static void Poison(SyncStage stage, string id) =>
        stage.Provider.Rewrite = record => record.Id == id ? record with { Unreadable = "A status is not a text." } : record;

    /// <summary>The process dies once at every place.</summary>
    private sealed class Crashes
    {
        private readonly HashSet<SlicePlace> _done = [];

        public Task At(SlicePlace place) => _done.Add(place) ? throw new CrashException() : Task.CompletedTask;
    }
}
