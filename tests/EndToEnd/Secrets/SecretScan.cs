using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Secrets;

/// <summary>A place where a secret was found; never the secret itself.</summary>
/// <param name="Place">Which row, blob, file or line.</param>
public sealed record Leak(string Place);

/// <summary>
/// Looks for secrets in all that a product leaves behind: plain, URL-encoded, escaped for JSON, as hexadecimal and in base64 at every alignment, and inside of what is
/// compressed or itself base64.
/// </summary>
public sealed class SecretScan
{
    private const int Shortest = 8;
    private const int Depth = 3;
    private readonly SearchValues<string> _spellings;

    /// <summary>Looks for these.</summary>
    public SecretScan(IEnumerable<string> secrets) =>
        _spellings = SearchValues.Create([.. secrets.Where(secret => secret.Length >= Shortest).SelectMany(Spellings).Distinct()], StringComparison.Ordinal);

    /// <summary>Values and bytes that were looked at.</summary>
    public int Looked { get; private set; }

    /// <summary>Every row of every table whose name begins so.</summary>
    public async Task<IReadOnlyList<Leak>> TablesAsync(Azurite azurite, CancellationToken cancellationToken, string prefix = "")
    {
        var leaks = new List<Leak>();
        var service = new TableServiceClient(azurite.ConnectionString);
        await foreach (var table in service.QueryAsync(cancellationToken: cancellationToken))
        {
            if (!table.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: cancellationToken))
            {
                foreach (var (name, value) in row)
                {
                    if (value is byte[] bytes ? Holds(bytes, Depth) : value is string text && Holds(text))
                        leaks.Add(new Leak($"{table.Name}: {row.PartitionKey} {row.RowKey} {name}"));
                }
                // What one property has no room for goes on in the next.
                if (Holds(string.Concat(row.Where(property => property.Value is string).Select(property => property.Value))))
                    leaks.Add(new Leak($"{table.Name}: {row.PartitionKey} {row.RowKey} over several properties"));
            }
        }
        return leaks;
    }

    /// <summary>Every blob of every container whose name begins so.</summary>
    public async Task<IReadOnlyList<Leak>> BlobsAsync(Azurite azurite, CancellationToken cancellationToken, string prefix = "")
    {
        var leaks = new List<Leak>();
        var service = new BlobServiceClient(azurite.ConnectionString);
        await foreach (var container in service.GetBlobContainersAsync(cancellationToken: cancellationToken))
        {
            if (!container.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            var blobs = service.GetBlobContainerClient(container.Name);
            await foreach (var blob in blobs.GetBlobsAsync(cancellationToken: cancellationToken))
            {
                var content = await blobs.GetBlobClient(blob.Name).DownloadContentAsync(cancellationToken);
                if (Holds(blob.Name) || Holds(content.Value.Content.ToArray(), Depth))
                    leaks.Add(new Leak($"{container.Name}/{blob.Name}"));
            }
        }
        return leaks;
    }

    /// <summary>Every file under a folder, and its name.</summary>
    public IReadOnlyList<Leak> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Holds(file) || Holds(File.ReadAllBytes(file), Depth)).Select(file => new Leak(Path.GetFileName(file)))];

    /// <summary>Every line.</summary>
    public IReadOnlyList<Leak> Lines(string place, string text) =>
        [.. text.Split('\n').Select((line, number) => (line, number)).Where(line => Holds(line.line)).Select(line => new Leak($"{place}, line {line.number + 1}"))];

    private static IEnumerable<string> Spellings(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return System.Web.HttpUtility.UrlEncode(secret);
        yield return System.Text.Json.JsonEncodedText.Encode(secret).ToString();
        yield return Convert.ToHexString(bytes);
        yield return Convert.ToHexStringLower(bytes);
        for (var shift = 0; shift < 3; shift++)
        {
            // Only the characters that the secret alone decides: neither its neighbours' bits nor padding.
            var text = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            var inner = text[((shift * 8 + 5) / 6)..((shift + bytes.Length) * 8 / 6)];
            yield return inner;
            yield return inner.Replace('+', '-').Replace('/', '_');
        }
    }

    private bool Holds(string text)
    {
        Looked++;
        return text.AsSpan().ContainsAny(_spellings) || (text.Length >= Shortest && Decoded(text) is { } bytes && Holds(bytes, Depth - 1));
    }

    private bool Holds(byte[] bytes, int depth)
    {
        Looked++;
        if (Encoding.Latin1.GetString(bytes).AsSpan().ContainsAny(_spellings) || Encoding.Unicode.GetString(bytes).AsSpan().ContainsAny(_spellings))
            return true;
        return depth > 0 && (Unpacked(bytes).Any(inner => Holds(inner, depth - 1)) || (Decoded(Encoding.Latin1.GetString(bytes)) is { } decoded && Holds(decoded, depth - 1)));
    }

    private static byte[]? Decoded(string text) => text.Length % 4 == 0 && Base64.IsValid(text) ? Convert.FromBase64String(text) : null;

    // A record of the ledger has five bytes of its own before what is compressed.
    private static IEnumerable<byte[]> Unpacked(byte[] bytes)
    {
        foreach (var skip in (int[])[0, 5])
        {
            foreach (var open in (Func<Stream, Stream>[])[
                stream => new BrotliStream(stream, CompressionMode.Decompress), stream => new GZipStream(stream, CompressionMode.Decompress),
                stream => new ZLibStream(stream, CompressionMode.Decompress), stream => new DeflateStream(stream, CompressionMode.Decompress)])
            {
                if (bytes.Length > skip && Unpack(open, bytes.AsMemory(skip)) is { Length: > 0 } content)
                    yield return content;
            }
        }
    }

    private static byte[]? Unpack(Func<Stream, Stream> open, ReadOnlyMemory<byte> packed)
    {
        try
        {
            using var opened = open(new MemoryStream(packed.ToArray()));
            using var content = new MemoryStream();
            opened.CopyTo(content);
            return content.ToArray();
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or IOException)
        {
            // Bytes that are something else: now and then they begin as a compressed stream would, which zlib says with an IOException of its own.
            return null;
        }
    }
}
