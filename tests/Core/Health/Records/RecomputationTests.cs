using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Health;
using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;
using static DataHealth.Core.Tests.Health.SmallBooks;

namespace DataHealth.Core.Tests.Health.Records;

/// <summary>Past month-ends judged by the rules of today: beside what was recorded, each once, never a part of one.</summary>
public sealed class RecomputationTests(AzuriteFixture azurite)
{
    private static readonly DateOnly[] Months = [new(2026, 1, 31), new(2026, 2, 28), new(2026, 3, 31)];

    [Fact]
    public async Task Each_month_end_gets_the_score_that_the_books_of_today_have_for_it_beside_what_was_recorded()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var recorded = await RowsAsync(stage, HealthKeys.Points);
        // What the month was recorded by has been put right since, and the rules have other settings.
        stage.Records = [.. HealthStage.Written().Where(record => record.Id != "A2")];
        stage.World.Clock.Advance(TimeSpan.FromHours(1));

        await stage.AskForHistoryAsync(Months);
        await stage.FinishHistoryAsync();

        (await RowsAsync(stage, HealthKeys.Points)).ShouldBe(recorded, "what was recorded never changes");
        var points = await stage.RecomputedAsync();
        points.Select(point => point.Point.ReportingDate).ShouldBe(Months);
        foreach (var point in points)
        {
            var day = point.Point.ReportingDate;
            var truth = await new HealthEngine().RunAsync(new ListedBook(stage.Records) { Organisation = stage.Organisation }, new HealthRequest { Period = Period.MonthOf(day), ReportingDate = day, Memory = await MemoryAsync(stage) }, Running.Cancellation);
            point.Point.Exact.ShouldBe(truth.Score(ScoreRecipe.Default, _ => true)?.Exact);
            (point.Point.RulesVersion, point.By, point.ByName, point.Point.At).ShouldBe((HealthEngine.RulesVersion, stage.World.Ann.Member, stage.World.Ann.Name, stage.World.Clock.GetUtcNow()));
            point.BooksAsOf.ShouldBe(new DateTimeOffset(2026, 4, 6, 0, 0, 0, TimeSpan.Zero), "up to when the copy was complete");
        }
        var asked = (await stage.Process.Get<RecomputationStore>().FindAsync(stage.Client, Running.Cancellation))!;
        (asked.Done, asked.EndedAt, asked.HasFailed).ShouldBe((3, stage.World.Clock.GetUtcNow(), false));
        var entry = await stage.Process.Get<AuditTrail>().ReadAsync(stage.World.Ann.Practice, stage.Client, Running.Cancellation).FirstAsync(Running.Cancellation);
        (entry.Action, entry.After).ShouldBe((AuditAction.HistoryRecomputed, "2026-01, 2026-02, 2026-03"));
    }

    [Fact]
    public async Task The_series_shows_both_told_apart_and_the_reasons_of_a_change_know_only_what_was_recorded()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        stage.Records = [.. HealthStage.Written().Where(record => record.Id != "A2")];
        stage.World.Clock.Advance(TimeSpan.FromDays(10));
        await stage.RecalculateAsync();
        var (attribute, history) = (stage.Process.Get<AttributeChange>(), stage.Process.Get<ReadScoreHistory>());
        var before = await attribute.ExecuteAsync(stage.Client, stage.World.Ann.Practice, null, null, Running.Cancellation);
        var recorded = await SeriesAsync(SeriesUnit.Month);

        // The month of the second recalculation has both.
        await stage.AskForHistoryAsync([new(2026, 3, 31), new(2026, 11, 30)]);
        await stage.FinishHistoryAsync();

        (await attribute.ExecuteAsync(stage.Client, stage.World.Ann.Practice, null, null, Running.Cancellation)).ShouldBeOfType<AttributionOutcome.Done>().Parts.ShouldBe(before.ShouldBeOfType<AttributionOutcome.Done>().Parts);
        recorded.ShouldBe(["2026-11-01 recorded", "2026-12-01 recorded"]);
        (await SeriesAsync(SeriesUnit.Month)).ShouldBe(["2026-04-01 recomputed 2026-03-31", "2026-11-01 recorded", "2026-12-01 recorded", "2026-12-01 recomputed 2026-11-30"]);
        (await SeriesAsync(SeriesUnit.Week)).ShouldContain("2026-11-30 recomputed 2026-11-30");
        (await stage.Process.Get<DataHealth.Core.Health.PracticeLevel.ReadPracticeHealth>().ExecuteAsync(stage.World.Ann, 1, null, Running.Cancellation))
            .Clients.Single().Row!.Sparkline.Count.ShouldBe(2, "nor does the practice's page");

        async Task<List<string>> SeriesAsync(SeriesUnit unit) =>
        [
            .. (await history.ExecuteAsync(stage.Client, unit, new(2026, 1, 1), new(2027, 12, 31), Running.Cancellation))
                .Select(one => $"{one.Start:yyyy-MM-dd} {(one.Recomputed is null ? "recorded" : $"recomputed {one.Point.ReportingDate:yyyy-MM-dd}")}"),
        ];
    }

    [Theory]
    [InlineData(RecomputationPlace.Begun)]
    [InlineData(RecomputationPlace.Judged)]
    [InlineData(RecomputationPlace.Written)]
    internal async Task Killed_anywhere_it_goes_on_with_the_first_month_that_has_no_point_and_writes_none_twice(RecomputationPlace place)
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        await stage.AskForHistoryAsync(Months);
        var recompute = stage.Process.Get<RecomputeHistory>();
        var passes = 0;
        recompute.Reached = at =>
        {
            passes += at == RecomputationPlace.Begun ? 1 : 0;
            return at == place && passes == 2 ? throw new CrashException() : Task.CompletedTask;
        };

        (await recompute.NextAsync(stage.Client, Running.Cancellation)).ShouldBe(RecomputationStep.More);
        await Should.ThrowAsync<CrashException>(() => recompute.NextAsync(stage.Client, Running.Cancellation));
        var versions = (await stage.RecomputedAsync()).ConvertAll(point => point.Point.Version);
        versions.Count.ShouldBe(place == RecomputationPlace.Written ? 2 : 1, "whole or not there");
        // Another process takes over.
        await stage.FinishHistoryAsync(stage.NewProcess());

        var points = await stage.RecomputedAsync();
        points.Select(point => point.Point.ReportingDate).ShouldBe(Months);
        points.Take(versions.Count).Select(point => point.Point.Version).ShouldBe(versions, "a point that is there is not written again");
    }

    [Fact]
    public async Task Of_two_copies_of_a_step_at_once_one_writes_the_point()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        await stage.AskForHistoryAsync(Months[..2]);
        var recompute = stage.Process.Get<RecomputeHistory>();
        RecomputationStep? other = null;
        recompute.Reached = async at =>
        {
            if (at == RecomputationPlace.Judged && other is null)
                other = await stage.NewProcess().Get<RecomputeHistory>().NextAsync(stage.Client, Running.Cancellation);
        };

        (await recompute.NextAsync(stage.Client, Running.Cancellation)).ShouldBe(RecomputationStep.More);
        var first = (await stage.RecomputedAsync()).ShouldHaveSingleItem();
        await stage.FinishHistoryAsync();

        other.ShouldBe(RecomputationStep.More);
        (await stage.RecomputedAsync()).Select(point => point.Point.Version).First().ShouldBe(first.Point.Version);
        (await stage.RecomputedAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Beside_a_recalculation_nothing_is_written_and_the_month_is_judged_again_after_it()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        await stage.AskForHistoryAsync(Months[..1]);
        var recompute = stage.Process.Get<RecomputeHistory>();
        var other = stage.NewProcess();
        var recalculated = false;
        recompute.Reached = async at =>
        {
            if (at != RecomputationPlace.Begun || recalculated)
                return;
            recalculated = true;
            (await stage.RecalculateAsync(other)).ShouldBeOfType<RecalculateOutcome.Done>("it is not held up");
        };

        (await recompute.NextAsync(stage.Client, Running.Cancellation)).ShouldBe(RecomputationStep.Wait);
        (await stage.RecomputedAsync()).ShouldBeEmpty();
        (await recompute.NextAsync(stage.Client, Running.Cancellation)).ShouldBe(RecomputationStep.Over);

        (await stage.RecomputedAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task While_a_sync_is_at_work_no_month_is_judged_and_one_beside_which_it_began_is_judged_again()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        await stage.AskForHistoryAsync(Months[..1]);
        var (recompute, rows, passes) = (stage.Process.Get<RecomputeHistory>(), new RunRows(stage.Process.Get<AppStorage>(), stage.World.Clock), 0);
        var run = new RunRecord { ClientId = stage.Client, RunId = RunId.New(stage.World.Clock), Practice = stage.World.Ann.Practice, Provider = "xero", Fence = 1, RequestedAt = stage.World.Clock.GetUtcNow() };
        recompute.Reached = async at =>
        {
            if (at == RecomputationPlace.Begun && ++passes == 1)
                (await rows.SaveAsync(run, null, Running.Cancellation)).ShouldBeTrue();
        };

        (await recompute.NextAsync(stage.Client, Running.Cancellation)).ShouldBe(RecomputationStep.Wait, "it began while the month was judged");
        (await recompute.NextAsync(stage.Client, Running.Cancellation)).ShouldBe(RecomputationStep.Wait);
        (passes, (await stage.RecomputedAsync()).Count).ShouldBe((1, 0));
        await rows.CloseAsync(stage.Client, Running.Cancellation);
        (await recompute.NextAsync(stage.Client, Running.Cancellation)).ShouldBe(RecomputationStep.Over);

        (await stage.RecomputedAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(LimitKind.Minute, RecomputationStep.Wait)]
    [InlineData(LimitKind.Day, RecomputationStep.Over)]
    public async Task While_a_sync_waits_for_a_limit_of_minutes_no_month_is_judged_and_for_one_of_a_day_nobody_waits(LimitKind limit, RecomputationStep expected)
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        await stage.AskForHistoryAsync(Months[..1]);
        var now = stage.World.Clock.GetUtcNow();
        var run = new RunRecord
        {
            ClientId = stage.Client,
            RunId = RunId.New(stage.World.Clock),
            Practice = stage.World.Ann.Practice,
            Provider = "xero",
            Fence = 1,
            RequestedAt = now,
            State = RunState.Paused,
            Pause = new RunPause(now, now.AddMinutes(1), limit, false),
        };
        (await new RunRows(stage.Process.Get<AppStorage>(), stage.World.Clock).SaveAsync(run, null, Running.Cancellation)).ShouldBeTrue();

        (await stage.Process.Get<RecomputeHistory>().NextAsync(stage.Client, Running.Cancellation)).ShouldBe(expected);

        (await stage.RecomputedAsync()).Count.ShouldBe(expected is RecomputationStep.Over ? 1 : 0);
    }

    [Fact]
    public async Task A_dismissal_while_a_month_is_judged_counts_in_its_point()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        await stage.AskForHistoryAsync([Day]);
        var findings = (await stage.ReadAsync()).Health.Findings.Select(kept => kept.Finding.Id).ToArray();
        var recompute = stage.Process.Get<RecomputeHistory>();
        recompute.Reached = at => at == RecomputationPlace.Judged ? stage.DismissAsync(findings) : Task.CompletedTask;

        await recompute.NextAsync(stage.Client, Running.Cancellation);

        (await stage.RecomputedAsync()).ShouldHaveSingleItem().Point.Exact.ShouldBe(await stage.ScoreAsync());
    }

    [Fact]
    public async Task A_press_noted_again_outlives_what_was_begun_before_it()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        var wishes = stage.Process.Get<HealthWishes>();
        await wishes.AskAsync(stage.Client, HealthWishKind.Recalculation, Running.Cancellation);
        var begun = (await wishes.FindAsync(stage.Client, HealthWishKind.Recalculation, Running.Cancellation))!;
        await wishes.AskAsync(stage.Client, HealthWishKind.Recalculation, Running.Cancellation);

        (await wishes.FulfilAsync(begun, Running.Cancellation)).ShouldBeFalse();
        // Nor is it dropped with one that was tried often enough.
        (await wishes.TryAgainAsync(begun with { Tries = 5 }, Running.Cancellation)).ShouldBeTrue();
        var open = (await wishes.FindAsync(stage.Client, HealthWishKind.Recalculation, Running.Cancellation)).ShouldNotBeNull();
        await wishes.FulfilAsync(open, Running.Cancellation);

        (await wishes.FindAsync(stage.Client, HealthWishKind.Recalculation, Running.Cancellation)).ShouldBeNull();
        await wishes.FulfilAsync(open, Running.Cancellation);
    }

    [Fact]
    public async Task A_press_is_made_up_for_so_often_and_no_more()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        var wishes = stage.Process.Get<HealthWishes>();
        await wishes.AskAsync(stage.Client, HealthWishKind.Recalculation, Running.Cancellation);
        var tries = 0;
        while ((await wishes.AllAsync(Running.Cancellation)).SingleOrDefault() is { } wish && await wishes.TryAgainAsync(wish, Running.Cancellation))
            tries++;

        tries.ShouldBe(5);
        (await wishes.AllAsync(Running.Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Promise_6_recomputed_history_is_exported_and_erased_with_its_client_and_nothing_comes_back()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        await stage.AskForHistoryAsync(Months);
        var recompute = stage.Process.Get<RecomputeHistory>();
        await recompute.NextAsync(stage.Client, Running.Cancellation);
        var scope = new ClientScope(stage.Client, stage.World.Ann.Practice);
        var traces = stage.Process.Get<IEnumerable<IClientTrace>>().Where(trace => trace.Name is "health" or "health-wishes").ToList();
        var exported = await traces.Single(trace => trace.Name == "health").ExportAsync(scope, Running.Cancellation).Select(line => System.Text.Encoding.UTF8.GetString(line.Span)).ToListAsync(Running.Cancellation);
        exported.Count(line => line.Contains("\"kind\":\"recomputed-point\"", StringComparison.Ordinal)).ShouldBe(1);
        exported.Count(line => line.Contains("\"kind\":\"recomputation\"", StringComparison.Ordinal)).ShouldBe(1);
        var words = ExportWords.Files.Single(file => file.Name == "health").Words;
        foreach (var line in exported)
            words.ShouldContain($"\"{System.Text.Json.JsonElement.Parse(line).GetProperty("kind").GetString()}\"", customMessage: "the export's first page says what each kind is");
        recompute.Reached = async at =>
        {
            if (at != RecomputationPlace.Judged)
                return;
            await stage.MarkForDeletionAsync();
            foreach (var trace in traces)
            {
                while (!await trace.EraseAsync(scope, 1000, Running.Cancellation))
                {
                }
            }
        };

        await recompute.NextAsync(stage.Client, Running.Cancellation);
        (await recompute.NextAsync(stage.Client, Running.Cancellation)).ShouldBe(RecomputationStep.Over);
        await stage.Process.Get<HealthWishes>().AskAsync(stage.Client, HealthWishKind.History, Running.Cancellation);

        foreach (var trace in traces)
            (await trace.CountAsync(scope, Running.Cancellation)).ShouldBe(0, trace.Name);
    }

    private static Task<IReadOnlyDictionary<string, string>> MemoryAsync(HealthStage stage) => stage.Process.Get<HealthStore>().MemoryOfAsync(stage.Client, stage.Organisation, Running.Cancellation);

    private static async Task<List<string>> RowsAsync(HealthStage stage, string prefix) =>
        await (await stage.Process.Get<AppStorage>().TableAsync(HealthKeys.Table, Running.Cancellation)).QueryAsync<TableEntity>(HealthKeys.Range(stage.Client, prefix))
            .Select(row => $"{row.RowKey} {row.ETag} {row.GetString("Body")}").ToListAsync(Running.Cancellation);
}
