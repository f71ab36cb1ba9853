namespace DataHealth.Core.Backup;

/// <summary>Proves that a backup is whole and unchanged, without any storage.</summary>
public static class VerifyBackup
{
    /// <summary>Reads every file to its end.</summary>
    /// <exception cref="BackupException">It is not whole, was changed, or is of a later product.</exception>
    public static async Task<BackupManifest> ExecuteAsync(IBackupPlace place, IProgress<BackupFile>? progress, CancellationToken cancellationToken)
    {
        var manifest = await ReadManifestAsync(place, cancellationToken);
        foreach (var file in manifest.Files)
        {
            await BackupFileReader.VerifyAsync(place, file, cancellationToken);
            progress?.Report(file);
        }
        return manifest;
    }

    private static async Task<BackupManifest> ReadManifestAsync(IBackupPlace place, CancellationToken cancellationToken)
    {
        var manifest = await BackupManifest.FindAsync(place, cancellationToken)
            ?? throw new BackupException($"There is no finished backup in {place}: it was never made there, or broken off. Made again in the same place, it overwrites what is there.");
        var expected = BackupTables.All.Where(table => manifest.Kind is BackupKind.Full || table.Name == Clients.Deletion.DeletionStore.Table);
        return expected.FirstOrDefault(table => manifest.Find(table.File) is null) is { } missing
            ? throw new BackupException($"The backup has no file of table {missing.Name}.")
            : manifest;
    }
}
