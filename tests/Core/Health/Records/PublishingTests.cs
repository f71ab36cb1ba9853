using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Findings;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Insights;
using DataHealth.Core.Storage;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;
using static DataHealth.Core.Tests.Health.SmallBooks;

namespace DataHealth.Core.Tests.Health.Records;

/// <summary>A reader sees the old results or the new, whole, whatever breaks off where.</summary>
public sealed class PublishingTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task What_is_read_is_what_the_engine_found_and_the_same_from_another_process()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        (await stage.Process.Get<ReadHealth>().ExecuteAsync(stage.Client, stage.World.Ann.Practice, Running.Cancellation)).ShouldBeNull();

        (await stage.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.Done>();
        var truth = await JudgeAsync(new ListedBook(stage.Records!));
        var read = await stage.ReadAsync(stage.NewProcess());

        read.Health.Outcomes.Keys.ShouldBe(truth.Outcomes.Keys);
        Described(read.Health.Outcomes).ShouldBe(Described(truth.Outcomes));
        read.Score()!.Exact.ShouldBe(truth.Score(Core.Health.Scoring.ScoreRecipe.Default, _ => true)!.Exact);
        read.Health.Findings.Count.ShouldBe(truth.Findings.Count());
        var evidence = await stage.Process.Get<HealthStore>().EvidenceAsync(stage.Client, read.Health, [.. truth.Findings.Select(finding => finding.Id)], Running.Cancellation);
        foreach (var finding in truth.Findings.Where(finding => finding.EvidenceCount > 1))
            evidence[finding.Id].Select(one => (one.Record, one.Text, one.Amount)).ShouldBe(finding.Evidence.Select(one => (one.Record, one.Text, one.Amount)));
    }

    [Theory]
    [InlineData(HealthPlace.Claimed)]
    [InlineData(HealthPlace.Judged)]
    [InlineData(HealthPlace.PartWritten)]
    [InlineData(HealthPlace.Written)]
    [InlineData(HealthPlace.Published)]
    [InlineData(HealthPlace.Swept)]
    internal async Task A_recalculation_killed_anywhere_leaves_the_old_score_or_the_new_whole_and_is_resumed(HealthPlace place)
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var before = await stage.ReadAsync();
        stage.Records = [.. HealthStage.Written().Where(record => record.Id != "A2")];

        await Should.ThrowAsync<CrashException>(() => stage.RecalculateAsync(reached: at => at == place ? throw new CrashException() : Task.CompletedTask));
        var seen = await stage.ReadAsync(stage.NewProcess());
        (await stage.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.Done>();
        var after = await stage.ReadAsync();

        var isNew = place >= HealthPlace.Published;
        Described(seen.Health.Outcomes).ShouldBe(Described(isNew ? after.Health.Outcomes : before.Health.Outcomes));
        seen.Score()!.Exact.ShouldBe(isNew ? after.Score()!.Exact : before.Score()!.Exact);
        after.Score()!.Exact.ShouldBeGreaterThan(before.Score()!.Exact);
        // Nothing of what broke off is left, and a point of history for each that was seen.
        (await stage.KeysAsync(HealthKeys.Versions)).Where(key => !HealthKeys.IsState(key)).Select(HealthKeys.VersionOf).Distinct().ShouldBe([after.Head.Version.Value]);
        (await stage.KeysAsync(HealthKeys.Points)).Count.ShouldBe(isNew ? 3 : 2);
        (await stage.KeysAsync(HealthKeys.Versions)).Count(HealthKeys.IsState).ShouldBe(isNew ? 3 : 2);
    }

    [Fact]
    public async Task Of_two_recalculations_at_once_the_later_is_seen_and_the_earlier_writes_nothing_more()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var other = stage.NewProcess();
        RecalculateOutcome? late = null;

        var first = await stage.RecalculateAsync(reached: async at =>
        {
            if (at != HealthPlace.Written || late is not null)
                return;
            stage.Records = [.. HealthStage.Written().Where(record => record.Id != "A2")];
            late = await stage.RecalculateAsync(other);
        });

        first.ShouldBeOfType<RecalculateOutcome.Superseded>();
        (await stage.ReadAsync()).Head.Version.ShouldBe(late.ShouldBeOfType<RecalculateOutcome.Done>().Version);
        (await stage.KeysAsync(HealthKeys.Points)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_reader_at_work_while_a_version_is_swept_sees_the_new_one_whole()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var (reading, storage) = (true, stage.Process.Get<AppStorage>());
        var reader = Task.Run(async () =>
        {
            var seen = new List<(HealthVersion Version, string Text)>();
            while (Volatile.Read(ref reading))
            {
                // With nothing in memory, as another process has it.
                var now = (await new HealthStore(storage).FindAsync(stage.Client, Running.Cancellation))!;
                seen.Add((now.Head.Version, Described(now.Outcomes)));
            }
            return seen;
        });
        var written = new Dictionary<HealthVersion, string>();
        for (var round = 0; round < 6; round++)
        {
            stage.Records = [.. HealthStage.Written().Where(record => round % 2 == 0 || record.Id != "A2")];
            var done = (await stage.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.Done>();
            written[done.Version] = Described((await stage.ReadAsync()).Health.Outcomes);
        }
        Volatile.Write(ref reading, false);

        var seen = (await reader).Where(one => written.ContainsKey(one.Version)).ToList();
        seen.Select(one => one.Version).Distinct().Count().ShouldBeGreaterThan(1, "it read while versions were written and swept");
        seen.ShouldAllBe(one => one.Text == written[one.Version]);
    }

    [Fact]
    public async Task Promise_6_a_recalculation_that_meets_the_deletion_of_its_client_leaves_nothing_behind()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var scope = new ClientScope(stage.Client, stage.World.Ann.Practice);
        var traces = stage.Process.Get<IEnumerable<IClientTrace>>().Where(trace => trace.Name is "health" or "health-overview").ToList();
        traces.Count.ShouldBe(2);
        foreach (var trace in traces)
            (await trace.CountAsync(scope, Running.Cancellation)).ShouldBeGreaterThan(0);
        var exported = await traces[0].ExportAsync(scope, Running.Cancellation).Select(line => System.Text.Encoding.UTF8.GetString(line.Span)).ToListAsync(Running.Cancellation);
        exported.Count(line => line.Contains("\"kind\":\"finding\"", StringComparison.Ordinal)).ShouldBe((await stage.ReadAsync()).Health.Findings.Count);

        var outcome = await stage.RecalculateAsync(reached: async at =>
        {
            if (at != HealthPlace.PartWritten)
                return;
            foreach (var trace in traces)
            {
                while (!await trace.EraseAsync(scope, 1000, Running.Cancellation))
                {
                }
            }
        });

        outcome.ShouldBeOfType<RecalculateOutcome.Superseded>();
        foreach (var trace in traces)
            (await trace.CountAsync(scope, Running.Cancellation)).ShouldBe(0);
        (await stage.Process.Get<ReadHealth>().ExecuteAsync(stage.Client, stage.World.Ann.Practice, Running.Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Books_of_another_organisation_are_judged_as_if_nothing_had_been_known_of_the_former()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        // Other books: an earlier lock, other records behind it, other bank details of a contact of the same id.
        stage.Organisation = "xero:birch";
        stage.Records = [.. HealthStage.Written().Where(record => record.Id is not ("2" or "firm")), Firm with { PeriodLock = new(2026, 1, 31) }, Bill("3", "B", 50m) with { Date = new(2026, 1, 5) }];
        await stage.RecalculateAsync();

        var truth = await JudgeAsync(new ListedBook(stage.Records));
        var read = await stage.ReadAsync();

        Described(read.Health.Outcomes).ShouldBe(Described(truth.Outcomes));
        read.Health.Findings.ShouldAllBe(kept => kept.Sight == FindingSight.Found, "what stood in other books is not put right in these");
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_not_taken_for_somebody_who_took_over()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        var table = await stage.Process.Get<AppStorage>().TableAsync(HealthKeys.Table, Running.Cancellation);

        // Carried out, but nobody heard of it: the fence row has moved on under our own name.
        var lost = stage.RecalculateAsync(reached: async at =>
        {
            if (at == HealthPlace.PartWritten)
                await table.UpdateEntityAsync((await table.GetEntityAsync<TableEntity>(stage.Client.Value, FencedPartition.FenceKey)).Value, Azure.ETag.All);
        });

        await Should.ThrowAsync<FencedOutException>(() => lost);
        (await stage.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.Done>("the activity is tried again");
    }

    [Fact]
    public async Task What_the_practice_told_of_a_client_counts_in_its_insights_and_is_in_its_export()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        var change = stage.Process.Get<ChangeInsightSettings>();
        (await change.ExecuteAsync(stage.World.Ann, stage.Client, new InsightSettings { RegistrationThreshold = -1m }, Running.Cancellation)).ShouldBe("The registration threshold is above nought.");
        (await change.ExecuteAsync(stage.World.Ann, stage.Client, new InsightSettings { ManualFeeds = ["090"] }, Running.Cancellation)).ShouldBeNull();
        await stage.RecalculateAsync();

        var kept = await stage.Process.Get<HealthStore>().InsightsAsync(stage.Client, (await stage.ReadAsync()).Head.Version, Running.Cancellation);
        kept!.BankAccounts.Value!.ManualFeeds.Value.ShouldNotBeNull("told by the practice");
        var scope = new ClientScope(stage.Client, stage.World.Ann.Practice);
        var lines = await stage.Process.Get<IEnumerable<IClientTrace>>().Single(trace => trace.Name == "health").ExportAsync(scope, Running.Cancellation).Select(line => System.Text.Encoding.UTF8.GetString(line.Span)).ToListAsync(Running.Cancellation);
        lines.ShouldContain(line => line.Contains("insight-settings", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(HealthPlace.Claimed)]
    [InlineData(HealthPlace.Published)]
    internal async Task Promise_6_of_a_client_whose_deletion_begins_while_it_is_judged_nothing_comes_back(HealthPlace place)
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        var scope = new ClientScope(stage.Client, stage.World.Ann.Practice);
        var traces = stage.Process.Get<IEnumerable<IClientTrace>>().Where(trace => trace.Name is "health" or "health-overview").ToList();

        await stage.RecalculateAsync(reached: async at =>
        {
            if (at != place)
                return;
            await stage.MarkForDeletionAsync();
            foreach (var trace in traces)
            {
                while (!await trace.EraseAsync(scope, 1000, Running.Cancellation))
                {
                }
            }
        });

        foreach (var trace in traces)
            (await trace.CountAsync(scope, Running.Cancellation)).ShouldBe(0, trace.Name);
        (await stage.Process.Get<DismissFindings>().DismissAsync(stage.World.Ann, stage.Client, new FindingSelection { Ids = ["0"] }, "Late.", Running.Cancellation)).ShouldBeOfType<NoteOutcome.NotJudged>();
    }

    [Fact]
    public async Task A_client_that_was_never_connected_has_no_books_and_one_that_is_gone_does_not_exist()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        stage.Records = null;
        (await stage.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.NoBooks>();
        (await stage.Process.Get<RecalculateHealth>().ExecuteAsync(ClientId.New(stage.World.Clock), null, Running.Cancellation)).ShouldBeOfType<RecalculateOutcome.NoClient>();
    }

    [Fact]
    public async Task Bodies_of_any_length_come_back_and_one_with_a_row_missing_does_not()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        var table = await stage.Process.Get<AppStorage>().TableAsync(HealthKeys.Table, Running.Cancellation);
        var json = new byte[5 * 1024 * 1024];
        new Random(5).NextBytes(json);
        var rows = PackedJson.Pack(stage.Client, "v|x|f|0000", json).Concat(PackedJson.Pack(stage.Client, "v|x|f|0001", [1, 2, 3])).ToList();
        foreach (var row in rows)
            await table.AddEntityAsync(row, Running.Cancellation);
        async Task<List<(string Key, byte[] Json)>> ReadAsync() =>
            await PackedJson.ReadAsync(table, stage.Client, "v|x|f|", Running.Cancellation).Select(body => (body.Key, body.Json.ToArray())).ToListAsync(Running.Cancellation);

        var whole = await ReadAsync();
        whole.Select(body => body.Key).ShouldBe(["v|x|f|0000", "v|x|f|0001"]);
        whole[0].Json.ShouldBe(json);
        whole[1].Json.ShouldBe([1, 2, 3]);

        // The last row of the first body, then its first one too.
        rows.Count.ShouldBe(9);
        foreach (var gone in (int[])[7, 0])
        {
            await table.DeleteEntityAsync(rows[gone].PartitionKey, rows[gone].RowKey, Azure.ETag.All, Running.Cancellation);
            (await ReadAsync()).Select(body => body.Key).ShouldBe(["v|x|f|0001"]);
        }
    }

    internal static string Described(IReadOnlyDictionary<string, CheckOutcome> outcomes) => string.Join('\n', outcomes.Select(outcome => outcome.Key + " " + outcome.Value switch
    {
        CheckOutcome.Checked ran => $"{System.Text.Json.JsonSerializer.Serialize(ran.Measure)} {string.Join(',', ran.Findings.Select(finding => $"{finding.Id}{finding.Fingerprint}{finding.Money}{finding.Units}{finding.Since}{finding.Part}{finding.IsScored}"))}",
        CheckOutcome.NotAvailable lacks => lacks.Needs,
        CheckOutcome.NotApplicable idle => idle.Why,
        _ => "",
    }));
}
