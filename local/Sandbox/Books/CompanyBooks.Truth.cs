using System.Buffers;
using System.Text.Json;

namespace DataHealth.Local.Sandbox.Books;

public sealed partial class CompanyBooks
{
    private static readonly Dictionary<string, HashSet<string>> Silent = new(StringComparer.Ordinal)
    {
        [BookCollections.Contacts] = ["Balances", "IsSupplier", "IsCustomer"],
        [BookCollections.Invoices] = ["DueDate", "DueDateString", "SentToContact"],
        [BookCollections.BankTransactions] = ["IsReconciled"],
        [BookCollections.Payments] = ["IsReconciled"],
    };

    /// <summary>The fields of a collection that may change without moving UpdatedDateUTC (facts 2.4).</summary>
    public static IReadOnlySet<string> SilentFields(string collection) =>
        Silent.TryGetValue(collection, out var fields) ? fields : new HashSet<string>();

    public CollectionTruth Truth(string collection, TruthOptions options)
    {
        var checksum = new CanonicalChecksum();
        var totals = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        void Add(string key, decimal value) => totals[key] = totals.GetValueOrDefault(key) + value;
        var (count, hidden) = (0, 0);
        foreach (var (record, isHidden) in Snapshot(collection))
        {
            count++;
            hidden += isHidden ? 1 : 0;
            if (isHidden && options.DefaultListOnly)
                continue;
            checksum.Add(Canonical(collection, record, options));
            var kind = record.Field("Type") as string ?? record.Field("PaymentType") as string ?? collection;
            var key = $"{kind}/{record.Status}";
            Add("Count/" + key, 1);
            foreach (var field in new[] { "Total", "TotalTax", "AmountDue", "Amount", "TotalAmount" })
            {
                if (record.Field(field) is decimal value)
                    Add($"{field}/{key}", value);
            }
        }

        return new CollectionTruth(collection, count, count - hidden, checksum.ToString(), totals);
    }

    public IEnumerable<CanonicalRecord> CanonicalRecords(string collection, TruthOptions options)
    {
        foreach (var (record, isHidden) in Snapshot(collection))
        {
            if (!isHidden || !options.DefaultListOnly)
                yield return new CanonicalRecord(record.Id, Canonical(collection, record, options));
        }
    }

    /// <summary>All records in the order of their ids, a block at a time so that readers and edits go on meanwhile.</summary>
    private IEnumerable<(BookRecord Record, bool Hidden)> Snapshot(string collection)
    {
        const int block = 500;
        var shelf = On(collection);
        int[] order;
        lock (_gate)
            order = shelf.ById();
        for (var from = 0; from < order.Length; from += block)
        {
            var records = new List<(BookRecord, bool)>(block);
            lock (_gate)
            {
                foreach (var slot in order.AsSpan(from, Math.Min(block, order.Length - from)))
                {
                    if (!shelf.IsGone(slot))
                        records.Add((Read(shelf, slot), shelf.IsHidden(slot)));
                }
            }

            foreach (var record in records)
                yield return record;
        }
    }

    private static string Canonical(string collection, BookRecord record, TruthOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(buffer))
            record.WriteJson(writer, JsonSpelling.Default with { UnitDecimals = options.UnitDecimals });
        return CanonicalJson.Of(buffer.WrittenMemory, options.WithoutSilentFields ? SilentFields(collection) : null);
    }
}
