using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices;
using DataHealth.Core.Retention;
using DataHealth.Core.Storage;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Tests.Retention;

public sealed class ForgetThePastTests(AzuriteFixture azurite)
{
    private static readonly RetentionOptions Kept = new() { Runs = TimeSpan.FromDays(400), RunEvents = TimeSpan.FromDays(90), Audit = TimeSpan.FromDays(365) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_and_timelines_go_when_they_are_older_than_they_are_kept_and_the_latest_run_stays()
    {
        var stage = await StageAsync();
        var old = await SyncAsync(stage);
        stage.Clock.Advance(TimeSpan.FromDays(350));
        var middle = await SyncAsync(stage);
        stage.Clock.Advance(TimeSpan.FromDays(49));
        var forget = Forget(stage);

        (await forget.ExecuteAsync(Stop)).Runs.ShouldBe(0, "a day before its time nothing goes");
        (await EventsAsync(stage, old)).ShouldBe(0);
        (await EventsAsync(stage, middle)).ShouldBeGreaterThan(0);
        stage.Clock.Advance(TimeSpan.FromDays(2));
        (await forget.ExecuteAsync(Stop)).ShouldBe(new ForgottenSlice(1, 0, 0, true));
        (await stage.Runs.FindAsync(stage.Client, old, Stop)).ShouldBeNull();
        (await stage.Runs.FindAsync(stage.Client, middle, Stop)).ShouldNotBeNull();

        stage.Clock.Advance(TimeSpan.FromDays(2000));
        var last = await forget.ExecuteAsync(Stop);

        last.Runs.ShouldBe(0);
        last.Events.ShouldBeGreaterThan(0);
        (await stage.Runs.FindAsync(stage.Client, middle, Stop)).ShouldNotBeNull("the latest run stays, however old it is");
        (await stage.Runs.HistoryAsync(stage.Client, null, 10, Stop)).Runs.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_round_goes_over_all_clients_in_slices_and_the_next_one_begins_a_day_later()
    {
        var stage = await StageAsync();
        var run = await SyncAsync(stage);
        await SyncAsync(stage);
        // Many clients with nothing to forget come before the one that has.
        var index = await stage.Get<AppStorage>().TableAsync(ClientStore.IndexTable, Stop);
        await Parallel.ForEachAsync(Enumerable.Range(0, 500), Stop, async (number, token) => await index.AddEntityAsync(new TableEntity($"00{number:D30}", "practice"), token));
        stage.Clock.Advance(TimeSpan.FromDays(500));
        var forget = Forget(stage);

        var first = await forget.ExecuteAsync(Stop);
        var second = await forget.ExecuteAsync(Stop);
        var third = await forget.ExecuteAsync(Stop);

        (first.Runs, first.BeganRound).ShouldBe((0, true));
        (second.Runs, second.BeganRound).ShouldBe((1, false));
        third.ShouldBe(new ForgottenSlice(0, 0, 0, false), "the round is over");
        (await stage.Runs.FindAsync(stage.Client, run, Stop)).ShouldBeNull();
        stage.Clock.Advance(TimeSpan.FromDays(1));
        (await forget.ExecuteAsync(Stop)).BeganRound.ShouldBeTrue();
    }

    [Fact]
    public async Task The_audit_of_every_practice_goes_by_age_with_both_of_an_entrys_rows()
    {
        var stage = await StageAsync();
        var audit = new AuditTrail(stage.Get<AppStorage>(), stage.Clock);
        var (ann, bob) = (Person("north"), Person("south"));
        await audit.RecordAsync(ann, AuditAction.ClientAdded, stage.Client, after: "old");
        await audit.RecordAsync(bob, AuditAction.ClientAdded, stage.Client, after: "old");
        stage.Clock.Advance(TimeSpan.FromDays(200));
        await audit.RecordAsync(ann, AuditAction.ClientAdded, stage.Client, after: "new");
        stage.Clock.Advance(TimeSpan.FromDays(200));

        // Each entry has a row in the practice's order and one in its client's.
        (await Forget(stage).ExecuteAsync(Stop)).Audit.ShouldBe(4);

        var rows = new List<string>();
        await foreach (var row in (await stage.Get<AppStorage>().TableAsync(AuditTrail.Table, Stop)).QueryAsync<TableEntity>(cancellationToken: Stop))
            rows.Add(row.PartitionKey);
        rows.ShouldBe(["north", "north"]);
    }

    [Theory]
    [InlineData(nameof(RetentionOptions.Runs))]
    [InlineData(nameof(RetentionOptions.RunEvents))]
    [InlineData(nameof(RetentionOptions.Audit))]
    [InlineData(nameof(RetentionOptions.Histories))]
    public void Less_than_a_week_is_refused_by_name(string setting)
    {
        var options = new RetentionOptions();
        typeof(RetentionOptions).GetProperty(setting)!.SetValue(options, TimeSpan.FromDays(6));

        new RetentionRule().Validate(null, options).FailureMessage.ShouldNotBeNull().ShouldContain($"Retention:{setting}");
        new RetentionRule().Validate(null, new RetentionOptions()).Succeeded.ShouldBeTrue();
    }

    private static Actor Person(string practice) => new(new PracticeId(practice), new MemberId("ann"), "Ann", Role.PracticeAdmin, Permissions.All, ClientAccess.All, "test");

    private static ForgetThePast Forget(SyncStage stage) => new(stage.Get<AppStorage>(), Options.Create(Kept), stage.Clock);

    private static async Task<RunId> SyncAsync(SyncStage stage) => (await stage.SyncAsync()).RunId;

    private static async Task<int> EventsAsync(SyncStage stage, RunId run) => (await stage.Runs.EventsAsync(stage.Client, run, Stop)).Count;

    private async Task<SyncStage> StageAsync()
    {
        var stage = new SyncStage(azurite);
        stage.Provider.With("invoices");
        stage.Provider.Put("invoices", "one", """{"v":1}""");
        var index = await stage.Get<AppStorage>().TableAsync(ClientStore.IndexTable, Stop);
        await index.AddEntityAsync(new TableEntity(stage.Client.Value, "practice"), Stop);
        return stage;
    }
}
