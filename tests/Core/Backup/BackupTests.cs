using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Backup;
using DataHealth.Core.Sync;
using DataHealth.Testing;
using static DataHealth.Core.Tests.Backup.BackupStage;

namespace DataHealth.Core.Tests.Backup;

/// <summary>Backups on Azurite: what they hold, what comes back, and what they refuse. The whole story is told by tests/EndToEnd/Backup.</summary>
public sealed class BackupTests(AzuriteFixture azurite) : IDisposable
{
    private static readonly ClientId Alder = new(new string('a', 32));
    private static readonly ClientId Birch = new(new string('b', 32));
    private static readonly PracticeId Practice = new("practice");

    // What a storage gives in one answer.
    private const int PageRows = 1000;

    private readonly BackupStage _stage = new(azurite);

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void Every_table_of_the_product_is_backed_up_or_left_out_for_a_reason()
    {
        // A test of the functions holds that list to the code.
        var places = File.ReadLines(Path.Combine(Repository.Root, "tests", "Functions", "Deletion", "places.csv")).Skip(1).Select(line => line.Split(';')[0]);
        BackupTables.All.Select(table => table.Name).Distinct().Concat(BackupTables.LeftOut.Keys).Order(StringComparer.Ordinal).ShouldBe(places.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Rows_of_every_type_come_back_as_they_were_and_locks_do_not()
    {
        await PutAsync(_stage.From, "ledger", new TableEntity($"{Alder}|invoices|00", "1")
        {
            ["S"] = "",
            ["I"] = 7,
            ["L"] = long.MaxValue,
            ["D"] = 0.1,
            ["T"] = new DateTimeOffset(638_000_000_000_000_001, TimeSpan.Zero),
            ["G"] = Guid.Parse("7c1e6a30-52f1-4d0a-9a3c-1f8b7e2d4c55"),
            ["B"] = Enumerable.Range(0, 64 * 1024).Select(n => (byte)n).ToArray(),
            ["F"] = false,
        }, new TableEntity($"{Alder}|invoices|00", "~fence") { ["Epoch"] = 9L });
        await PutAsync(_stage.From, "grants", new TableEntity("g", "lease") { ["Owner"] = "a process" }, new TableEntity("g", "grant") { ["RefreshedAt"] = new DateTimeOffset(2026, 11, 20, 1, 2, 3, TimeSpan.Zero) });
        await PutAsync(_stage.From, "limits", new TableEntity("x", "gate"), new TableEntity("x-orders-1", "order-invoices"));
        var before = await RowsAsync(_stage.From, "ledger");

        await _stage.BackupAsync(_stage.Place("one"));
        await _stage.RestoreAsync(_stage.Place("one"), isNothingDeletedSince: true);

        (await RowsAsync(_stage.To, "ledger")).ShouldBe([before[0]]);
        (await RowsAsync(_stage.To, "grants")).ShouldHaveSingleItem().ShouldContain("RefreshedAt");
        (await RowsAsync(_stage.To, "grantsdue")).ShouldHaveSingleItem().ShouldContain("20261120-g");
        (await RowsAsync(_stage.To, "limits")).ShouldHaveSingleItem().ShouldContain("order-invoices");
    }

    [Fact]
    public async Task A_record_over_several_rows_that_is_written_again_while_it_is_copied_is_whole()
    {
        var table = await _stage.From.TableAsync("ledger", Cancelled);
        var partition = $"{Alder}|invoices|00";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await WriteAsync(0);
        var writing = Task.Run(async () =>
        {
            for (var version = 1; !stop.IsCancellationRequested; version++)
                await WriteAsync(version);
        }, Cancelled);

        for (var number = 0; number < 10; number++)
            await _stage.BackupAsync(_stage.Place($"{number}"));
        await stop.CancelAsync();
        await writing;

        for (var number = 0; number < 10; number++)
        {
            var manifest = (await BackupManifest.FindAsync(_stage.Place($"{number}"), Cancelled))!;
            var rows = await BackupFileReader.RowsAsync(_stage.Place($"{number}"), manifest.Find("ledger")!, Cancelled).ToListAsync(Cancelled);
            var head = rows.Single(row => row.RowKey == "1");
            rows.Where(row => row.RowKey != "1").Select(row => row.RowKey).ShouldBe([$"~part~1~{head.GetString("H")}~001", $"~part~1~{head.GetString("H")}~002"]);
        }

        // In the order of the product's writer: the parts, the head, and then the former parts go.
        async Task WriteAsync(int version)
        {
            foreach (var part in (int[])[1, 2])
                await table.UpsertEntityAsync(new TableEntity(partition, $"~part~1~h{version}~{part:D3}"), cancellationToken: CancellationToken.None);
            await table.UpsertEntityAsync(new TableEntity(partition, "1") { ["H"] = $"h{version}", ["N"] = 2 }, TableUpdateMode.Replace, CancellationToken.None);
            foreach (var part in (int[])[1, 2])
                await table.DeleteEntityAsync(partition, $"~part~1~h{version - 1}~{part:D3}", cancellationToken: CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_full_pass_that_ended_while_the_books_were_copied_is_begun_anew_and_one_that_goes_on_is_kept()
    {
        var began = new DatasetState { Dataset = "invoices", Pass = new Pass { Id = "one", Mode = PassMode.Full, NextPage = 6 }, Watermark = DateTimeOffset.UnixEpoch };
        await PutAsync(_stage.From, "syncstate", State(Alder, began), State(Birch, began));

        await _stage.BackupAsync(new Meanwhile(_stage.Place("one"), file =>
            file == "ledger.jsonl.gz" ? PutAsync(_stage.From, "syncstate", State(Alder, began with { Pass = null }), State(Birch, began with { Pass = began.Pass! with { NextPage = 8 } })) : Task.CompletedTask));
        var result = await _stage.RestoreAsync(_stage.Place("one"), isNothingDeletedSince: true);

        result.PassesBegunAnew.ShouldBe(1);
        var states = await (await _stage.To.TableAsync("syncstate", Cancelled)).QueryAsync<TableEntity>(cancellationToken: Cancelled)
            .ToDictionaryAsync(row => row.PartitionKey, row => JsonSerializer.Deserialize(row.GetString("Body"), SyncJson.Default.DatasetState)!, cancellationToken: Cancelled);
        (states[Alder.Value].Pass, states[Alder.Value].NeedsFull).ShouldBe((null, true));
        // As it was before the books were copied: what came since is found as after a crash.
        states[Birch.Value].Pass!.NextPage.ShouldBe(6);

        static TableEntity State(ClientId client, DatasetState state) => new(client.Value, state.Dataset) { ["Body"] = JsonSerializer.Serialize(state, SyncJson.Default.DatasetState) };
    }

    [Fact]
    public async Task What_is_due_and_what_is_open_is_found_again_by_the_clients_own_rows()
    {
        var due = new DueClients(_stage.From, TimeProvider.System);
        var at = new DateTimeOffset(2026, 11, 28, 3, 0, 0, TimeSpan.Zero);
        await due.SetAsync(Alder, at, Cancelled);
        // Its place in the timetable was being moved: read before at the new one, and after at the old one.
        await PutAsync(_stage.From, "due", new TableEntity("due", "0000000000000000001|" + Alder));
        await PutAsync(_stage.From, "connections", Connection(Alder), Connection(Birch));
        var run = new RunRecord { ClientId = Alder, RunId = RunId.New(TimeProvider.System), Practice = Practice, Fence = 3, State = RunState.Running };
        await PutAsync(_stage.From, "runs", new TableEntity(Alder.Value, "current") { ["Body"] = JsonSerializer.Serialize(run, SyncJson.Default.RunRecord) });

        await _stage.BackupAsync(_stage.Place("one"));
        var result = await _stage.RestoreAsync(_stage.Place("one"), isNothingDeletedSince: true);

        (result.OpenRuns, result.MadeDue).ShouldBe((1, 1));
        var again = new DueClients(_stage.To, TimeProvider.System);
        (await again.FindAsync(Alder, Cancelled)).ShouldBe(at);
        (await again.OldestAsync(Cancelled)).ShouldNotBe(new DateTimeOffset(1, TimeSpan.Zero));
        (await again.FindAsync(Birch, Cancelled)).ShouldNotBeNull();
        var found = await new SweepRuns(_stage.To, Microsoft.Extensions.Options.Options.Create(new SyncOptions()), TimeProvider.System).ExecuteAsync(Cancelled);
        found.ShouldHaveSingleItem().Run.ShouldBe(run.RunId);

        static TableEntity Connection(ClientId client) => new(client.Value, "connection") { ["State"] = "Connected", ["Practice"] = Practice.Value };
    }

    [Fact]
    public async Task A_backup_of_nothing_is_refused()
    {
        foreach (var kind in (BackupKind[])[BackupKind.Full, BackupKind.Deletions])
            (await Should.ThrowAsync<BackupException>(() => _stage.BackupAsync(_stage.Place("nothing"), kind))).Message.ShouldContain("--prefix");
    }

    [Theory]
    [InlineData("{\"format\":2}", "format 2")]
    [InlineData("{\"format\":1,\"id\":7}", "damaged")]
    [InlineData("{}", "damaged")]
    public async Task A_manifest_that_cannot_be_understood_is_neither_used_nor_overwritten(string manifest, string words)
    {
        Directory.CreateDirectory(_stage.Folder("one"));
        await File.WriteAllTextAsync(Path.Combine(_stage.Folder("one"), "manifest.json"), manifest, Cancelled);
        await PutAsync(_stage.From, "clients", new TableEntity(Practice.Value, Alder.Value));

        (await Should.ThrowAsync<BackupException>(() => _stage.BackupAsync(_stage.Place("one")))).Message.ShouldContain(words);
        (await Should.ThrowAsync<BackupException>(() => _stage.RestoreAsync(_stage.Place("one")))).Message.ShouldContain(words);
    }

    [Fact]
    public async Task A_client_s_scores_that_are_published_while_they_are_copied_are_of_one_version()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite, Cancelled);
        using var stage = new BackupStage(azurite, proxy.ConnectionString);
        var table = await stage.From.TableAsync("health", Cancelled);
        // A page of rows ends with the head, and the next one begins with what the head names: published between the two, the one names what the other no longer holds.
        foreach (var some in Enumerable.Range(0, PageRows - 1).Chunk(100))
            await table.SubmitTransactionAsync(some.Select(number => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(Alder.Value, $"a|{number:D6}"))), Cancelled);
        await PublishAsync(0);
        var (fences, published) = (0, 0);
        proxy.Answered = async request =>
        {
            if (request is not { IsWrite: false, Table: "health" })
                return true;
            if (request.Words.Contains("~fence", StringComparison.Ordinal))
                fences++;
            // After the first page of the copy, and once more after that of its second reading: the third one is left alone.
            else if ((published, fences) is (0, 0) or (1, 1))
                await PublishAsync(++published);
            return true;
        };

        var manifest = await stage.BackupAsync(stage.Place("one"));

        // The fence is asked before and after each reading but the first.
        (published, fences, manifest.Restless).ShouldBe((2, 4, 0));
        var rows = await BackupFileReader.RowsAsync(stage.Place("one"), manifest.Find("health")!, Cancelled).ToListAsync(Cancelled);
        rows.Single(row => row.RowKey == "head").GetInt32("V").ShouldBe(2);
        rows.Where(row => row.RowKey.StartsWith("v|", StringComparison.Ordinal)).Select(row => row.RowKey).ShouldBe(["v|000002|s"]);

        // As the product publishes: each batch with the partition's fence, the version's rows first, then its head, then the former's rows go.
        async Task PublishAsync(int version)
        {
            foreach (var action in (TableTransactionAction[])[
                new(TableTransactionActionType.UpsertReplace, new TableEntity(Alder.Value, $"v|{version:D6}|s")),
                new(TableTransactionActionType.UpsertReplace, new TableEntity(Alder.Value, "head") { ["V"] = version }),
                .. version == 0 ? [] : (TableTransactionAction[])[new(TableTransactionActionType.Delete, new TableEntity(Alder.Value, $"v|{version - 1:D6}|s"), Azure.ETag.All)]])
                await table.SubmitTransactionAsync([action, new(TableTransactionActionType.UpsertReplace, new TableEntity(Alder.Value, "~fence") { ["Epoch"] = (long)version })], CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_backup_that_was_broken_off_is_refused_and_made_again_in_the_same_place()
    {
        await PutAsync(_stage.From, "clients", new TableEntity(Practice.Value, Alder.Value) { ["Name"] = "A name" });
        var place = _stage.Place("one");
        var killed = new Meanwhile(place, file => file == "clients.jsonl.gz" ? throw new IOException("The disk is full.") : Task.CompletedTask);
        await Should.ThrowAsync<IOException>(() => _stage.BackupAsync(killed));
        (await Should.ThrowAsync<BackupException>(() => _stage.RestoreAsync(place, isNothingDeletedSince: true))).Message.ShouldContain("broken off");

        await _stage.BackupAsync(place);
        (await VerifyBackup.ExecuteAsync(place, null, Cancelled)).Find("clients")!.Rows.ShouldBe(1);
        (await Should.ThrowAsync<BackupException>(() => _stage.BackupAsync(place))).Message.ShouldContain("already");
    }

    [Fact]
    public async Task A_backup_that_was_changed_or_cut_is_refused_before_anything_is_written()
    {
        await PutAsync(_stage.From, "clients", new TableEntity(Practice.Value, Alder.Value) { ["Name"] = "A name" });
        await _stage.BackupAsync(_stage.Place("one"));
        var file = Path.Combine(_stage.Folder("one"), "clients.jsonl.gz");
        var bytes = await File.ReadAllBytesAsync(file, Cancelled);
        foreach (var damaged in (byte[][])[bytes[..^5], [.. bytes[..20], (byte)~bytes[20], .. bytes[21..]], []])
        {
            await File.WriteAllBytesAsync(file, damaged, Cancelled);
            (await Should.ThrowAsync<BackupException>(() => _stage.RestoreAsync(_stage.Place("one"), isNothingDeletedSince: true))).Message.ShouldContain("clients.jsonl.gz");
        }
        File.Delete(file);
        (await Should.ThrowAsync<BackupException>(() => _stage.RestoreAsync(_stage.Place("one"), isNothingDeletedSince: true))).Message.ShouldContain("missing");
        (await RowsAsync(_stage.To, "clients")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_backup_in_a_blob_container_is_the_same()
    {
        await PutAsync(_stage.From, "clients", new TableEntity(Practice.Value, Alder.Value) { ["Name"] = "A name" });
        var container = new Azure.Storage.Blobs.BlobContainerClient(azurite.ConnectionString, Azurite.NewPrefix());
        await container.CreateAsync(cancellationToken: Cancelled);
        var place = new ContainerPlace(container, "a/folder");
        (await Should.ThrowAsync<BackupException>(() => _stage.RestoreAsync(place))).Message.ShouldContain("no finished backup");
        await _stage.BackupAsync(place);
        await _stage.RestoreAsync(place, isNothingDeletedSince: true);
        (await RowsAsync(_stage.To, "clients")).ShouldBe(await RowsAsync(_stage.From, "clients"));
    }

    [Fact]
    public async Task A_restore_mixes_with_nothing_and_one_that_was_broken_off_goes_on_with_the_same_backup_only()
    {
        await PutAsync(_stage.From, "clients", new TableEntity(Practice.Value, Alder.Value) { ["Name"] = "A name" });
        await PutAsync(_stage.From, "runevents", new TableEntity(Alder.Value, "1") { ["Text"] = "begun" });
        await _stage.BackupAsync(_stage.Place("one"));
        await _stage.BackupAsync(_stage.Place("two"));
        // The first reading is the check.
        var seen = 0;
        var killed = new Meanwhile(_stage.Place("one"), file => file == "read clients.jsonl.gz" && ++seen > 2 ? throw new IOException("Killed.") : Task.CompletedTask);
        await Should.ThrowAsync<IOException>(() => _stage.RestoreAsync(killed, isNothingDeletedSince: true));
        (await RowsAsync(_stage.To, "runevents")).Count.ShouldBe(1);
        (await RowsAsync(_stage.To, "clients")).ShouldBeEmpty();

        (await Should.ThrowAsync<BackupException>(() => _stage.RestoreAsync(_stage.Place("two"), isNothingDeletedSince: true))).Message.ShouldContain("another backup");
        await _stage.RestoreAsync(_stage.Place("one"), isNothingDeletedSince: true);
        (await RowsAsync(_stage.To, "clients")).ShouldBe(await RowsAsync(_stage.From, "clients"));
        (await Should.ThrowAsync<BackupException>(() => _stage.RestoreAsync(_stage.Place("one"), isNothingDeletedSince: true))).Message.ShouldContain("not empty");
    }
}
