using Azure.Data.Tables;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Ledger;

/// <summary>
/// A record's head row. Property names are one letter: each is sent and stored with every row.
/// H content fingerprint, U updated, D deletion, F first run, L last run, A and Q the sequences of the pages that added and last changed it,
/// P its deletion before that page, N how many rows hold the rest of the body.
/// </summary>
internal sealed record RecordRow(string Id, string Hash, DateTimeOffset? UpdatedAt, Deletion Deletion, string FirstRun, string LastRun, long Added, long Changed, Deletion? Before, int Parts)
{
    public static readonly string[] Fields = ["RowKey", "H", "U", "D", "F", "L", "A", "Q", "P", "N"];

    public static RecordRow From(TableEntity row) => new(
        TableKey.Unescape(row.RowKey),
        row.GetString("H") ?? "",
        row.GetDateTimeOffset("U"),
        (Deletion)(row.GetInt32("D") ?? 0),
        row.GetString("F") ?? "",
        row.GetString("L") ?? "",
        row.GetInt64("A") ?? 0,
        row.GetInt64("Q") ?? 0,
        row.GetInt32("P") is { } before ? (Deletion)before : null,
        row.GetInt32("N") ?? 0);

    public StoredRecord ToRecord(ReadOnlyMemory<byte> json) => new(Id, UpdatedAt, Deletion, new RunId(FirstRun), new RunId(LastRun), json);

    /// <summary>The rows to write for it: continuation rows first, the head last.</summary>
    public IReadOnlyList<TableEntity> ToRows(string partition, SourceRecord source)
    {
        var key = TableKey.Escape(Id);
        var body = Payload.Pack(source.Json.Span);
        var rows = new List<TableEntity>(1);
        var parts = 0;
        for (var at = EntityBody.MaxBytes; at < body.Length; at += EntityBody.MaxBytes)
        {
            var part = new TableEntity(partition, LedgerKeys.Part(key, Hash, ++parts));
            EntityBody.Write(part, body.Slice(at, Math.Min(EntityBody.MaxBytes, body.Length - at)));
            rows.Add(part);
        }
        var head = Head(partition, parts);
        EntityBody.Write(head, body[..Math.Min(body.Length, EntityBody.MaxBytes)]);
        rows.Add(head);
        return rows;
    }

    /// <summary>The head row without its body, to be merged over the one that is there.</summary>
    public TableEntity ToHead(string partition) => Head(partition, Parts);

    private TableEntity Head(string partition, int parts)
    {
        var head = new TableEntity(partition, TableKey.Escape(Id)) { ["H"] = Hash, ["F"] = FirstRun, ["L"] = LastRun, ["A"] = Added, ["Q"] = Changed };
        // A default is left out of a new row, but written where it may replace another value.
        if (UpdatedAt is { } updated)
            head["U"] = updated;
        if (Before is { } before)
            head["P"] = (int)before;
        if (Deletion != Deletion.None || Before is not null)
            head["D"] = (int)Deletion;
        if (parts > 0)
            head["N"] = parts;
        return head;
    }
}
