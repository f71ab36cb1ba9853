using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Ledger;

/// <summary>Reads the copy of a client's books. Order is stable: by partition, then by id.</summary>
public sealed class LedgerStore(AppStorage storage, TimeProvider time)
{
    private const int ChangeRows = 20;
    private const int FewChangeRows = 3;
    private const int LookupsAtOnce = 24;
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>A page of a dataset's records, deleted ones included.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="dataset">Which dataset.</param>
    /// <param name="continuation">From the page before (<see cref="IsContinuation"/>); null for the first.</param>
    /// <param name="take">1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<RecordPage> ListAsync(ClientId client, string dataset, string? continuation, int take, CancellationToken cancellationToken)
    {
        take = Math.Clamp(take, 1, 1000);
        var buckets = (await _checkpoints.FindAsync(client, dataset, cancellationToken))?.Buckets ?? 0;
        var (bucket, after) = Parse(continuation);
        var records = new List<StoredRecord>(take);
        var table = await storage.TableAsync(LedgerKeys.Table, cancellationToken);
        for (; bucket < buckets; bucket++, after = "")
        {
            var partition = LedgerKeys.Bucket(client, dataset, bucket);
            await foreach (var row in table.QueryAsync<TableEntity>($"{LedgerKeys.Records(partition)} and RowKey gt '{after}'", Math.Min(take - records.Count + 1, 1000), cancellationToken: cancellationToken))
            {
                if (records.Count == take)
                    return new RecordPage(records, string.Create(CultureInfo.InvariantCulture, $"{bucket}~{after}"));
                after = row.RowKey;
                if (await WholeAsync(table, row, cancellationToken) is { } record)
                    records.Add(record);
            }
        }
        return new RecordPage(records, null);
    }

