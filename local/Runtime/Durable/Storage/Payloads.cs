using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;

namespace DataHealth.Local.Runtime.Durable.Storage;

/// <summary>Keeps text that is too large for a row in a blob that is named by its content, so that writing it twice is writing it once.</summary>
internal sealed class Payloads(HubStorage storage)
{
    private const int InlineLimit = 16_000;
    private const int RowLimit = 400_000;
    private const int ChunkSize = 30_000;

    // No JSON text begins with it.
    private const char Marker = '\u0001';

    /// <summary>The text itself, or a reference to the blob that now holds it.</summary>
    public async Task<string?> PackAsync(string instanceId, string? text, int limit = InlineLimit)
    {
        if (text is null || text.Length <= limit)
            return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        var name = FolderOf(instanceId) + Convert.ToHexStringLower(SHA256.HashData(bytes));
        await storage.Blobs.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true);
        return Marker + name;
    }

    public async Task<string?> UnpackAsync(string? text)
    {
        if (text is not [Marker, .. var name])
            return text;
        var content = await storage.Blobs.GetBlobClient(name).DownloadContentAsync();
        return content.Value.Content.ToString();
    }

    /// <summary>Writes events into a row: in chunks that fit its properties, or into a blob when they do not fit the row.</summary>
    public async Task WriteAsync<T>(string instanceId, TableEntity row, IReadOnlyList<T> items, Func<T, HistoryEvent> read, Func<T, HistoryEvent, T> with)
    {
        var packed = new List<T>(items.Count);
        foreach (var item in items)
        {
            var e = read(item);
            var data = await PackAsync(instanceId, e.Data);
            packed.Add(ReferenceEquals(data, e.Data) ? item : with(item, e with { Data = data }));
        }
        var text = await PackAsync(instanceId, JsonSerializer.Serialize(packed), RowLimit);
        var chunk = 0;
        for (var at = 0; at < text!.Length; at += ChunkSize)
            row[$"Text{chunk++}"] = text.Substring(at, Math.Min(ChunkSize, text.Length - at));
    }

    public async Task<List<T>> ReadAsync<T>(TableEntity row, Func<T, HistoryEvent> read, Func<T, HistoryEvent, T> with)
    {
        var joined = new StringBuilder();
        for (var chunk = 0; row.GetString($"Text{chunk}") is { } part; chunk++)
            joined.Append(part);
        var items = JsonSerializer.Deserialize<List<T>>((await UnpackAsync(joined.ToString()))!)!;
        for (var i = 0; i < items.Count; i++)
        {
            if (read(items[i]) is { Data: [Marker, ..] } e)
                items[i] = with(items[i], e with { Data = await UnpackAsync(e.Data) });
        }
        return items;
    }

    public Task WriteAsync(string instanceId, TableEntity row, IReadOnlyList<HistoryEvent> events) =>
        WriteAsync(instanceId, row, events, e => e, (_, e) => e);

    public Task<List<HistoryEvent>> ReadAsync(TableEntity row) => ReadAsync<HistoryEvent>(row, e => e, (_, e) => e);

    public async Task DeleteAsync(string instanceId, CancellationToken cancellation)
    {
        await foreach (var blob in storage.Blobs.GetBlobsAsync(
            Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, FolderOf(instanceId), cancellation))
            await storage.Blobs.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellation);
    }

    private static string FolderOf(string instanceId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(instanceId)))[..32] + "/";
}
