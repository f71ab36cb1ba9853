using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace DataHealth.Core.Backup;

/// <summary>Where a backup's files lie.</summary>
public interface IBackupPlace
{
    /// <summary>Begins a file, in place of one of that name.</summary>
    Task<Stream> CreateAsync(string file, CancellationToken cancellationToken);

    /// <summary>Opens a file; null when there is none.</summary>
    Task<Stream?> OpenAsync(string file, CancellationToken cancellationToken);
}

/// <summary>A folder.</summary>
public sealed class FolderPlace(string folder) : IBackupPlace
{
    /// <inheritdoc />
    public Task<Stream> CreateAsync(string file, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        return Task.FromResult<Stream>(new FileStream(Path.Combine(folder, file), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true));
    }

    /// <inheritdoc />
    public Task<Stream?> OpenAsync(string file, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, file);
        return Task.FromResult<Stream?>(File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true) : null);
    }

    /// <inheritdoc />
    public override string ToString() => folder;
}

/// <summary>A blob container, or a folder in one.</summary>
/// <param name="container">The container; it is there already.</param>
/// <param name="folder">Begins the blobs' names; empty for none.</param>
public sealed class ContainerPlace(BlobContainerClient container, string folder) : IBackupPlace
{
    // A blob has 50,000 blocks: 400 GB.
    private const int BlockBytes = 8 * 1024 * 1024;

    /// <inheritdoc />
    /// <exception cref="BackupException">The container is not there. It is not made here: its account, redundancy and deletion by age are somebody's decision.</exception>
    public async Task<Stream> CreateAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await container.GetBlockBlobClient(NameOf(file)).OpenWriteAsync(overwrite: true, new BlockBlobOpenWriteOptions { BufferSize = BlockBytes }, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            throw new BackupException(
                $"There is no container {container.Uri}. Create it: az storage container create --account-name {container.AccountName} --name {container.Name} --auth-mode login. Running the command again before that changes nothing.");
        }
    }

    /// <inheritdoc />
    public async Task<Stream?> OpenAsync(string file, CancellationToken cancellationToken)
    {
        var blob = container.GetBlockBlobClient(NameOf(file));
        return await blob.ExistsAsync(cancellationToken) ? await blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken) : null;
    }

    /// <inheritdoc />
    public override string ToString() => $"{container.Uri}/{folder}";

    private string NameOf(string file) => folder.Length == 0 ? file : $"{folder}/{file}";
}
