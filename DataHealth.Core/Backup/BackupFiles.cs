using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using Azure.Data.Tables;

namespace DataHealth.Core.Backup;

/// <summary>Writes one file of a backup: rows in, compressed lines out, counted and summed on the way.</summary>
internal sealed class BackupFileWriter : IAsyncDisposable
{
    private const int FlushBytes = 1 << 20;

    private readonly string _name;
    private readonly Stream _file;
    private readonly SummingStream _summed;
    private readonly GZipStream _packed;
    private readonly ArrayBufferWriter<byte> _lines = new();

    private BackupFileWriter(string name, Stream file)
    {
        (_name, _file) = (name, file);
        _summed = new SummingStream(file);
        _packed = new GZipStream(_summed, CompressionLevel.Fastest, leaveOpen: true);
    }

    public long Rows { get; private set; }

    public static async Task<BackupFileWriter> CreateAsync(IBackupPlace place, string file, CancellationToken cancellationToken) =>
        new(file + BackupFile.Ending, await place.CreateAsync(file + BackupFile.Ending, cancellationToken));

    public async ValueTask AddAsync(TableEntity row, CancellationToken cancellationToken)
    {
        EntityLine.Write(_lines, row);
        Rows++;
        if (_lines.WrittenCount >= FlushBytes)
            await FlushAsync(cancellationToken);
    }

    /// <summary>Ends the file.</summary>
    public async Task<BackupFile> EndAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await _packed.DisposeAsync();
        await _file.FlushAsync(cancellationToken);
        // A blob is only there once its stream is closed.
        await _file.DisposeAsync();
        return new BackupFile(_name, Rows, _summed.Count, _summed.Hash());
    }

    public async ValueTask DisposeAsync()
    {
        await _packed.DisposeAsync();
        await _file.DisposeAsync();
        _summed.Dispose();
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _packed.WriteAsync(_lines.WrittenMemory, cancellationToken);
        _lines.ResetWrittenCount();
    }
}

/// <summary>Reads files of a backup.</summary>
internal static class BackupFileReader
{
    private const int ReadBytes = 1 << 16;

    /// <summary>The rows of a file, in their order; one line in memory at a time.</summary>
    /// <exception cref="BackupException">The file is missing or broken.</exception>
    public static async IAsyncEnumerable<TableEntity> RowsAsync(IBackupPlace place, BackupFile file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await place.OpenAsync(file.Name, cancellationToken) ?? throw new BackupException($"The backup's file {file.Name} is missing.");
        await using var lines = new GZipStream(stream, CompressionMode.Decompress);
        var buffer = new byte[ReadBytes];
        var (from, to) = (0, 0);
        while (true)
        {
            int end;
            while ((end = buffer.AsSpan(from, to - from).IndexOf((byte)'\n')) < 0)
            {
                if (from > 0)
                {
                    buffer.AsSpan(from, to - from).CopyTo(buffer);
                    (from, to) = (0, to - from);
                }
                if (to == buffer.Length)
                    Array.Resize(ref buffer, buffer.Length * 2);
                var read = await ReadAsync(lines, buffer.AsMemory(to), file, cancellationToken);
                if (read == 0)
                {
                    if (to > from)
                        throw Broken(file, null);
                    yield break;
                }
                to += read;
            }
            TableEntity row;
            try
            {
                row = EntityLine.Read(buffer.AsMemory(from, end));
            }
            catch (InvalidDataException broken)
            {
                throw Broken(file, broken);
            }
            from += end + 1;
            yield return row;
        }
    }

    /// <summary>Proves that a file is as it was written: its sum, its length and its number of rows.</summary>
    /// <exception cref="BackupException">It is not.</exception>
    public static async Task VerifyAsync(IBackupPlace place, BackupFile file, CancellationToken cancellationToken)
    {
        await using (var stream = await place.OpenAsync(file.Name, cancellationToken) ?? throw new BackupException($"The backup's file {file.Name} is missing."))
        {
            if (!string.Equals(Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)), file.Sha256, StringComparison.OrdinalIgnoreCase))
                throw new BackupException($"The backup's file {file.Name} is not as it was written: its checksum differs. Take another backup.");
        }
        var rows = 0L;
        await foreach (var row in RowsAsync(place, file, cancellationToken))
            rows++;
        if (rows != file.Rows)
            throw new BackupException($"The backup's file {file.Name} holds {rows} rows and not {file.Rows}.");
    }

    private static async ValueTask<int> ReadAsync(GZipStream lines, Memory<byte> into, BackupFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadAsync(into, cancellationToken);
        }
        catch (InvalidDataException broken)
        {
            throw Broken(file, broken);
        }
    }

    private static BackupException Broken(BackupFile file, Exception? cause) => new($"The backup's file {file.Name} cannot be read to its end{(cause is null ? "" : $": {cause.Message}")}");
}

/// <summary>Counts and sums what is written through it.</summary>
internal sealed class SummingStream(Stream inner) : Storage.ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Count => Written;

    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Note(buffer);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        Note(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }

    private void Note(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        Written += buffer.Length;
    }
}
