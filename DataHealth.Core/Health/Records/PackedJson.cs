using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using DataHealth.Core.Ledger;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.Records;

/// <summary>JSON (or other bytes) of any length, compressed, over as many rows as it takes; the first says how many.</summary>
internal static class PackedJson
{
    /// <summary>So many rows of full bodies stay within the 4 MiB of a transaction, in Azurite's base64 too.</summary>
    public const int RowsInBatch = 3;

    private const string Count = "N";

    public static IReadOnlyList<TableEntity> Pack(ClientId client, string key, ReadOnlySpan<byte> json)
    {
        var body = Payload.Pack(json);
        var rows = new List<TableEntity>();
        for (var at = 0; at == 0 || at < body.Length; at += EntityBody.MaxBytes)
        {
            var row = new TableEntity(client.Value, string.Create(CultureInfo.InvariantCulture, $"{key}|{rows.Count:D3}"));
            EntityBody.Write(row, body.Slice(at, Math.Min(EntityBody.MaxBytes, body.Length - at)));
            rows.Add(row);
        }
        rows[0][Count] = rows.Count;
        return rows;
    }

    /// <summary>The bodies whose keys begin so, in order; one of which a row is missing (its version is being swept) does not come.</summary>
    public static async IAsyncEnumerable<(string Key, ReadOnlyMemory<byte> Json)> ReadAsync(
        TableClient table, ClientId client, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (key, rows) = ("", new List<TableEntity>());
        await foreach (var row in table.QueryAsync<TableEntity>(HealthKeys.Range(client, prefix), cancellationToken: cancellationToken))
        {
            var own = row.RowKey[..row.RowKey.LastIndexOf('|')];
            if (own != key && Whole(rows) is { } before)
                yield return (key, before);
            if (own != key)
                rows.Clear();
            key = own;
            rows.Add(row);
        }
        if (Whole(rows) is { } last)
            yield return (key, last);
    }

    /// <summary>One body in borrowed bytes, for whoever reads many and keeps none; null where it is gone. A key that other keys begin with is no key for this.</summary>
    public static async Task<BorrowedBytes?> BorrowAsync(TableClient table, ClientId client, string key, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync<TableEntity>(HealthKeys.Range(client, key), cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        if (!AreWhole(rows))
            return null;
        using var packed = new BorrowedBytes(rows.Sum(EntityBody.Length));
        Join(rows, packed.Array);
        var json = new BorrowedBytes(Payload.Length(packed.Bytes.Span));
        Payload.Unpack(packed.Bytes.Span, json.Array.AsSpan(0, json.Bytes.Length));
        return json;
    }

    private static ReadOnlyMemory<byte>? Whole(List<TableEntity> rows)
    {
        if (!AreWhole(rows))
            return null;
        var body = new byte[rows.Sum(EntityBody.Length)];
        Join(rows, body);
        return Payload.Unpack(body);
    }

    private static bool AreWhole(List<TableEntity> rows) => rows.Count > 0 && rows[0].GetInt32(Count) == rows.Count;

    private static void Join(List<TableEntity> rows, byte[] body)
    {
        using var whole = new MemoryStream(body);
        foreach (var row in rows)
            EntityBody.Read(row, whole);
    }
}