    /// <summary>One record, or null.</summary>
    public async Task<StoredRecord?> GetAsync(ClientId client, string dataset, string id, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(id) || id.Length > 150 || await _checkpoints.FindAsync(client, dataset, cancellationToken) is not { Buckets: > 0 } state)
            return null;
        var table = await storage.TableAsync(LedgerKeys.Table, cancellationToken);
        var row = await table.GetEntityIfExistsAsync<TableEntity>(LedgerKeys.Bucket(client, dataset, LedgerKeys.BucketOf(id, state.Buckets)), TableKey.Escape(id), cancellationToken: cancellationToken);
        return row.HasValue ? await WholeAsync(table, row.Value!, cancellationToken) : null;
    }

    /// <summary>All records of a dataset, deleted ones included, page by page underneath.</summary>
    public async IAsyncEnumerable<StoredRecord> StreamAsync(ClientId client, string dataset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buckets = (await _checkpoints.FindAsync(client, dataset, cancellationToken))?.Buckets ?? 0;
        var table = await storage.TableAsync(LedgerKeys.Table, cancellationToken);
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            await foreach (var row in table.QueryAsync<TableEntity>(LedgerKeys.Records(LedgerKeys.Bucket(client, dataset, bucket)), cancellationToken: cancellationToken))
            {
                if (await WholeAsync(table, row, cancellationToken) is { } record)
                    yield return record;
            }
        }
    }

    /// <summary>What changed after a sequence (0 for all), without a scan of the records.</summary>
    public async Task<ChangePage> ChangedSinceAsync(ClientId client, string dataset, long sequence, CancellationToken cancellationToken)
    {
        var state = await _checkpoints.FindAsync(client, dataset, cancellationToken);
        var head = state?.Sequence ?? 0;
        if (sequence < (state?.FeedFloor ?? 0))
            return new ChangePage([], head, false, true);
        var changes = new List<RecordChange>();
        if (sequence >= head)
            return new ChangePage(changes, head, false, false);
        var table = await storage.TableAsync(LedgerKeys.Table, cancellationToken);
        // Rows above the checkpoint belong to a page that is still being written.
        var filter = $"PartitionKey eq '{LedgerKeys.Pages(client, dataset)}' and RowKey gt '{LedgerKeys.Change(sequence)}' and RowKey le '{LedgerKeys.Change(head)}'";
        var rows = 0;
        await foreach (var row in table.QueryAsync<TableEntity>(filter, ChangeRows, cancellationToken: cancellationToken))
        {
            PackedIds.Unpack(EntityBody.Read(row), changes);
            sequence = long.Parse(row.RowKey.AsSpan(1), CultureInfo.InvariantCulture);
            if (++rows == ChangeRows)
                return new ChangePage(changes, sequence, sequence < head, false);
        }
        return new ChangePage(changes, head, false, false);
    }

    /// <summary>What is held, by dataset that was ever begun.</summary>
    public async Task<IReadOnlyList<DatasetCount>> CountsAsync(ClientId client, CancellationToken cancellationToken) =>
        [.. (await _checkpoints.AllAsync(client, cancellationToken)).Values.OrderBy(state => state.Dataset, StringComparer.Ordinal)
            .Select(state => new DatasetCount(state.Dataset, state.Held, state.Listed, state.Watermark, state.Sequence) { Organisation = state.Organisation })];

    /// <summary>How far each dataset is, by name: one query.</summary>
    internal Task<IReadOnlyDictionary<string, DatasetState>> StatesAsync(ClientId client, CancellationToken cancellationToken) => _checkpoints.AllAsync(client, cancellationToken);

    /// <summary>How far one dataset is; null where it was never begun.</summary>
    internal Task<DatasetState?> StateAsync(ClientId client, string dataset, CancellationToken cancellationToken) => _checkpoints.FindAsync(client, dataset, cancellationToken);

    /// <summary>The ids that changed after a sequence, up to another; null where there are more than so many, or where one of few rows is gone. The caller looks at the feed's floor.</summary>
    internal async Task<IReadOnlyCollection<string>?> ChangedIdsAsync(ClientId client, string dataset, long after, long upTo, int atMost, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(LedgerKeys.Table, cancellationToken);
        var pages = LedgerKeys.Pages(client, dataset);
        var (ids, changes) = (new HashSet<string>(StringComparer.Ordinal), new List<RecordChange>());
        if (upTo - after <= FewChangeRows)
        {
            // A feed has a row for each number. Asked for by their keys they cost what a range does at best.
            for (var sequence = after + 1; sequence <= upTo; sequence++)
            {
                var row = await table.GetEntityIfExistsAsync<TableEntity>(pages, LedgerKeys.Change(sequence), cancellationToken: cancellationToken);
                if (!row.HasValue || !IsTaken(row.Value!))
                    return null;
            }
            return ids;
        }
        var filter = $"PartitionKey eq '{pages}' and RowKey gt '{LedgerKeys.Change(after)}' and RowKey le '{LedgerKeys.Change(upTo)}'";
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (!IsTaken(row))
                return null;
        }
        return ids;

        bool IsTaken(TableEntity row)
        {
            changes.Clear();
            PackedIds.Unpack(EntityBody.Read(row), changes);
            ids.UnionWith(changes.Select(change => change.Id));
            return ids.Count <= atMost;
        }
    }

    /// <summary>What is made of several records of a dataset by id, each as soon as it is read, in any order; those that are not there do not come.</summary>
    internal async Task<IReadOnlyCollection<T>> FindAsync<T>(ClientId client, DatasetState state, IReadOnlyCollection<string> ids, Func<StoredRecord, T> make, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(LedgerKeys.Table, cancellationToken);
        var found = new System.Collections.Concurrent.ConcurrentBag<T>();
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = LookupsAtOnce, CancellationToken = cancellationToken }, async (id, stop) =>
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(LedgerKeys.Bucket(client, state.Dataset, LedgerKeys.BucketOf(id, state.Buckets)), TableKey.Escape(id), cancellationToken: stop);
            if (row.HasValue && await WholeAsync(table, row.Value!, stop) is { } record)
                found.Add(make(record));
        });
        return found;
    }

    // A head whose continuation rows are gone was replaced while we read: the new head is there.
    private static async Task<StoredRecord?> WholeAsync(TableClient table, TableEntity head, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var row = RecordRow.From(head);
            if (row.Parts == 0)
                return row.ToRecord(Payload.Unpack(EntityBody.Read(head)));
            using var body = new MemoryStream();
            EntityBody.Read(head, body);
            var isWhole = true;
            for (var part = 1; part <= row.Parts && isWhole; part++)
            {
                var rest = await table.GetEntityIfExistsAsync<TableEntity>(head.PartitionKey, LedgerKeys.Part(head.RowKey, row.Hash, part), cancellationToken: cancellationToken);
                isWhole = rest.HasValue;
                if (isWhole)
                    EntityBody.Read(rest.Value!, body);
            }
            if (isWhole)
                return row.ToRecord(Payload.Unpack(body.ToArray()));
            var again = await table.GetEntityIfExistsAsync<TableEntity>(head.PartitionKey, head.RowKey, cancellationToken: cancellationToken);
            if (!again.HasValue)
                return null;
            head = again.Value!;
        }
        throw new InvalidDataException($"A record of '{head.PartitionKey}' lacks continuation rows.");
    }

    /// <summary>Whether that can have come from a page of <see cref="ListAsync"/>.</summary>
    public static bool IsContinuation(string text) => Parse(text) is not (0, "");

    private static (int Bucket, string After) Parse(string? continuation)
    {
        var cut = continuation?.IndexOf('~', StringComparison.Ordinal) ?? -1;
        return cut > 0 && int.TryParse(continuation.AsSpan(0, cut), NumberStyles.None, CultureInfo.InvariantCulture, out var bucket)
            && continuation![(cut + 1)..] is var after && after.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '!')
            ? (bucket, after) : (0, "");
    }
}

/// <summary>What is held of one dataset.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Held">Records that count as records.</param>
/// <param name="Listed">Records that the provider lists, those of deleted status included.</param>
/// <param name="UpTo">Complete up to this time of the provider; null before the first complete pass.</param>
/// <param name="Sequence">The head of its change feed.</param>
public sealed record DatasetCount(string Dataset, int Held, int Listed, DateTimeOffset? UpTo, long Sequence)
{
    /// <summary>Whose books it holds, provider and id; null before the first read.</summary>
    public string? Organisation { get; init; }
}
