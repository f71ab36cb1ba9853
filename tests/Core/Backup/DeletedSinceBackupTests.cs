using Azure.Data.Tables;
using DataHealth.Core.Backup;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Practices.Deletion;
using DataHealth.Testing;
using static DataHealth.Core.Tests.Backup.BackupStage;

namespace DataHealth.Core.Tests.Backup;

/// <summary>A restore brings nobody back who was deleted after the backup.</summary>
public sealed class DeletedSinceBackupTests(AzuriteFixture azurite) : IDisposable
{
    private static readonly ClientId Alder = new(new string('a', 32));
    private static readonly ClientId Birch = new(new string('b', 32));
    private static readonly PracticeId Practice = new("practice");

    private readonly BackupStage _stage = new(azurite);

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_was_deleted_after_the_backup_stays_deleted(bool tableSurvived)
    {
        var now = TimeProvider.System.GetUtcNow();
        var before = Deletion(Birch, DeletionKind.Client, now.AddDays(-3));
        await PutAsync(_stage.From, "clients", Client(Alder), Client(Birch));
        // Made anew since: that is not who was deleted.
        await PutAsync(_stage.From, "deletions", DeletionStore.BodyRow(before));
        await _stage.BackupAsync(_stage.Place("one"));
        var after = Deletion(Alder, DeletionKind.Client, now);
        await PutAsync(_stage.From, "deletions", DeletionStore.BodyRow(after));
        await _stage.BackupAsync(_stage.Place("later"), BackupKind.Deletions);
        if (tableSurvived)
            await PutAsync(_stage.To, "deletions", DeletionStore.BodyRow(before), DeletionStore.BodyRow(after));
        else
            (await Should.ThrowAsync<BackupException>(() => _stage.RestoreAsync(_stage.Place("one")))).Message.ShouldContain("--deleted");

        var result = await _stage.RestoreAsync(_stage.Place("one"), tableSurvived ? null : _stage.Place("later"));

        result.DeletedAgain.ShouldBe(1);
        var deletions = new DeletionStore(_stage.To);
        (await deletions.OpenAsync(Cancelled)).ShouldBe([after.Id]);
        (await deletions.FindAsync(Practice, after.Id, Cancelled))!.CompletedAt.ShouldBeNull();
        (await deletions.FindAsync(Practice, before.Id, Cancelled))!.CompletedAt.ShouldBe(before.CompletedAt);
        var marks = new DeletionMarks(_stage.To);
        (await marks.FindAsync(Practice, Alder, Cancelled)).ShouldBe(after.Id);
        (await marks.FindAsync(Practice, Birch, Cancelled)).ShouldBeNull();

        static TableEntity Client(ClientId client) => new(Practice.Value, client.Value) { ["Name"] = "A name", ["CreatedAt"] = DateTimeOffset.UtcNow.AddDays(-1), ["CreatedBy"] = "m" };
    }

    // Other table names beside the old ones (docs/operations.md): the old table of deletions is not looked at, so its last backup is what must be named.
    [Theory]
    [InlineData("hourly", 0)]
    [InlineData("final", 1)]
    public async Task A_restore_beside_the_old_tables_keeps_deleted_whom_the_named_backup_of_deletions_knows(string named, int again)
    {
        await PutAsync(_stage.From, "clients", new TableEntity(Practice.Value, Alder.Value) { ["Name"] = "A name", ["CreatedAt"] = DateTimeOffset.UtcNow.AddDays(-9), ["CreatedBy"] = "m" });
        await _stage.BackupAsync(_stage.Place("one"));
        await _stage.BackupAsync(_stage.Place("hourly"), BackupKind.Deletions);
        var after = Deletion(Alder, DeletionKind.Client, TimeProvider.System.GetUtcNow());
        await PutAsync(_stage.From, "deletions", DeletionStore.BodyRow(after));
        await _stage.BackupAsync(_stage.Place("final"), BackupKind.Deletions);
        (await Should.ThrowAsync<BackupException>(() => _stage.RestoreAsync(_stage.Place("one")))).Message.ShouldContain("--deleted");

        var result = await _stage.RestoreAsync(_stage.Place("one"), _stage.Place(named));

        result.DeletedAgain.ShouldBe(again);
        (await new DeletionMarks(_stage.To).FindAsync(Practice, Alder, Cancelled)).ShouldBe(again == 0 ? null : after.Id);
    }

