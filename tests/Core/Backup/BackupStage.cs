using Azure.Data.Tables;
using DataHealth.Core.Backup;
using DataHealth.Core.Storage;
using DataHealth.Testing;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Tests.Backup;

/// <summary>Two storages, one to be copied and one to be filled, and a folder between them.</summary>
/// <param name="azurite">Where both are.</param>
/// <param name="from">How the one to be copied is reached, where something stands between.</param>
internal sealed class BackupStage(AzuriteFixture azurite, string? from = null) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("datahealth-backup-");

    public AppStorage From { get; } = NewStorage(from ?? azurite.ConnectionString);

    public AppStorage To { get; } = NewStorage(azurite.ConnectionString);

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public string Folder(string name) => Path.Combine(_folder.FullName, name);

    public FolderPlace Place(string name) => new(Folder(name));

    public Task<BackupManifest> BackupAsync(IBackupPlace place, BackupKind kind = BackupKind.Full) => new MakeBackup(From, TimeProvider.System).ExecuteAsync(place, kind, null, Cancelled);

    public Task<RestoreResult> RestoreAsync(IBackupPlace place, IBackupPlace? deletions = null, bool isNothingDeletedSince = false) =>
        new RestoreBackup(To, TimeProvider.System).ExecuteAsync(place, deletions, isNothingDeletedSince, null, Cancelled);

    /// <summary>Whether a restore has written that table yet.</summary>
    public Task<bool> IsWrittenAsync(string table) => To.HasRowsAsync(table, Cancelled);

    public static async Task PutAsync(AppStorage storage, string table, params TableEntity[] rows)
    {
        foreach (var row in rows)
            await (await storage.TableAsync(table, Cancelled)).UpsertEntityAsync(row, TableUpdateMode.Replace, Cancelled);
    }

    /// <summary>All rows of a table, as lines without what the storage adds.</summary>
    public static async Task<IReadOnlyList<string>> RowsAsync(AppStorage storage, string table)
    {
        List<string> rows = [];
        await foreach (var row in (await storage.TableAsync(table, Cancelled)).QueryAsync<TableEntity>(cancellationToken: Cancelled))
        {
            var line = new System.Buffers.ArrayBufferWriter<byte>();
            EntityLine.Write(line, row);
            rows.Add(System.Text.Encoding.UTF8.GetString(line.WrittenSpan));
        }
        return rows;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static AppStorage NewStorage(string connectionString) =>
        new(Options.Create(new StorageOptions { ConnectionString = connectionString, TablePrefix = Azurite.NewPrefix() }));
}

/// <summary>A place at which something happens when a file is begun: what the product does while it is copied.</summary>
internal sealed class Meanwhile(IBackupPlace place, Func<string, Task> happens) : IBackupPlace
{
    public async Task<Stream> CreateAsync(string file, CancellationToken cancellationToken)
    {
        await happens(file);
        return await place.CreateAsync(file, cancellationToken);
    }

    public async Task<Stream?> OpenAsync(string file, CancellationToken cancellationToken)
    {
        await happens("read " + file);
        return await place.OpenAsync(file, cancellationToken);
    }
}
