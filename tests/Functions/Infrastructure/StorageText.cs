using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using DataHealth.Testing;

namespace DataHealth.Functions.Tests.Infrastructure;

/// <summary>Everything that an application has stored, as text: rows with their values, and blobs.</summary>
internal static class StorageText
{
    public static async Task<IReadOnlyList<string>> ReadAsync(Azurite azurite, string prefix, CancellationToken cancellationToken)
    {
        List<string> texts = [];
        var tables = new TableServiceClient(azurite.ConnectionString);
        await foreach (var table in tables.QueryAsync(cancellationToken: cancellationToken))
        {
            if (!table.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            await foreach (var row in tables.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: cancellationToken))
                texts.Add($"{table.Name}: {string.Join(' ', row.Select(pair => $"{pair.Key}={Text(pair.Value)}"))}");
        }
        var blobs = new BlobServiceClient(azurite.ConnectionString);
        await foreach (var container in blobs.GetBlobContainersAsync(cancellationToken: cancellationToken))
        {
            if (!container.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            await foreach (var blob in blobs.GetBlobContainerClient(container.Name).GetBlobsAsync(cancellationToken: cancellationToken))
            {
                var content = await blobs.GetBlobContainerClient(container.Name).GetBlobClient(blob.Name).DownloadContentAsync(cancellationToken);
                texts.Add($"{container.Name}/{blob.Name}: {Text(content.Value.Content.ToArray())}");
            }
        }
        return texts;
    }

    private static string? Text(object? value) => value switch
    {
        byte[] bytes => Encoding.Latin1.GetString(Unpacked(bytes)),
        _ => value?.ToString(),
    };

    // Records are stored compressed; a secret inside would hide from a search of the bytes.
    private static byte[] Unpacked(byte[] bytes)
    {
        foreach (var open in (Func<Stream, Stream>[])[
            stream => new System.IO.Compression.BrotliStream(stream, System.IO.Compression.CompressionMode.Decompress),
            stream => new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionMode.Decompress),
            stream => new System.IO.Compression.DeflateStream(stream, System.IO.Compression.CompressionMode.Decompress)])
        {
            try
            {
                using var opened = open(new MemoryStream(bytes));
                using var content = new MemoryStream();
                opened.CopyTo(content);
                if (content.Length > 0)
                    return content.ToArray();
            }
            catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
            {
                // Not packed this way.
            }
        }
        return bytes;
    }
}