    [Fact]
    public async Task Data_and_practices_that_were_deleted_after_the_backup_stay_deleted_and_what_was_deleted_before_is_left_alone()
    {
        var now = TimeProvider.System.GetUtcNow();
        var other = new PracticeId("other");
        await PutAsync(_stage.From, "clients", Client(Practice, Alder, now.AddDays(-9)), Client(Practice, Birch, now.AddDays(-9)));
        var cleared = Deletion(Alder, DeletionKind.Data, now.AddDays(-5));
        await PutAsync(_stage.From, "deletions", DeletionStore.BodyRow(cleared), PracticeDeletionStore.Row(Gone(other, now.AddDays(-4))));
        await _stage.BackupAsync(_stage.Place("one"));
        var data = Deletion(Birch, DeletionKind.Data, now);
        await PutAsync(_stage.From, "deletions", DeletionStore.BodyRow(data), PracticeDeletionStore.Row(Gone(Practice, now)));
        await _stage.BackupAsync(_stage.Place("later"), BackupKind.Deletions);

        (await _stage.RestoreAsync(_stage.Place("one"), _stage.Place("later"))).DeletedAgain.ShouldBe(2);

        (await new DeletionStore(_stage.To).OpenAsync(Cancelled)).ShouldBe([data.Id]);
        (await new PracticeDeletionStore(_stage.To).OpenAsync(Cancelled)).ShouldBe([Practice]);
        var rows = await (await _stage.To.TableAsync("clients", Cancelled)).QueryAsync<TableEntity>(cancellationToken: Cancelled).ToDictionaryAsync(row => row.RowKey, cancellationToken: Cancelled);
        (rows[Alder.Value].GetString("ClearedBy"), rows[Birch.Value].GetString("ClearedBy"), rows[Birch.Value].GetString("DeletedBy")).ShouldBe((null, data.Id.Value, null));

        static TableEntity Client(PracticeId practice, ClientId client, DateTimeOffset at) => new(practice.Value, client.Value) { ["Name"] = "A name", ["CreatedAt"] = at, ["CreatedBy"] = "m" };
        static PracticeDeletion Gone(PracticeId practice, DateTimeOffset at) => new() { Practice = practice, RequestedBy = new MemberId("m"), RequestedAt = at, CompletedAt = at, Counts = new Dictionary<string, long>() };
    }

    [Fact]
    public async Task Promise_6_a_restore_that_was_broken_off_is_not_gone_on_with_without_the_deletions_that_it_knew_of()
    {
        await PutAsync(_stage.From, "clients", new TableEntity(Practice.Value, Alder.Value) { ["Name"] = "A name", ["CreatedAt"] = DateTimeOffset.UtcNow.AddDays(-9), ["CreatedBy"] = "m" });
        await _stage.BackupAsync(_stage.Place("one"));
        var after = Deletion(Alder, DeletionKind.Client, TimeProvider.System.GetUtcNow());
        await PutAsync(_stage.From, "deletions", DeletionStore.BodyRow(after), new TableEntity(DeletionStore.Done, $"1|{after.Id}") { ["Practice"] = Practice.Value });
        await _stage.BackupAsync(_stage.Place("later"), BackupKind.Deletions);
        await _stage.BackupAsync(_stage.Place("other"), BackupKind.Deletions);
        // Killed after the table of deletions was written: those rows are its own, and no survivors.
        var killed = new Meanwhile(_stage.Place("one"), file => file.StartsWith("read ", StringComparison.Ordinal) && _stage.IsWrittenAsync("deletions").Result ? throw new IOException("Killed.") : Task.CompletedTask);
        await Should.ThrowAsync<IOException>(() => _stage.RestoreAsync(killed, _stage.Place("later")));

        foreach (var wrong in (IBackupPlace?[])[null, _stage.Place("other")])
            (await Should.ThrowAsync<BackupException>(() => _stage.RestoreAsync(_stage.Place("one"), wrong))).Message.ShouldContain("--deleted");
        var result = await _stage.RestoreAsync(_stage.Place("one"), _stage.Place("later"));

        (result.DeletedAgain, result.DeletionsKnownUpTo is null).ShouldBe((1, false));
        (await new DeletionMarks(_stage.To).FindAsync(Practice, Alder, Cancelled)).ShouldBe(after.Id);
        (await RowsAsync(_stage.To, "deletions")).Count(row => row.Contains($"1|{after.Id}", StringComparison.Ordinal)).ShouldBe(0, "it is counted when it ends again");
    }

