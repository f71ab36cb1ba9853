using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Retention;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Backup;

/// <summary>
/// Puts a backup into an empty storage, while the product stands still. Killed at any moment it is run again with the same backup and ends the same. What may not come back as it was
/// does not: leases, deleted clients, passes whose traces the books had lost when they were copied. Indexes are made from what they speak of.
/// </summary>
public sealed class RestoreBackup(AppStorage storage, TimeProvider time)
{
    // A row that says which restore is under way; the table is no part of backups.
    private const string Marker = "~restore";
    private const string Survived = "Survived";

    /// <summary>Checks the backup, then writes all of it.</summary>
    /// <param name="place">The backup.</param>
    /// <param name="deletions">A later backup (of any kind) that tells what was deleted since; null for none.</param>
    /// <param name="isNothingDeletedSince">The caller vouches that no client was deleted since the backup, or accepts that those come back.</param>
    /// <param name="progress">Told of each file that is written.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <exception cref="BackupException">The backup is not whole, the storage is not empty, or nothing tells what was deleted since.</exception>
    public async Task<RestoreResult> ExecuteAsync(
        IBackupPlace place, IBackupPlace? deletions, bool isNothingDeletedSince, IProgress<BackupFile>? progress, CancellationToken cancellationToken)
    {
        var manifest = await VerifyBackup.ExecuteAsync(place, null, cancellationToken);
        if (manifest.Kind is not BackupKind.Full)
            throw new BackupException("That backup holds deletions only. Restore a full one, and name this one with --deleted.");
        var later = deletions is null ? null : await VerifyBackup.ExecuteAsync(deletions, null, cancellationToken);
        if (later is not null && later.StartedAt < manifest.StartedAt)
            throw new BackupException("The backup that --deleted names is older than the one to be restored: it knows nothing of what was deleted since.");
        // What a restore that was broken off has written there itself is no survivor.
        var begun = await BegunAsync(manifest, later, cancellationToken);
        var survived = begun?.GetBoolean(Survived) ?? await storage.HasRowsAsync(DeletionStore.Table, cancellationToken);
        if (begun is null)
            await RequireEmptyAsync(cancellationToken);
        if (!survived && later is null && !isNothingDeletedSince)
            throw new BackupException(
                "Nothing tells which clients were deleted after this backup, and they would come back. Name a later backup of deletions with --deleted, or say --nothing-deleted-since where you know that there were none.");

        var tombstones = new Tombstones(manifest.StartedAt);
        await AddAsync(tombstones, place, manifest, cancellationToken);
        if (survived)
        {
            await foreach (var row in storage.Existing(DeletionStore.Table).QueryAsync<TableEntity>(cancellationToken: cancellationToken))
                tombstones.Add(row);
        }
        if (later is not null)
            await AddAsync(tombstones, deletions!, later, cancellationToken);
        tombstones.Settle();

        await MarkAsync(new TableEntity(Marker, Marker) { ["Backup"] = manifest.Id, ["Deletions"] = later?.Id, [Survived] = survived }, cancellationToken);
        var restore = new RestoreRows(storage, time, place, manifest, tombstones);
        foreach (var table in BackupTables.All.Where(table => table.File != BackupTables.StateAfter))
        {
            await restore.WriteAsync(table, cancellationToken);
            progress?.Report(manifest.Find(table.File)!);
        }
        var hastened = await restore.MakeDueAsync(cancellationToken);
        await (await storage.TableAsync(RetentionCursors.Table, cancellationToken)).DeleteEntityAsync(Marker, Marker, ETag.All, cancellationToken);
        return new RestoreResult(manifest, tombstones.Again, restore.OpenRuns, restore.PassesBegunAnew, hastened) { DeletionsKnownUpTo = later?.StartedAt };
    }

    private static async Task AddAsync(Tombstones tombstones, IBackupPlace place, BackupManifest manifest, CancellationToken cancellationToken)
    {
        await foreach (var row in BackupFileReader.RowsAsync(place, manifest.Find(DeletionStore.Table)!, cancellationToken))
            tombstones.Add(row);
    }

    // What says that the same restore was broken off here; null when none was.
    private async Task<TableEntity?> BegunAsync(BackupManifest manifest, BackupManifest? later, CancellationToken cancellationToken)
    {
        var marker = await storage.Existing(RetentionCursors.Table).GetEntityIfExistsAsync<TableEntity>(Marker, Marker, cancellationToken: cancellationToken);
        if (!marker.HasValue)
            return null;
        if (marker.Value!.GetString("Backup") != manifest.Id)
            throw new BackupException("The restore of another backup was broken off in this storage. Go on with that one, or empty the storage first.");
        if (marker.Value.GetString("Deletions") is { } named && named != later?.Id)
            throw new BackupException("The restore that was broken off here knew of deletions from another backup. Name the same one with --deleted again, or empty the storage first.");
        return marker.Value;
    }

    private async Task RequireEmptyAsync(CancellationToken cancellationToken)
    {
        foreach (var name in BackupTables.All.Select(one => one.Name).Concat(BackupTables.LeftOut.Keys).Distinct())
        {
            if (name is not (DeletionStore.Table or RetentionCursors.Table) && await storage.HasRowsAsync(name, cancellationToken))
                throw new BackupException($"The storage is not empty: table {storage.TableName(name)} has rows. A restore mixes with nothing; give an empty storage account, or another --prefix.");
        }
    }

    private async Task MarkAsync(TableEntity marker, CancellationToken cancellationToken) =>
        await (await storage.TableAsync(RetentionCursors.Table, cancellationToken)).UpsertEntityAsync(marker, TableUpdateMode.Replace, cancellationToken);
}

/// <summary>What a restore did.</summary>
/// <param name="Backup">The backup.</param>
/// <param name="DeletedAgain">Deletions of clients and practices that the sweeper carries out again once the product runs.</param>
/// <param name="OpenRuns">Runs in flight that the sweeper starts again from their checkpoints, and runs that did not succeed.</param>
/// <param name="PassesBegunAnew">Datasets that are read again from their first page, since the backup's books had gone on without them.</param>
/// <param name="MadeDue">Connected clients that no timetable named; they are due now.</param>
public sealed record RestoreResult(BackupManifest Backup, int DeletedAgain, int OpenRuns, int PassesBegunAnew, int MadeDue)
{
    /// <summary>What was deleted after that came back; null where the surviving table told, or nothing.</summary>
    public DateTimeOffset? DeletionsKnownUpTo { get; init; }
}
