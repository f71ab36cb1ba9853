using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Operations;
using DataHealth.Core.Practices;
using DataHealth.Core.Retention;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
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
        (await forget.ExecuteAsync(Stop)).ShouldBe(new ForgottenSlice(1, 0, 0, 0));
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

        first.Runs.ShouldBe(0);
        second.Runs.ShouldBe(1);
        third.ShouldBe(new ForgottenSlice(0, 0, 0, 0), "the round is over");
        (await stage.Runs.FindAsync(stage.Client, run, Stop)).ShouldBeNull();
        await SyncAsync(stage);
        (await forget.ExecuteAsync(Stop)).ShouldBe(third);
        stage.Clock.Advance(TimeSpan.FromDays(91));
        ((await forget.ExecuteAsync(Stop)).Events + (await forget.ExecuteAsync(Stop)).Events).ShouldBeGreaterThan(0, "the next round finds what has become old");
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

    [Fact]
    public async Task A_long_audit_goes_in_slices_a_tick_each_until_every_practice_s_is_gone()
    {
        var stage = await StageAsync();
        var table = await stage.Get<AppStorage>().TableAsync(AuditTrail.Table, Stop);
        string[] practices = ["north", "south"];
        // Of one practice more than a slice takes.
        await Parallel.ForEachAsync(practices.SelectMany(practice => Enumerable.Range(0, practice == "north" ? 5_300 : 100).Chunk(100).Select(numbers => (practice, numbers))), Stop, async (part, token) =>
            await table.SubmitTransactionAsync(
                part.numbers.Select(number => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(part.practice, $"{AuditTrail.KeyBefore(stage.Clock.GetUtcNow())}{number:D12}"))), token));
        stage.Clock.Advance(TimeSpan.FromDays(400));
        var forget = Forget(stage);

        var slices = new[] { (await forget.ExecuteAsync(Stop)).Audit, (await forget.ExecuteAsync(Stop)).Audit, (await forget.ExecuteAsync(Stop)).Audit };

        slices[0].ShouldBeInRange(5_000, 5_299);
        (slices[0] + slices[1]).ShouldBe(5_400, "the next tick goes on in the same practice and then with the next");
        slices[2].ShouldBe(0);
    }

    [Fact]
    public async Task Batches_of_replays_go_with_the_runs_that_they_tell_of()
    {
        var stage = await StageAsync();
        var batches = stage.Get<ReplayBatches>();
        await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Person, Stop);
        stage.Provider.Before = _ => new Core.Providers.PageOutcome.Failed(new Core.Providers.ProviderFault(Core.Providers.FaultKind.RequestRefused, "no"));
        await SyncAsync(stage);
        var wanted = new ReplayBatch { Id = "", Filter = new OpenRunFilter { Code = "request-refused" }, PerMinute = 60, Reason = "old" };
        var (old, _) = await batches.BeginAsync(wanted, Stop);
        old.Total.ShouldBe(1);
        await batches.FinishAsync(old.Id, Stop);
        stage.Clock.Advance(TimeSpan.FromDays(399));
        var (young, _) = await batches.BeginAsync(wanted with { Filter = new OpenRunFilter { Provider = "scripted" } }, Stop);
        stage.Clock.Advance(TimeSpan.FromDays(2));

        (await Forget(stage).ExecuteAsync(Stop)).Replays.ShouldBe(3, "the batch, its one run, and what found it by its filter");

        (await batches.FindAsync(old.Id, Stop)).ShouldBeNull();
        (await batches.FindAsync(young.Id, Stop)).ShouldNotBeNull();
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

    private static ForgetThePast Forget(SyncStage stage) => new(stage.Get<AppStorage>(), new RetentionCursors(stage.Get<AppStorage>(), stage.Clock), Options.Create(Kept), stage.Clock);

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