    [Fact]
    public async Task Promise_6_nobody_but_who_asked_comes_back_into_a_practice_that_was_deleted()
    {
        await PutAsync(_stage.From, "practices", Member("asked"), Member("colleague"), Address("a1", "asked"), Address("a2", "colleague"), new TableEntity(Practice.Value, "practice") { ["Name"] = "Birch" });
        await _stage.BackupAsync(_stage.Place("one"));
        var now = TimeProvider.System.GetUtcNow();
        await PutAsync(_stage.From, "deletions", PracticeDeletionStore.Row(new PracticeDeletion { Practice = Practice, RequestedBy = new MemberId("asked"), RequestedAt = now, CompletedAt = now, Counts = new Dictionary<string, long>() }));
        await _stage.BackupAsync(_stage.Place("later"), BackupKind.Deletions);

        await _stage.RestoreAsync(_stage.Place("one"), _stage.Place("later"));

        var rows = await (await _stage.To.TableAsync("practices", Cancelled)).QueryAsync<TableEntity>(cancellationToken: Cancelled).Select(row => row.RowKey).ToListAsync(Cancelled);
        rows.ShouldBe(["email|a1", "member|asked", "practice"], ignoreOrder: true);

        static TableEntity Member(string id) => new(Practice.Value, $"member|{id}") { ["Name"] = id };
        static TableEntity Address(string key, string id) => new(Practice.Value, $"email|{key}") { ["Member"] = id };
    }

    [Fact]
    public async Task A_restore_that_was_broken_off_keeps_what_the_surviving_table_knew()
    {
        var now = TimeProvider.System.GetUtcNow();
        await PutAsync(_stage.From, "clients", new TableEntity(Practice.Value, Alder.Value) { ["Name"] = "A name", ["CreatedAt"] = now.AddDays(-9), ["CreatedBy"] = "m" });
        await _stage.BackupAsync(_stage.Place("one"));
        var after = Deletion(Alder, DeletionKind.Client, now);
        await PutAsync(_stage.To, "deletions", DeletionStore.BodyRow(after));
        var seen = 0;
        var killed = new Meanwhile(_stage.Place("one"), file => file == "read audit.jsonl.gz" && ++seen > 2 ? throw new IOException("Killed.") : Task.CompletedTask);
        await Should.ThrowAsync<IOException>(() => _stage.RestoreAsync(killed));

        (await _stage.RestoreAsync(_stage.Place("one"))).DeletedAgain.ShouldBe(1);

        (await new DeletionMarks(_stage.To).FindAsync(Practice, Alder, Cancelled)).ShouldBe(after.Id);
        (await new DeletionStore(_stage.To).OpenAsync(Cancelled)).ShouldBe([after.Id]);
    }

    private static ClientDeletion Deletion(ClientId client, DeletionKind kind, DateTimeOffset at) => new()
    {
        Id = DeletionId.New(TimeProvider.System),
        Practice = Practice,
        Client = client,
        Kind = kind,
        RequestedBy = new MemberId("m"),
        RequestedAt = at,
        CompletedAt = at,
        Provider = ProviderPart.LetGo,
        Counts = new Dictionary<string, long>(),
    };
}
