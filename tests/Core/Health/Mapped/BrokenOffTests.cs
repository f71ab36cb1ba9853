using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Health.Mapped;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Health.Records;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Health.Mapped;

/// <summary>What is kept of a client's books when something breaks off or runs beside: never anything but what the ledger holds.</summary>
public sealed class BrokenOffTests(AzuriteFixture azurite)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
    public async Task Who_leaves_a_pass_leaves_nobody_looking_up_what_changed()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite, Stop);
        var stage = new MappedStage(azurite, reached: proxy.ConnectionString);
        await stage.SyncAsync();
        await stage.PassAsync();
        stage.Sync.Provider.Put("contacts", "c1", """{"name":"Changed"}""");
        await stage.SyncAsync();
        var (isHeld, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        proxy.Arrived = async request =>
        {
            if (request is { Table: "ledger", IsBucket: true, IsWrite: false })
            {
                isHeld.TrySetResult();
                await goOn.Task;
            }
            return true;
        };
        var pass = (await stage.Store.BeginAsync(stage.Rows, null, Stop))!;
        await pass.OpenAsync(Stop);
        await isHeld.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop);

        // Storage does not answer, and it ends all the same.
        await pass.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1), Stop);

        goOn.SetResult();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_recalculation_over_a_damaged_body_reads_the_books_whole_and_finds_the_same(bool isGone)
    {
        await using var health = await HealthStage.StartAsync(azurite);
        var stage = new MappedStage(azurite, contacts: isGone ? 30 : 700);
        await stage.SyncAsync();
        health.Copy = stage.Rows;
        (await health.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.Done>();
        var before = await health.ReadAsync();
        var table = await health.Process.Get<AppStorage>().TableAsync(MappedBooks.Table, Stop);
        var bodies = await table.QueryAsync<TableEntity>(HealthKeys.Range(stage.Sync.Client, MappedBooks.Bodies)).ToListAsync(Stop);
        bodies.Count.ShouldBe(3);
        if (isGone)
        {
            foreach (var row in bodies.Take(2))
                await table.DeleteEntityAsync(row, cancellationToken: Stop);
        }
        else
        {
            // Cut short: that shows when hundreds of its records have passed the checks.
            var longest = bodies.MaxBy(EntityBody.Length)!;
            var body = Core.Ledger.Payload.Unpack(EntityBody.Read(longest));
            foreach (var row in PackedJson.Pack(stage.Sync.Client, longest.RowKey[..longest.RowKey.LastIndexOf('|')], body.Span[..(body.Length - 5)]))
                await table.UpsertEntityAsync(row, TableUpdateMode.Replace, Stop);
        }

        (await health.RecalculateAsync()).ShouldBeOfType<RecalculateOutcome.Done>();

        PublishingTests.Described((await health.ReadAsync()).Health.Outcomes).ShouldBe(PublishingTests.Described(before.Health.Outcomes));
        var anew = await table.QueryAsync<TableEntity>(HealthKeys.Range(stage.Sync.Client, MappedBooks.Bodies)).Select(row => row.RowKey).ToListAsync(Stop);
        anew.Count.ShouldBe(3);
        anew.Intersect(bodies.Select(row => row.RowKey)).ShouldBeEmpty("kept anew");
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
}
