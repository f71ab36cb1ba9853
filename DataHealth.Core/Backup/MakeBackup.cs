using System.Reflection;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Backup;

/// <summary>
/// Copies the product's tables into files, while the product runs. Not a snapshot: rows are read one after the other, in an order in which what is restored goes on as after a crash
/// (docs/decisions/0911). Broken off it leaves no manifest, and is made again in the same place.
/// </summary>
public sealed class MakeBackup(AppStorage storage, TimeProvider time)
{
    /// <summary>Makes a backup. Holds a page of rows and one client's scores in memory.</summary>
    /// <param name="place">Where; one that was broken off there is overwritten.</param>
    /// <param name="kind">What.</param>
    /// <param name="progress">Told of each file that is done.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <exception cref="BackupException">There is a finished one in that place, or nothing to copy.</exception>
    /// <exception cref="RequestFailedException">The storage refused.</exception>
    public async Task<BackupManifest> ExecuteAsync(IBackupPlace place, BackupKind kind, IProgress<BackupFile>? progress, CancellationToken cancellationToken)
    {
        if (await BackupManifest.FindAsync(place, cancellationToken) is not null)
            throw new BackupException($"There is a finished backup in {place} already. Give another place.");
        await RequireProductAsync(cancellationToken);
        var (started, restless) = (await NowAsync(cancellationToken), 0);
        List<BackupFile> files = [];
        foreach (var rule in BackupTables.All.Where(table => kind is BackupKind.Full || table.Name == DeletionStore.Table))
        {
            await using var file = await BackupFileWriter.CreateAsync(place, rule.File, cancellationToken);
            var copy = new TableCopy(storage.Existing(rule.Name), rule, time);
            await copy.WriteAsync(file, cancellationToken);
            restless += copy.Restless;
            files.Add(await file.EndAsync(cancellationToken));
            progress?.Report(files[^1]);
        }
        var manifest = new BackupManifest
        {
            Format = BackupManifest.CurrentFormat,
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Product = typeof(MakeBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            Kind = kind,
            StartedAt = started,
            FinishedAt = await NowAsync(cancellationToken),
            Restless = restless,
            Files = files,
        };
        await using var stream = await place.CreateAsync(BackupManifest.FileName, cancellationToken);
        await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest), cancellationToken);
        return manifest;
    }

    // A backup of nothing is whole as well, and found out when it is needed.
    private async Task RequireProductAsync(CancellationToken cancellationToken)
    {
        foreach (var name in BackupTables.All.Select(table => table.Name).Distinct())
        {
            if (await storage.HasRowsAsync(name, cancellationToken))
                return;
        }
        throw new BackupException($"There is nothing of the product there: no table {storage.TableName(DeletionStore.Table)} or any other of that prefix has rows. Look at --prefix and --storage.");
    }

    // The clock that stamps the rows, not this machine's.
    private async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in storage.Existing(DeletionStore.Table).QueryAsync<TableEntity>(maxPerPage: 1, select: ["RowKey"], cancellationToken: cancellationToken).AsPages())
                return page.GetRawResponse().Headers.Date ?? time.GetUtcNow();
        }
        catch (RequestFailedException missing) when (missing.Status is 404)
        {
            return missing.GetRawResponse()?.Headers.Date ?? time.GetUtcNow();
        }
        return time.GetUtcNow();
    }
}
