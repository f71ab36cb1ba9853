using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Health.Mapped;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Ledger;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Health.Records;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Health.Mapped;

/// <summary>What is kept of a client's books between recalculations: never anything but what the ledger holds, whatever breaks off where.</summary>
public sealed class MappedBooksTests(AzuriteFixture azurite)
{
    private static readonly string[] All = ["bills", "contacts", "organisation"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_pass_reads_every_row_and_the_next_only_what_changed_since()
    {
        var stage = new MappedStage(azurite);
        await stage.SyncAsync();
        (await stage.PassAsync()).Order(StringComparer.Ordinal).ShouldBe(All);
        var before = await stage.KeptAsync();
        (await stage.PassAsync()).ShouldBeEmpty();
        (await stage.KeptAsync()).Select(row => (row.RowKey, row.ETag)).ShouldBe(before.Select(row => (row.RowKey, row.ETag)), "nothing changed, nothing is written");

        stage.Sync.Provider.Put("contacts", "c3", """{"name":"Renamed"}""");
        stage.Sync.Provider.Put("contacts", "new", """{"name":"New"}""");
        stage.Sync.Provider.Put("bills", "b4", """{"name":"Voided","gross":4.50}""", isDeleted: true);
        await stage.SyncAsync();
        (await stage.PassAsync()).ShouldBeEmpty();
        // Gone, there again, changed once more.
        stage.Sync.Provider.Put("contacts", "new", """{"name":"Newer"}""");
        stage.Sync.Provider.Put("bills", "b5", """{"name":"Changed","gross":7.25}""");
        await stage.SyncAsync();
        (await stage.PassAsync()).ShouldBeEmpty();

        var index = await stage.IndexAsync();
        index.Datasets.Single(dataset => dataset.Name == "contacts").Changed.ShouldBe(2);
        index.Datasets.Single(dataset => dataset.Name == "organisation").Delta.ShouldBeNull();
        // No more rows than the index names, and the index.
        (await stage.KeptAsync(MappedBooks.Bodies)).Count.ShouldBe(index.Datasets.Sum(dataset => dataset.Bodies.Count + (dataset.Delta is null ? 0 : 1)));
    }

    [Fact]
    public async Task What_vanished_without_a_trace_is_gone_and_what_came_back_is_there()
    {
        var stage = new MappedStage(azurite);
        await stage.SyncAsync();
        await stage.PassAsync();

        stage.Sync.Provider.Remove("bills", "b7");
        stage.Sync.Clock.Advance(TimeSpan.FromDays(8));
        await stage.SyncAsync();
        (await stage.PassAsync()).ShouldBeEmpty();
        (await MappedStage.TextAsync(stage.Rows)).ShouldNotContain(text => text.Contains("\"Id\":\"b7\"", StringComparison.Ordinal));

        stage.Sync.Provider.Put("bills", "b7", """{"name":"Back","gross":1.00}""");
        await stage.SyncAsync();
        (await stage.PassAsync()).ShouldBeEmpty();
        (await MappedStage.TextAsync(stage.Rows)).ShouldContain(text => text.Contains("\"Id\":\"b7\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_changes_are_written_into_the_bodies_and_too_many_at_once_read_the_dataset_whole()
    {
        var stage = new MappedStage(azurite);
        stage.Store.Limits = MappedStage.Looks with { MostChanged = 10 };
        await stage.SyncAsync();
        await stage.PassAsync();

        await ChangeAsync(0, 8);
        (await stage.PassAsync()).ShouldBeEmpty();
        (await DatasetAsync()).Changed.ShouldBe(8);
        await ChangeAsync(8, 16);
        (await stage.PassAsync()).ShouldBeEmpty();
        (await DatasetAsync()).ShouldSatisfyAllConditions(dataset => dataset.Changed.ShouldBe(0), dataset => dataset.Delta.ShouldBeNull(), dataset => dataset.Bodies.Count.ShouldBe(1));
        (await stage.PassAsync()).ShouldBeEmpty();
        await ChangeAsync(0, 11);
        (await stage.PassAsync()).ShouldBe(["contacts"]);
        (await stage.PassAsync()).ShouldBeEmpty();

        async Task<MappedDataset> DatasetAsync() => (await stage.IndexAsync()).Datasets.Single(dataset => dataset.Name == "contacts");

        async Task ChangeAsync(int from, int to)
        {
            for (var number = from; number < to; number++)
                stage.Sync.Provider.Put("contacts", $"c{number}", $$"""{"name":"Changed {{Guid.NewGuid()}}"}""");
            await stage.SyncAsync();
        }
    }

    [Fact]
    public async Task A_dataset_is_read_whole_where_that_takes_no_more_than_to_look_up_what_changed()
    {
        var stage = new MappedStage(azurite, contacts: 150);
        stage.Store = stage.NewStore(new MappedLimits());
        await stage.SyncAsync();
        await stage.PassAsync();
        (await stage.PassAsync()).ShouldBeEmpty("nothing changed");

        stage.Sync.Provider.Put("organisation", "firm", """{"name":"Firm & Sons"}""");
        await ChangeAsync(0, 18);
        (await stage.PassAsync()).ShouldBe(["organisation"], "of 150 contacts 18 changed: eight times 18 is less");
        await ChangeAsync(18, 37);
        (await stage.PassAsync()).ShouldBe(["contacts"], "two requests for all, 19 for what changed");
        (await stage.PassAsync()).ShouldBeEmpty();

        async Task ChangeAsync(int from, int to)
        {
            for (var number = from; number < to; number++)
                stage.Sync.Provider.Put("contacts", $"c{number}", $$"""{"name":"Changed {{number}}"}""");
            await stage.SyncAsync();
        }
    }

    [Fact]
    public async Task Changed_records_of_more_lines_than_memory_is_set_apart_for_are_read_with_their_whole_dataset()
    {
        var stage = new MappedStage(azurite);
        await stage.SyncAsync();
        await stage.PassAsync();
        stage.Sync.Provider.Put("bills", "b1", """{"name":"Changed","gross":7.25}""");
        await stage.SyncAsync();
        var (_, records) = await stage.Rows.RowsAsync(stage.Sync.Provider.Datasets.Single(dataset => dataset.Name == "bills"), Stop).SingleAsync(row => row.Id == "b1", Stop);
        var lines = records.Sum(record => 1 + (record switch { LedgerDocument bill => bill.Lines.Count, LedgerBankEntry entry => entry.Lines.Count, _ => 0 }));
        lines.ShouldBeGreaterThan(2, "a bill and an entry, with lines");

        stage.Store.Limits = MappedStage.Looks with { MostLines = lines - 1 };
        (await stage.PassAsync()).ShouldBe(["bills"]);
        stage.Sync.Provider.Put("bills", "b1", """{"name":"Changed again","gross":7.50}""");
        await stage.SyncAsync();
        stage.Store.Limits = MappedStage.Looks with { MostLines = lines };
        (await stage.PassAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_over_several_rows_comes_back_whole()
    {
        var (stage, random) = (new MappedStage(azurite), new Random(7));
        for (var number = 0; number < 30; number++)
        {
            var noise = new byte[30_000];
            random.NextBytes(noise);
            stage.Sync.Provider.Put("contacts", $"c{number}", $$"""{"name":"{{Convert.ToBase64String(noise)}}"}""");
        }
        await stage.SyncAsync();
        await stage.PassAsync();

        (await stage.KeptAsync(MappedBooks.Bodies)).ShouldContain(row => row.RowKey.EndsWith("|001", StringComparison.Ordinal));
        (await stage.PassAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_killed_slice_wrote_and_no_checkpoint_counts_is_seen_as_a_whole_reading_sees_it()
    {
        var stage = new MappedStage(azurite);
        await stage.SyncAsync();
        await stage.PassAsync();
        stage.Sync.Provider.Put("contacts", "c3", """{"name":"Changed"}""");
        stage.Sync.Provider.Put("contacts", "made", """{"name":"Made"}""");
        stage.Sync.Clock.Advance(TimeSpan.FromHours(1));
        var run = await stage.Sync.StartAsync();

        await Should.ThrowAsync<CrashException>(() => stage.Sync.NewSlice(at => at == SlicePlace.PageWritten ? throw new CrashException() : Task.CompletedTask)
            .ExecuteAsync(new SliceRequest(stage.Sync.Client, run, "contacts"), Stop));

        (await MappedStage.TextAsync(stage.Rows)).ShouldContain(text => text.Contains("\"Made\"", StringComparison.Ordinal), "its row is there");
        (await stage.PassAsync()).ShouldBeEmpty();
        (await stage.PassAsync()).ShouldBeEmpty();
        (await stage.Sync.CarryOnAsync(run)).Outcome.ShouldBe(RunOutcome.Succeeded);
        (await stage.PassAsync()).ShouldBeEmpty();
        (await stage.IndexAsync()).Datasets.Single(dataset => dataset.Name == "contacts").Changed.ShouldBe(2);
    }

    [Fact]
    public async Task A_feed_whose_rows_go_while_it_is_read_is_not_believed()
    {
        var stage = new MappedStage(azurite, changeRowsKept: 10);
        await stage.SyncAsync();
        await stage.PassAsync();
        await ChangeAsync("c3", 1);
        await ChangeAsync("c2", 7);
        var isCut = false;

        var whole = await stage.PassAsync(async at =>
        {
            if (at != HealthPlace.StatesTaken)
                return;
            await ChangeAsync("c2", 7);
            isCut = true;
        });

        isCut.ShouldBeTrue();
        whole.ShouldBe(["contacts"]);
        (await stage.PassAsync()).ShouldBeEmpty();

        async Task ChangeAsync(string id, int times)
        {
            for (var time = 0; time < times; time++)
            {
                stage.Sync.Provider.Put("contacts", id, $$"""{"name":"{{Guid.NewGuid()}}"}""");
                await stage.SyncAsync();
            }
        }
    }

    [Theory]
    [InlineData("another build")]
    [InlineData("another organisation")]
    [InlineData("no index")]
    [InlineData("a bent index")]
    [InlineData("an index of a negative length")]
    [InlineData("a row of the feed is gone")]
    [InlineData("the change body is gone")]
    [InlineData("the ledger went back")]
    public async Task What_does_not_fit_is_read_whole(string why)
    {
        var stage = new MappedStage(azurite, changeRowsKept: why == "a row of the feed is gone" ? 10 : 1000);
        await stage.SyncAsync();
        await stage.PassAsync();
        stage.Sync.Provider.Put("contacts", "c1", """{"name":"Changed"}""");
        await stage.SyncAsync();
        await stage.PassAsync();
        var expected = All;
        var table = await stage.TableAsync();
        switch (why)
        {
            case "another build":
                stage.Store = stage.NewStore(MappedStage.Looks);
                stage.Store.Build = "later";
                break;
            case "another organisation":
                stage.Sync.Organisation = new OrganisationId("scripted", "other");
                await stage.SyncAsync();
                break;
            case "no index":
                foreach (var row in await stage.KeptAsync(MappedBooks.IndexKey))
                    await table.DeleteEntityAsync(row, cancellationToken: Stop);
                break;
            case "a bent index" or "an index of a negative length":
                foreach (var row in await stage.KeptAsync(MappedBooks.IndexKey))
                {
                    row["B0"] = new byte[] { 1, 2, 3, 4, (byte)(why == "a bent index" ? 5 : 0x85), 6, 7 };
                    await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Stop);
                }
                break;
            case "a row of the feed is gone":
                for (var round = 0; round < 30; round++)
                {
                    stage.Sync.Provider.Put("contacts", "c2", $$"""{"name":"Round {{round}}"}""");
                    await stage.SyncAsync();
                }
                expected = ["contacts"];
                break;
            case "the change body is gone":
                var delta = (await stage.IndexAsync()).Datasets.Single(dataset => dataset.Name == "contacts").Delta!;
                foreach (var row in await stage.KeptAsync(delta))
                    await table.DeleteEntityAsync(row, cancellationToken: Stop);
                expected = ["contacts"];
                break;
            default:
                var index = await stage.IndexAsync();
                foreach (var row in PackedJson.Pack(stage.Sync.Client, MappedBooks.IndexKey, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(index with { Datasets = [.. index.Datasets.Select(dataset => dataset with { Sequence = dataset.Sequence + 100 })] })))
                    await table.UpsertEntityAsync(row, TableUpdateMode.Replace, Stop);
                break;
        }

        (await stage.PassAsync()).Order(StringComparer.Ordinal).ShouldBe(expected);
        (await stage.PassAsync()).ShouldBeEmpty("it is kept anew");
    }

    [Theory]
    [InlineData(HealthPlace.BodiesKept)]
    [InlineData(HealthPlace.IndexKept)]
    internal async Task A_writer_killed_between_its_writes_leaves_what_was_kept_before_or_what_it_wrote(HealthPlace place)
    {
        var stage = new MappedStage(azurite);
        await stage.SyncAsync();
        // Of nothing kept before, of a change, and of bodies written anew.
        for (var round = 0; round < 3; round++)
        {
            // Each body in a transaction of its own, so that whoever is killed before the index has written.
            stage.Store.Limits = MappedStage.Looks with { MostChanged = round == 2 ? 1 : 10, BytesInBatch = 1 };
            stage.Sync.Provider.Put("contacts", $"c{round}", $$"""{"name":"Round {{round}}"}""");
            await stage.SyncAsync();
            await Should.ThrowAsync<CrashException>(() => stage.PassAsync(at => at == place ? throw new CrashException() : Task.CompletedTask));
            // Before the index what it will name, behind it what it no longer names.
            var named = round == 0 && place == HealthPlace.BodiesKept ? [] : Named(await stage.IndexAsync());
            if (round == 2 || place == HealthPlace.BodiesKept)
                (await KeysAsync(stage)).Except(named).ShouldNotBeEmpty();
            await stage.PassAsync();
        }

        (await stage.PassAsync()).ShouldBeEmpty();
        stage.Sync.Provider.Put("contacts", "c9", """{"name":"Swept"}""");
        await stage.SyncAsync();
        await stage.PassAsync();
        (await KeysAsync(stage)).ShouldBe(Named(await stage.IndexAsync()), ignoreOrder: true, "what killed writers left is swept");
    }

    private static async Task<List<string>> KeysAsync(MappedStage stage) =>
        [.. (await stage.KeptAsync(MappedBooks.Bodies)).Select(row => row.RowKey[..row.RowKey.LastIndexOf('|')]).Distinct()];

    private static List<string> Named(MappedIndex index) => [.. index.Datasets.SelectMany(dataset => dataset.Delta is { } delta ? dataset.Bodies.Append(delta) : dataset.Bodies)];

    [Fact]
    public async Task What_changes_while_a_pass_reads_is_in_the_next_one()
    {
        var stage = new MappedStage(azurite);
        await stage.SyncAsync();
        // While all rows are read, and while what is kept is.
        for (var round = 0; round < 2; round++)
        {
            await stage.PassAsync(meanwhile: async () =>
            {
                stage.Sync.Provider.Put("contacts", "c1", $$"""{"name":"Meanwhile {{round}}"}""");
                stage.Sync.Provider.Put("bills", $"made{round}", """{"name":"Meanwhile","gross":3.00}""");
                await stage.SyncAsync();
            });
            (await stage.PassAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Of_two_passes_at_once_the_later_keeps_its_books_and_the_earlier_nothing()
    {
        var stage = new MappedStage(azurite);
        await stage.SyncAsync();
        // The earlier one has written bodies when the later one begins.
        stage.Store.Limits = MappedStage.Looks with { BytesInBatch = 1 };
        (string, Azure.ETag)[]? standing = null;

        await stage.PassAsync(async at =>
        {
            if (at == HealthPlace.BodiesKept && standing is null)
            {
                standing = [];
                (await KeysAsync(stage)).ShouldNotBeEmpty();
                await stage.PassAsync();
                standing = [.. (await stage.KeptAsync()).Select(row => (row.RowKey, row.ETag))];
            }
        });

        standing.ShouldNotBeNull().Length.ShouldBe(4, "three bodies and the index");
        (await stage.KeptAsync()).Select(row => (row.RowKey, row.ETag)).ShouldBe(standing);
        (await KeysAsync(stage)).ShouldBe(Named(await stage.IndexAsync()), ignoreOrder: true);
        (await stage.PassAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_recalculation_over_a_damaged_body_reads_the_books_whole_and_finds_the_same()
    {
        await using var health = await HealthStage.StartAsync(azurite);
        var stage = new MappedStage(azurite);
        await stage.SyncAsync();
        health.Copy = stage.Rows;
        (await health.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.Done>();
        var before = await health.ReadAsync();
        var table = await health.Process.Get<AppStorage>().TableAsync(MappedBooks.Table, Stop);
        var bodies = await table.QueryAsync<TableEntity>(HealthKeys.Range(stage.Sync.Client, MappedBooks.Bodies)).ToListAsync(Stop);
        bodies.Count.ShouldBe(3);
        foreach (var row in bodies.Take(2))
            await table.DeleteEntityAsync(row, cancellationToken: Stop);

        (await health.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.Done>();

        PublishingTests.Described((await health.ReadAsync()).Health.Outcomes).ShouldBe(PublishingTests.Described(before.Health.Outcomes));
        (await table.QueryAsync<TableEntity>(HealthKeys.Range(stage.Sync.Client, MappedBooks.Bodies)).CountAsync(Stop)).ShouldBe(3, "kept anew");
    }

    [Theory]
    [InlineData(HealthPlace.Claimed)]
    [InlineData(HealthPlace.PartWritten)]
    [InlineData(HealthPlace.BodiesKept)]
    [InlineData(HealthPlace.IndexKept)]
    internal async Task Promise_6_a_deletion_leaves_nothing_of_it_wherever_it_meets_a_recalculation(HealthPlace place)
    {
        await using var health = await HealthStage.StartAsync(azurite);
        var stage = new MappedStage(azurite);
        await stage.SyncAsync();
        health.Copy = stage.Rows;
        await health.RecalculateAsync();
        stage.Sync.Provider.Put("contacts", "c1", """{"name":"Changed"}""");
        await stage.SyncAsync();
        var scope = new ClientScope(stage.Sync.Client, health.World.Ann.Practice);
        var trace = health.Process.Get<IEnumerable<IClientTrace>>().Single(one => one.Name == "mapped-books");
        (await trace.CountAsync(scope, Stop)).ShouldBeGreaterThan(3);
        (await trace.ExportAsync(scope, Stop).CountAsync(Stop)).ShouldBe(0, "the ledger is exported");

        await health.RecalculateAsync(reached: async at =>
        {
            if (at != place)
                return;
            if (place == HealthPlace.Claimed)
                await health.MarkForDeletionAsync();
            while (!await trace.EraseAsync(scope, 1000, Stop))
            {
            }
        });

        var table = await health.Process.Get<AppStorage>().TableAsync(MappedBooks.Table, Stop);
        (await table.QueryAsync<TableEntity>($"PartitionKey eq '{stage.Sync.Client}'").CountAsync(Stop)).ShouldBe(0, "its fence row neither");
    }
}
