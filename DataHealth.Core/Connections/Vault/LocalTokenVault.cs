using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DataHealth.Core.Connections.Vault;

/// <summary>
/// Secrets in encrypted files of one folder, for one machine. AES-256-GCM with a key that lies beside them, readable by its owner only: it keeps tokens out of backups of the data,
/// search indexes and screen shares, not from whoever may read the user's files. Safe for several processes: files are replaced whole.
/// </summary>
public sealed class LocalTokenVault : ITokenVault
{
    private const byte Format = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;
    private readonly Lazy<byte[]> _key;

    /// <summary>Opens the vault; folder and key are made at the first use.</summary>
    public LocalTokenVault(string folder)
    {
        _folder = Path.GetFullPath(folder);
        _key = new Lazy<byte[]>(ReadOrMakeKey, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <inheritdoc />
    public Task<string?> GetAsync(string name, CancellationToken cancellationToken) => Guarded<string?>(name, async () =>
    {
        byte[] sealedBytes;
        try
        {
            sealedBytes = await File.ReadAllBytesAsync(FileOf(name), cancellationToken);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        if (sealedBytes.Length < 1 + NonceSize + TagSize || sealedBytes[0] != Format)
            throw new VaultException($"The file of secret {name} in {_folder} is damaged. Delete it and reconnect.");
        var plain = new byte[sealedBytes.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(_key.Value, TagSize);
        try
        {
            aes.Decrypt(
                sealedBytes.AsSpan(1, NonceSize), sealedBytes.AsSpan(1 + NonceSize + TagSize), sealedBytes.AsSpan(1 + NonceSize, TagSize), plain, Encoding.ASCII.GetBytes(name));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new VaultException($"Secret {name} in {_folder} was written with another key, or is damaged. Put vault.key back, or delete the folder and reconnect.");
        }
        return Encoding.UTF8.GetString(plain);
    });

    /// <inheritdoc />
    public Task SetAsync(string name, string value, CancellationToken cancellationToken) => Guarded(name, async () =>
    {
        var plain = Encoding.UTF8.GetBytes(value);
        if (plain.Length > 25_000)
            throw new ArgumentException("A secret has at most 25 KB.", nameof(value));
        var sealedBytes = new byte[1 + NonceSize + TagSize + plain.Length];
        sealedBytes[0] = Format;
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(1, NonceSize));
        using var aes = new AesGcm(_key.Value, TagSize);
        // The name is part of what is authenticated: a file renamed to another secret's does not open.
        aes.Encrypt(
            sealedBytes.AsSpan(1, NonceSize), plain, sealedBytes.AsSpan(1 + NonceSize + TagSize), sealedBytes.AsSpan(1 + NonceSize, TagSize), Encoding.ASCII.GetBytes(name));
        var temporary = await WriteTemporaryAsync(sealedBytes, cancellationToken);
        File.Move(temporary, FileOf(name), overwrite: true);
        SyncFolder();
        return true;
    });

    /// <inheritdoc />
    public Task<SecretRemoval> DeleteAsync(string name, CancellationToken cancellationToken) => Guarded(name, () =>
    {
        if (Directory.Exists(_folder))
            File.Delete(FileOf(name));
        return Task.FromResult(SecretRemoval.Gone);
    });

    private static async Task<T> Guarded<T>(string name, Func<Task<T>> action)
    {
        SecretName.Check(name);
        try
        {
            return await action();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new VaultException($"The local vault: {failed.Message}", failed is UnauthorizedAccessException, failed);
        }
    }

    private string FileOf(string name) => Path.Combine(_folder, name + ".secret");

    // Two processes that begin together both make a key; one of them wins the name, and both use that.
    private byte[] ReadOrMakeKey()
    {
        MakeFolder();
        var file = Path.Combine(_folder, "vault.key");
        if (!File.Exists(file))
        {
            var temporary = WriteTemporaryAsync(RandomNumberGenerator.GetBytes(32), CancellationToken.None).GetAwaiter().GetResult();
            Name(temporary, file);
        }
        var key = File.ReadAllBytes(file);
        return key.Length == 32 ? key : throw new VaultException($"The key {file} is damaged. Put it back, or delete the folder and reconnect.");
    }

    // The first one wins. On Unix a move that must not overwrite looks first and then renames, and two that look at once overwrite each other's key; a link is made or refused in one step.
    private static void Name(string temporary, string file)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && Native.Link(temporary, file) == 0)
                File.Delete(temporary);
            else
                File.Move(temporary, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(temporary);
        }
    }

    // Complete on the disk before it gets its name: a crash leaves the old secret or the new one.
    private async Task<string> WriteTemporaryAsync(byte[] content, CancellationToken cancellationToken)
    {
        MakeFolder();
        var path = Path.Combine(_folder, $".{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        await using var stream = new FileStream(path, options);
        await stream.WriteAsync(content, cancellationToken);
        stream.Flush(flushToDisk: true);
        return path;
    }

    // A rename is on the disk when its folder is: without this, a power cut could bring the former pair back after the new one was used. Where the system has no such call, its own journal
    // orders the two.
    private void SyncFolder()
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = Native.Open(_folder, 0);
        if (folder < 0)
            throw new IOException($"The folder {_folder} cannot be opened to be written through.");
        var isWritten = Native.Sync(folder) == 0;
        _ = Native.Close(folder);
        if (!isWritten)
            throw new IOException($"The folder {_folder} could not be written through.");
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open")]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "link")]
        public static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

        [DllImport("libc", EntryPoint = "fsync")]
        public static extern int Sync(int descriptor);

        [DllImport("libc", EntryPoint = "close")]
        public static extern int Close(int descriptor);
    }

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(_folder, OwnerOnly | UnixFileMode.UserExecute);
    }
}
