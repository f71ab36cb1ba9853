using CsCheck;
using DataHealth.Core.Audit;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Findings;
using DataHealth.Core.Health.History;
using DataHealth.Core.Health.PracticeLevel;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Tests.Clients.Overview;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;
using static DataHealth.Core.Tests.Health.SmallBooks;

namespace DataHealth.Core.Tests.Health.Records;

/// <summary>Findings over time, dismissals, settings, history and the practice's row.</summary>
public sealed class FindingTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_dismissed_finding_counts_no_more_until_its_records_change()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var before = await stage.ScoreAsync();
        var pair = (await stage.ReadAsync()).Health.Findings.First(kept => kept.Finding.Check == "duplicate-contacts" && kept.Finding.Text.Contains("Alder", StringComparison.Ordinal)).Finding;

        var dismissed = await stage.DismissAsync(pair.Id, "no-such-finding");
        (await stage.DismissAsync(pair.Id)).Changed.ShouldBe(0, "it is dismissed already");
        (dismissed.Changed, dismissed.Unknown).ShouldBe((1, 1));
        await stage.RecalculateAsync();
        var after = await stage.ScoreAsync();
        var listed = (await stage.Process.Get<ListFindings>().FindAsync(stage.Client, await stage.ReadAsync(), pair.Id, Running.Cancellation))!;

        after.ShouldBeGreaterThan(before);
        dismissed.Score!.Exact.ShouldBe(after, "a dismissal counts at once");
        (listed.State, listed.Dismissal!.ByName, listed.Dismissal.Reason).ShouldBe((FindingState.Dismissed, "Ann", "As it should be."));

        stage.Records = [.. HealthStage.Written().Select(record => record is LedgerContact { Id: "A2" } contact ? contact with { Email = "new@alder.example" } : record)];
        await stage.RecalculateAsync();
        var reopened = (await stage.Process.Get<ListFindings>().FindAsync(stage.Client, await stage.ReadAsync(), pair.Id, Running.Cancellation))!;
        (reopened.State, reopened.IsReopened).ShouldBe((FindingState.Open, true));
        (await stage.ScoreAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_restored_counts_again_and_both_are_in_the_audit_without_anything_of_the_books()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var before = await stage.ScoreAsync();
        var all = new FindingSelection();
        var dismiss = stage.Process.Get<DismissFindings>();

        var dismissed = (await dismiss.DismissAsync(stage.World.Ann, stage.Client, all, "All right.", Running.Cancellation)).ShouldBeOfType<NoteOutcome.Done>();
        dismissed.Score!.Exact.ShouldBeGreaterThan(before);
        var restored = (await dismiss.RestoreAsync(stage.World.Ann, stage.Client, all, Running.Cancellation)).ShouldBeOfType<NoteOutcome.Done>();

        restored.Changed.ShouldBe(dismissed.Changed);
        restored.Score!.Exact.ShouldBe(before);
        var trail = await stage.Process.Get<AuditTrail>().ReadAsync(stage.World.Ann.Practice, stage.Client, Running.Cancellation).ToListAsync(Running.Cancellation);
        trail.Select(entry => entry.Action).Take(2).ShouldBe([AuditAction.FindingReopened, AuditAction.FindingDismissed], ignoreOrder: true);
        trail.ShouldAllBe(entry => entry.After == null || !entry.After.Contains("Birch", StringComparison.Ordinal));
        var reader = stage.World.Ann with { Permissions = Core.Practices.Permissions.ViewClients };
        await Should.ThrowAsync<UnauthorizedAccessException>(() => dismiss.DismissAsync(reader, stage.Client, all, "No.", Running.Cancellation));
    }

    [Fact]
    public async Task Dismissing_one_after_another_in_any_order_never_lowers_the_score()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var findings = (await stage.ReadAsync()).Health.Findings.Select(kept => kept.Finding.Id).Order(StringComparer.Ordinal).ToArray();
        new Random(3).Shuffle(findings);
        var last = await stage.ScoreAsync();
        foreach (var id in findings)
        {
            var now = (await stage.DismissAsync(id)).Score!.Exact;
            now.ShouldBeGreaterThanOrEqualTo(last);
            last = now;
        }
    }

    [Fact]
    public async Task Members_who_dismiss_at_the_same_moment_lose_nothing_of_each_other()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var findings = (await stage.ReadAsync()).Health.Findings.Select(kept => kept.Finding.Id).ToList();
        var (one, other) = (stage.Process.Get<DismissFindings>(), stage.NewProcess().Get<DismissFindings>());

        await Task.WhenAll(findings.Select((id, at) => (at % 2 == 0 ? one : other).DismissAsync(stage.World.Ann, stage.Client, new FindingSelection { Ids = [id] }, "Known.", Running.Cancellation)));

        findings.Count.ShouldBeGreaterThan(3);
        (await stage.ReadAsync()).Standing().ShouldAllBe(finding => finding.State == FindingState.Dismissed);
    }

    [Fact]
    public async Task A_finding_keeps_when_it_was_first_seen_and_is_listed_as_resolved_once_it_is_not_found()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var first = stage.World.Clock.GetUtcNow();
        var pair = (await stage.ReadAsync()).Health.Findings.First(kept => kept.Finding.Check == "duplicate-contacts" && kept.Finding.Text.Contains("Alder", StringComparison.Ordinal));
        stage.World.Clock.Advance(TimeSpan.FromDays(3));
        await stage.RecalculateAsync();
        (await stage.ReadAsync()).Health.Find(pair.Finding.Id)!.FirstSeen.ShouldBe(first);

        stage.Records = [.. HealthStage.Written().Where(record => record.Id != "A2")];
        await stage.RecalculateAsync();
        var gone = (await stage.Process.Get<ListFindings>().FindAsync(stage.Client, await stage.ReadAsync(), pair.Finding.Id, Running.Cancellation))!;
        gone.State.ShouldBe(FindingState.Resolved);
        gone.Evidence.Count.ShouldBe(2, "what it was about is still told");

        stage.World.Clock.Advance(KeptFinding.GoneFor);
        await stage.RecalculateAsync();
        (await stage.ReadAsync()).Health.Find(pair.Finding.Id).ShouldBeNull();
    }

    [Fact]
    public void Findings_of_a_check_that_cannot_judge_wait_and_are_neither_open_nor_resolved()
    {
        var then = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var finding = new Finding { Id = "f", Check = "suspense", Rule = "r", Severity = Severity.Warning, Text = "", Fingerprint = "0" };
        var held = KeptFinding.Merge([], Of(new CheckOutcome.Checked(new PopulationMeasure(20, 0.1m), [finding])), then);

        var waiting = KeptFinding.Merge(held, Of(new CheckOutcome.NotAvailable("a complete copy")), then.AddDays(1));
        var found = KeptFinding.Merge(waiting, Of(new CheckOutcome.Checked(new PopulationMeasure(20, 0.1m), [finding])), then.AddDays(2));

        waiting.ShouldHaveSingleItem().Sight.ShouldBe(FindingSight.NotJudged);
        (found.ShouldHaveSingleItem().Sight, found[0].FirstSeen).ShouldBe((FindingSight.Found, then));

        static Dictionary<string, CheckOutcome> Of(CheckOutcome outcome) => new() { ["suspense"] = outcome };
    }

    [Fact]
    public async Task Twelve_thousand_findings_in_one_check_are_written_read_sorted_filtered_and_paged_each_once()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        stage.Records = [Firm, Bank, Sales, DirectCosts, .. Enumerable.Range(0, 12_000).Select(number => Bill($"{number:D5}", $"C{number}", 500m + number) with { HasAttachments = false })];
        (await stage.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.Done>();
        var health = await stage.ReadAsync();
        var list = stage.Process.Get<ListFindings>();
        var query = new FindingQuery { Check = "attachments", Sort = FindingSort.Money };

        List<ListedFinding> all = [];
        string? continuation = null;
        do
        {
            var page = await list.ExecuteAsync(stage.Client, health, query, 5000, continuation, Running.Cancellation);
            page.Total.ShouldBe(12_000);
            all.AddRange(page.Findings);
            continuation = page.Continuation;
        }
        while (continuation is not null);

        all.Select(one => one.Kept.Finding.Id).Distinct().Count().ShouldBe(12_000);
        all.Select(one => one.Kept.Finding.Money!.Value).ShouldBeInOrder(SortDirection.Descending);
        (await list.ExecuteAsync(stage.Client, health, query with { Text = "C11999" }, 10, null, Running.Cancellation)).Total.ShouldBe(1);
        (await stage.KeysAsync(HealthKeys.Findings(health.Head.Version))).Count.ShouldBeLessThan(8, "no storage request for each finding");
    }

    [Fact]
    public async Task Any_order_in_any_page_size_gives_each_finding_once()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var health = await stage.ReadAsync();
        var list = stage.Process.Get<ListFindings>();
        await Gen.Select(Gen.Int[1, 5], Gen.Enum<FindingSort>(), Gen.Bool).SampleAsync(async (take, sort, ascending) =>
        {
            var query = new FindingQuery { Sort = sort, IsAscending = ascending };
            List<string> seen = [];
            string? continuation = null;
            do
            {
                var page = await list.ExecuteAsync(stage.Client, health, query, take, continuation, Running.Cancellation);
                seen.AddRange(page.Findings.Select(one => one.Kept.Finding.Id));
                continuation = page.Continuation;
            }
            while (continuation is not null);
            var whole = await list.ExecuteAsync(stage.Client, health, query, 1000, null, Running.Cancellation);
            seen.ShouldBe(whole.Findings.Select(one => one.Kept.Finding.Id));
        }, iter: 30, threads: 1);
    }

    [Fact]
    public async Task Settings_count_from_the_next_recalculation_on_and_wrong_ones_are_refused_in_words()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var check = CheckCatalog.Find("duplicate-contacts")!;
        var change = stage.Process.Get<ChangeCheckSettings>();

        (await change.ExecuteAsync(stage.World.Ann, stage.Client, check, """{"level":"telepathic"}""", Running.Cancellation)).ShouldBeOfType<SettingsOutcome.Refused>().Problem.ShouldContain("level");
        (await change.ExecuteAsync(stage.World.Ann, stage.Client, check, """{"level":"strict"}""", Running.Cancellation)).ShouldBeOfType<SettingsOutcome.Saved>();
        (await stage.ReadAsync()).Head.Settings.ShouldBeEmpty("they count from the next one on");
        await stage.RecalculateAsync();

        (await stage.ReadAsync()).Head.Settings.Keys.ShouldBe(["duplicate-contacts"]);
        (await change.ExecuteAsync(stage.World.Ann, stage.Client, check, "{}", Running.Cancellation)).ShouldBeOfType<SettingsOutcome.Saved>();
        (await stage.Process.Get<SettingStore>().AllAsync(stage.Client, Running.Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Stored_settings_that_the_rules_no_longer_understand_stop_neither_a_recalculation_nor_a_preview()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.Process.Get<SettingStore>().SaveAsync(stage.Client, "duplicate-contacts", """{"formerly":1}""");

        (await stage.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.Done>();

        (await stage.ReadAsync()).Head.Settings.ShouldBeEmpty();
        (await stage.Process.Get<PreviewHealth>().ExecuteAsync(stage.Client, stage.World.Ann.Practice, new PreviewWish(), Running.Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_change_between_two_days_is_taken_apart_after_the_findings_of_then_are_swept()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var (then, before) = (stage.World.Clock.GetUtcNow().AddHours(1), await stage.ScoreAsync());
        stage.World.Clock.Advance(TimeSpan.FromDays(2));
        stage.Records = [.. HealthStage.Written().Where(record => record.Id is not ("A2" or "E0"))];
        await stage.RecalculateAsync();
        await stage.DismissAsync((await stage.ReadAsync()).Health.Findings.First(kept => kept.Finding.Check == "bank-reconciliation").Finding.Id);
        var attribute = stage.Process.Get<AttributeChange>();

        var parts = (await attribute.ExecuteAsync(stage.Client, stage.World.Ann.Practice, then, null, Running.Cancellation)).ShouldBeOfType<AttributionOutcome.Done>().Parts;
        parts.Before.ShouldBe(before);
        parts.After.ShouldBe(await stage.ScoreAsync());
        parts.WorkDone.ShouldBeGreaterThan(0m);
        (parts.RulesAndWeights + parts.Coverage + parts.NewPostings + parts.WorkDone).ShouldBe(parts.After - parts.Before, 0.0000001m);
        (await attribute.ExecuteAsync(stage.Client, stage.World.Ann.Practice, then, then, Running.Cancellation)).ShouldBeOfType<AttributionOutcome.Done>().Parts.WorkDone.ShouldBe(0m);
        (await attribute.ExecuteAsync(stage.Client, stage.World.Ann.Practice, then.AddDays(-1), null, Running.Cancellation)).ShouldBeOfType<AttributionOutcome.NoPoint>();
        // Without a start it is counted back from the end, and never runs backwards.
        var back = (await attribute.ExecuteAsync(stage.Client, stage.World.Ann.Practice, null, then, Running.Cancellation)).ShouldBeOfType<AttributionOutcome.Done>();
        (back.From, back.Parts.WorkDone).ShouldBe((back.To, 0m));
        (await attribute.ExecuteAsync(stage.Client, stage.World.Ann.Practice, null, then.AddDays(-1), Running.Cancellation)).ShouldBeOfType<AttributionOutcome.NoPoint>();
    }

    [Fact]
    public async Task Texts_that_begin_alike_for_longer_than_a_continuation_holds_come_once_each_in_pages_too()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        var name = new string('x', 450);
        stage.Records = [.. HealthStage.Written(),
            .. Enumerable.Range(0, 5).Select(number => Entry($"L{number}", Day.AddDays(-40), 10m) with { IsReconciled = false }),
            .. Enumerable.Range(0, 4).SelectMany(number => new LedgerRecord[] { Contact($"X{number}a", $"{name}{number}"), Contact($"X{number}b", $"{name}{number} Ltd"), Bill($"X{number}", $"X{number}a", 10m) })];
        await stage.RecalculateAsync();
        var (health, list) = (await stage.ReadAsync(), stage.Process.Get<ListFindings>());
        health.Health.Findings.Count(kept => kept.Finding.Text.Length > 400).ShouldBeGreaterThan(2);
        foreach (var ascending in (bool[])[true, false])
        {
            var query = new FindingQuery { Sort = FindingSort.Text, IsAscending = ascending };
            List<string> seen = [];
            string? continuation = null;
            do
            {
                var page = await list.ExecuteAsync(stage.Client, health, query, 1, continuation, Running.Cancellation);
                seen.AddRange(page.Findings.Select(one => one.Kept.Finding.Id));
                continuation = page.Continuation;
                seen.Count.ShouldBeLessThanOrEqualTo(page.Total);
            }
            while (continuation is not null);
            seen.ShouldBe(health.Standing().Select(one => one.Kept.Finding.Id), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Last_months_change_compares_under_todays_weights_and_only_what_was_judged_then()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var read = stage.Process.Get<ReadPracticeHealth>();
        var weights = new Dictionary<string, decimal> { ["bank-reconciliation"] = 60m, ["lock-dates"] = 10m, ["multi-coded-contacts"] = 10m, ["dormant-accounts"] = 10m, ["duplicate-contacts"] = 10m };
        async Task<decimal?> ChangeAsync() => (await read.ExecuteAsync(stage.World.Ann, 10, null, Running.Cancellation)).ChangeOnMonth;

        // Nothing changes in the books; other weights of the same checks are no change.
        stage.World.Clock.Advance(TimeSpan.FromDays(32));
        await stage.RecalculateAsync();
        (await ChangeAsync()).ShouldBe(0m);
        await stage.Process.Get<PracticeScores>().SaveAsync(stage.World.Ann, new ScoreRecipe(weights), Running.Cancellation);
        (await ChangeAsync()).ShouldBe(0m);
        // A check that had no weight then: what it would have given is not known.
        weights["suspense"] = 10m;
        weights["bank-reconciliation"] = 50m;
        await stage.Process.Get<PracticeScores>().SaveAsync(stage.World.Ann, new ScoreRecipe(weights), Running.Cancellation);
        (await ChangeAsync()).ShouldBeNull();
        await stage.Process.Get<PracticeScores>().SaveAsync(stage.World.Ann, null, Running.Cancellation);
        // Not judged for a month more: that was no month ago.
        stage.World.Clock.Advance(TimeSpan.FromDays(32));
        (await ChangeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_series_has_the_last_point_of_each_day_week_or_month()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        // 23 November 2026 is a Monday.
        foreach (var hours in (int[])[0, 3, 24, 24 * 6, 24 * 2])
        {
            stage.World.Clock.Advance(TimeSpan.FromHours(hours));
            await stage.RecalculateAsync();
        }
        var read = stage.Process.Get<ReadScoreHistory>();
        async Task<string> Series(SeriesUnit unit) =>
            string.Join(' ', (await read.ExecuteAsync(stage.Client, unit, new(2026, 11, 1), new(2026, 12, 31), Running.Cancellation)).Select(point => $"{point.Start:MM-dd}@{point.Point.At:MM-dd}"));

        (await Series(SeriesUnit.Day)).ShouldBe("11-23@11-23 11-24@11-24 11-30@11-30 12-02@12-02");
        (await Series(SeriesUnit.Week)).ShouldBe("11-23@11-24 11-30@12-02");
        (await Series(SeriesUnit.Month)).ShouldBe("11-01@11-30 12-01@12-02");
    }

    [Fact]
    public async Task The_practice_sees_scores_changes_and_what_other_weights_would_make_of_them_from_stored_rows()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.Process.WriteAsync([new() { Client = ClientId.New(stage.World.Clock), Practice = stage.World.Ann.Practice, Name = "Never judged" }]);
        await stage.RecalculateAsync();
        var before = await stage.ScoreAsync();
        stage.World.Clock.Advance(TimeSpan.FromDays(32));
        stage.Records = [.. HealthStage.Written().Where(record => record.Id != "A2")];
        await stage.RecalculateAsync();
        var now = await stage.ScoreAsync();
        var read = stage.Process.Get<ReadPracticeHealth>();

        var page = await read.ExecuteAsync(stage.World.Ann, 1, null, Running.Cancellation);
        (page.Total, page.WithoutScore, page.Average, page.ChangeOnMonth).ShouldBe((2, 1, now, now - before));
        var one = page.Clients.ShouldHaveSingleItem();
        one.Row!.Sparkline.ShouldHaveSingleItem().Percent.ShouldBe((await stage.ReadAsync()).Score()!.Percent);
        one.Row.Locks.ShouldNotBeNull();
        (await read.ExecuteAsync(stage.World.Ann, 1, page.Continuation, Running.Cancellation)).Clients.ShouldHaveSingleItem().Client.Name.ShouldBe("Never judged");

        var recipe = new ScoreRecipe(new Dictionary<string, decimal> { ["duplicate-contacts"] = 60m, ["suspense"] = 10m, ["attachments"] = 10m, ["lock-dates"] = 10m, ["draft-documents"] = 10m });
        recipe.Problem().ShouldBeNull();
        var preview = (await read.PreviewAsync(stage.World.Ann, recipe, Running.Cancellation)).ShouldHaveSingleItem();
        preview.Before!.Exact.ShouldBe(now);
        await stage.Process.Get<PracticeScores>().SaveAsync(stage.World.Ann, recipe, Running.Cancellation);
        (await stage.ScoreAsync()).ShouldBe(preview.After!.Exact);
        (await read.ExecuteAsync(stage.World.Bob, 10, null, Running.Cancellation)).Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_preview_stores_nothing()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var before = await stage.ReadAsync();

        var preview = await stage.Process.Get<PreviewHealth>().ExecuteAsync(stage.Client, stage.World.Ann.Practice, new PreviewWish { ReportingDate = new(2026, 1, 31) }, Running.Cancellation);

        (preview!.Head.Period, preview.Head.ReportingDate).ShouldBe((Period.MonthOf(new(2026, 1, 31)), new(2026, 1, 31)));
        (await stage.ReadAsync()).Head.Version.ShouldBe(before.Head.Version);
        (await stage.KeysAsync(HealthKeys.Points)).Count.ShouldBe(1);
    }
}
