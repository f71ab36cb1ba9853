using Azure.Data.Tables;
using DataHealth.Core.Health.Mapped;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
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
    public async Task A_feed_is_followed_whether_its_rows_are_few_or_more()
    {
        var stage = new MappedStage(azurite);
        await stage.SyncAsync();
        await stage.PassAsync();
        for (var rows = 1; rows <= 5; rows++)
        {
            for (var row = 0; row < rows; row++)
            {
                stage.Sync.Provider.Put("contacts", $"c{row}", $$"""{"name":"Row {{row}} of {{rows}}"}""");
                await stage.SyncAsync();
            }
            (await stage.PassAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Rows_of_a_small_dataset_are_read_once_however_often_a_recalculation_asks_for_it()
    {
        var stage = new MappedStage(azurite);
        stage.Store = stage.NewStore(new MappedLimits());
        await stage.SyncAsync();
        await using var pass = (await stage.Store.BeginAsync(stage.Rows, null, Stop))!;
        await pass.OpenAsync(Stop);
        var table = await stage.Sync.Get<Core.Storage.AppStorage>().TableAsync(LedgerKeys.Table, Stop);

        // As when it is asked what day it is there: whoever asks goes no further than the chart.
        await foreach (var record in pass.Books.ReadAsync(new HashSet<LedgerPart> { LedgerPart.Organisation }, Stop))
        {
            record.ShouldBeOfType<Organisation>();
            break;
        }
        var truth = await MappedStage.TextAsync(stage.Rows);
        await table.DeleteEntityAsync(LedgerKeys.Bucket(stage.Sync.Client, "organisation", 0), "firm", cancellationToken: Stop);
        pass.Keep();
        (await MappedStage.TextAsync(pass.Books)).ShouldBe(truth);
        await pass.SaveAsync(Stop);

        (await stage.IndexAsync()).Datasets.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_stops_in_the_middle_is_let_go_at_once(bool isCancelled)
    {
        var stage = new MappedStage(azurite, contacts: 700);
        await stage.SyncAsync();
        await stage.PassAsync();
        stage.Sync.Provider.Put("contacts", "c3", """{"name":"Changed"}""");
        await stage.SyncAsync();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var seen = 0;

        var reading = ReadAsync();

        // More records than are unpacked ahead: whoever unpacks waits for room.
        if (isCancelled)
            await Should.ThrowAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromMinutes(1), Stop));
        else
            await reading.WaitAsync(TimeSpan.FromMinutes(1), Stop);
        seen.ShouldBe(1);

        async Task ReadAsync()
        {
            await using var pass = (await stage.Store.BeginAsync(stage.Rows, null, Stop))!;
            await pass.OpenAsync(Stop);
            await foreach (var record in pass.Books.ReadAsync(new HashSet<LedgerPart> { LedgerPart.Contacts }, cancelled.Token))
            {
                if (record is not LedgerContact)
                    continue;
                seen++;
                if (!isCancelled)
                    break;
                await cancelled.CancelAsync();
                cancelled.Token.ThrowIfCancellationRequested();
            }
        }
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

    [Theory]
    [InlineData("another build")]
    [InlineData("another organisation")]
    [InlineData("no index")]
    [InlineData("a bent index")]
    [InlineData("an index of a negative length")]
    [InlineData("a row of the feed is gone")]
    [InlineData("the newest row of the feed is gone")]
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
            case "the newest row of the feed is gone":
                stage.Sync.Provider.Put("contacts", "c2", """{"name":"Untold"}""");
                await stage.SyncAsync();
                var pages = LedgerKeys.Pages(stage.Sync.Client, "contacts");
                var newest = (await stage.Sync.Ledger.StatesAsync(stage.Sync.Client, Stop))["contacts"].Sequence;
                await (await stage.Sync.Get<Core.Storage.AppStorage>().TableAsync(LedgerKeys.Table, Stop)).DeleteEntityAsync(pages, LedgerKeys.Change(newest), cancellationToken: Stop);
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
}
