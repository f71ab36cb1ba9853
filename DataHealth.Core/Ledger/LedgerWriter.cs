using System.Net;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Ledger;

/// <summary>
/// The one writer of a client's dataset. Each page goes first into the change feed and then into its buckets; the caller's checkpoint commits both.
/// Rows above the committed sequence were written by a page that was not committed (a crash). They are counted when its successor opens the dataset: the page need not bring them again.
/// </summary>
internal sealed class LedgerWriter
{
    private const int PageRows = 1000;
    private const int BatchBytes = 2_500_000;
    private const int LookupsAtOnce = 24;

    // One request brings the heads of a thousand records; a look at one record is quicker, but as dear. A partition gives about 2,000 rows a second, so heads that nobody asked for must be few.
    private const int HeadsPerRequest = 1000;
    private const int LooksPerScan = 8;
    private const int HeadsPerLook = 8;
    private readonly TableClient _table;
    private readonly FencedPartition _pages;
    private readonly FencedPartition[] _buckets;
    private readonly LedgerScope _scope;
    private readonly long _committed;
    private readonly long _opened;
    private int _listed;

    private LedgerWriter(TableClient table, LedgerScope scope, FencedPartition pages, FencedPartition[] buckets, long committed, long last)
    {
        _table = table;
        _scope = scope;
        _pages = pages;
        _buckets = buckets;
        _committed = committed;
        _opened = last;
        _listed = scope.Listed;
        Sequence = last;
    }

    /// <summary>The last page written; store it in the checkpoint.</summary>
    public long Sequence { get; private set; }

    /// <summary>What a predecessor had written and no checkpoint had counted; store it in the checkpoint together with <see cref="Sequence"/>.</summary>
    public WriteCounts Settled { get; private set; } = new();

    /// <summary>Takes every partition of the dataset over, and counts what was written in it since the last checkpoint.</summary>
    /// <exception cref="FencedOutException">A later epoch has it.</exception>
    public static async Task<LedgerWriter> OpenAsync(TableClient table, LedgerScope scope, int buckets, long epoch, long committed, CancellationToken cancellationToken)
    {
        var pages = FencedPartition.ClaimAsync(table, LedgerKeys.Pages(scope.Client, scope.Dataset), epoch, cancellationToken);
        var claims = Enumerable.Range(0, buckets).Select(bucket => FencedPartition.ClaimAsync(table, LedgerKeys.Bucket(scope.Client, scope.Dataset, bucket), epoch, cancellationToken)).ToList();
        var claimed = await Task.WhenAll(claims);
        var feed = await pages;
        var last = committed;
        var changes = new List<RecordChange>();
        var filter = $"PartitionKey eq '{feed.Key}' and RowKey gt '{LedgerKeys.Change(committed)}' and RowKey lt 'd'";
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            last = long.Parse(row.RowKey.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            PackedIds.Unpack(EntityBody.Read(row), changes);
        }
        var writer = new LedgerWriter(table, scope, feed, claimed, committed, last);
        await writer.SettleAsync(changes.Select(change => change.Id).ToHashSet(StringComparer.Ordinal), cancellationToken);
        return writer;
    }

    /// <summary>Gives the partitions up, of which nothing was written.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => Task.WhenAll(_buckets.Append(_pages).Select(partition => partition.LeaveAsync(cancellationToken)));

    /// <summary>Writes one page of the provider's, in portions of 1,000 records.</summary>
    /// <param name="records">As they came; of one id that comes twice the later counts.</param>
    /// <param name="write">How.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    public async Task<WriteCounts> WriteAsync(IReadOnlyList<SourceRecord> records, PageWrite write, CancellationToken cancellationToken)
    {
        var counts = new WriteCounts();
        for (var at = 0; at < records.Count; at += PageRows)
        {
            var portion = new Dictionary<string, SourceRecord>(Math.Min(PageRows, records.Count - at), StringComparer.Ordinal);
            for (var n = at; n < Math.Min(at + PageRows, records.Count); n++)
            {
                if (portion.TryGetValue(records[n].Id, out var twin))
                    counts += WriteCounts.Of(Verdict.Unchanged, null, default);
                if (twin.Id is null || !(records[n].UpdatedAt < twin.UpdatedAt))
                    portion[records[n].Id] = records[n];
            }
            var written = await WritePortionAsync(portion.Values, write, $"{write.Page:D6}{at / PageRows:D4}", cancellationToken);
            _listed += written.Listed;
            counts += written;
        }
        return counts;
    }

    /// <summary>Marks records as gone because a proven full pass did not bring them.</summary>
    public async Task<WriteCounts> MarkAbsentAsync(int bucket, IReadOnlyList<RecordRow> absent, string run, CancellationToken cancellationToken)
    {
        var counts = new WriteCounts();
        foreach (var portion in absent.Chunk(PageRows))
        {
            var sequence = Sequence + 1;
            await SubmitFeedAsync(sequence, [.. portion.Select(row => new RecordChange(row.Id, ChangeKind.Deleted))], null, [], cancellationToken);
            foreach (var batch in portion.Chunk(FencedPartition.BatchRows))
            {
                var rows = batch.Select(row => row with { Deletion = Deletion.ByAbsence, Before = row.Deletion, Changed = sequence, LastRun = run });
                await _buckets[bucket].SubmitAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpdateMerge, row.ToHead(_buckets[bucket].Key))), cancellationToken);
            }
            foreach (var row in portion)
                counts += WriteCounts.Of(row.Deletion == Deletion.None ? Verdict.Deleted : Verdict.Changed, row.Deletion, Deletion.ByAbsence);
        }
        return counts;
    }

    /// <summary>The heads of a bucket, without bodies.</summary>
    public async IAsyncEnumerable<RecordRow> HeadsAsync(int bucket, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(LedgerKeys.Records(_buckets[bucket].Key), select: RecordRow.Fields, cancellationToken: cancellationToken))
            yield return RecordRow.From(row);
    }

    /// <summary>The ids that a pass has seen.</summary>
    public async Task<SeenIds> SeenAsync(string pass, CancellationToken cancellationToken)
    {
        var prefix = LedgerKeys.SeenPrefix(pass);
        var seen = new SeenIds();
        await foreach (var row in _table.QueryAsync<TableEntity>($"PartitionKey eq '{_pages.Key}' and RowKey ge '{prefix}' and RowKey lt '{prefix}~'", cancellationToken: cancellationToken))
            seen.Add(EntityBody.Read(row));
        seen.Seal();
        return seen;
    }

    /// <summary>Forgets what passes have seen, and change rows up to a sequence.</summary>
    public async Task TrimAsync(long floor, CancellationToken cancellationToken)
    {
        foreach (var filter in (string[])[$"RowKey ge '~seen~' and RowKey lt '~seen~~'", $"RowKey le '{LedgerKeys.Change(floor)}'"])
        {
            var rows = new List<TableTransactionAction>(FencedPartition.BatchRows);
            await foreach (var row in _table.QueryAsync<TableEntity>($"PartitionKey eq '{_pages.Key}' and {filter}", select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
            {
                rows.Add(new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, row.RowKey) { ETag = ETag.All }));
                if (rows.Count < FencedPartition.BatchRows)
                    continue;
                await _pages.SubmitAsync(rows, cancellationToken);
                rows.Clear();
            }
            if (rows.Count > 0)
                await _pages.SubmitAsync(rows, cancellationToken);
        }
    }

    private async Task<WriteCounts> WritePortionAsync(IReadOnlyCollection<SourceRecord> records, PageWrite write, string part, CancellationToken cancellationToken)
    {
        var sequence = Sequence + 1;
        var judged = write.InsertOnly && !records.Any(record => record.IsGone)
            ? records.Select(record => Judge(record, null, write, sequence)).ToList()
            : await JudgeAsync(records, write, sequence, cancellationToken);
        var changes = judged.Where(record => record.Row is not null).Select(record => new RecordChange(record.Source.Id, record.Kind)).ToList();
        var seen = write.SeenPass is { } pass ? new TableEntity(_pages.Key, LedgerKeys.SeenPrefix(pass) + part) : null;
        if (changes.Count > 0 || seen is not null)
            await SubmitFeedAsync(sequence, changes, seen, seen is null ? [] : SeenIds.Pack(records), cancellationToken);
        var counts = new WriteCounts();
        var gate = new Lock();
        var byBucket = judged.Where(record => record.Row is not null).GroupBy(record => LedgerKeys.BucketOf(record.Source.Id, _buckets.Length));
        await Parallel.ForEachAsync(byBucket, new ParallelOptions { MaxDegreeOfParallelism = _scope.Writers, CancellationToken = cancellationToken }, async (bucket, stop) =>
        {
            var written = await WriteBucketAsync(_buckets[bucket.Key], [.. bucket], write, sequence, stop);
            lock (gate)
                counts += written;
        });
        return judged.Where(record => record.Row is null).Aggregate(counts, (sum, record) => sum + record.Counts);
    }

    private async Task<WriteCounts> WriteBucketAsync(FencedPartition bucket, List<Judged> records, PageWrite write, long sequence, CancellationToken cancellationToken)
    {
        var counts = new WriteCounts();
        foreach (var batch in Batches(bucket, records))
        {
            try
            {
                await SubmitAsync(bucket, batch, write.InsertOnly ? TableTransactionActionType.Add : TableTransactionActionType.UpsertReplace, cancellationToken);
                counts = batch.Aggregate(counts, (sum, record) => sum + record.Judged.Counts);
            }
            catch (RequestFailedException exists) when (write.InsertOnly && exists.Status == (int)HttpStatusCode.Conflict)
            {
                // Some are there: slipped from an earlier page, or written before a crash. Look at each.
                var known = await JudgeAsync([.. batch.Select(record => record.Judged.Source)], write, sequence, cancellationToken);
                foreach (var again in Batches(bucket, [.. known.Where(record => record.Row is not null)]))
                    await SubmitAsync(bucket, again, TableTransactionActionType.UpsertReplace, cancellationToken);
                counts = known.Aggregate(counts, (sum, record) => sum + record.Counts);
            }
        }
        return counts;
    }

    private static async Task SubmitAsync(FencedPartition bucket, List<(Judged Judged, IReadOnlyList<TableEntity> Rows)> batch, TableTransactionActionType action, CancellationToken cancellationToken)
    {
        var heads = new List<TableTransactionAction>(batch.Count);
        foreach (var (judged, rows) in batch)
        {
            // A body over several entities: its continuation rows first, under a name of their own, so that a reader of the old head is not disturbed.
            foreach (var chunk in rows.Take(rows.Count - 1).Chunk(2))
                await bucket.SubmitAsync(chunk.Select(part => new TableTransactionAction(TableTransactionActionType.UpsertReplace, part)), cancellationToken);
            // A record that is gone keeps its body: only the marks of its head row are written over.
            heads.Add(new TableTransactionAction(judged.Source.IsGone ? TableTransactionActionType.UpdateMerge : action, rows[^1]));
        }
        await bucket.SubmitAsync(heads, cancellationToken);
        foreach (var (judged, _) in batch)
        {
            if (judged.Replaced is not { Parts: > 0 } old || old.Hash == judged.Row!.Hash)
                continue;
            var key = TableKey.Escape(old.Id);
            await bucket.SubmitAsync(Enumerable.Range(1, old.Parts).Select(part => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(bucket.Key, LedgerKeys.Part(key, old.Hash, part)) { ETag = ETag.All })), cancellationToken);
        }
    }

    private static IEnumerable<List<(Judged Judged, IReadOnlyList<TableEntity> Rows)>> Batches(FencedPartition bucket, List<Judged> records)
    {
        var batch = new List<(Judged, IReadOnlyList<TableEntity>)>();
        var bytes = 0;
        foreach (var record in records)
        {
            var rows = record.Source.IsGone ? [record.Row!.ToHead(bucket.Key)] : record.Row!.ToRows(bucket.Key, record.Source);
            var size = 600 + EntityBody.Length(rows[^1]);
            if (batch.Count > 0 && (batch.Count == FencedPartition.BatchRows || bytes + size > BatchBytes))
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }
            batch.Add((record, rows));
            bytes += size;
        }
        if (batch.Count > 0)
            yield return batch;
    }

    private async Task SubmitFeedAsync(long sequence, List<RecordChange> changes, TableEntity? seen, byte[] seenIds, CancellationToken cancellationToken)
    {
        var rows = new List<TableTransactionAction>(2);
        if (changes.Count > 0)
        {
            var row = new TableEntity(_pages.Key, LedgerKeys.Change(sequence));
            EntityBody.Write(row, PackedIds.Pack(changes));
            rows.Add(new TableTransactionAction(TableTransactionActionType.Add, row));
        }
        if (seen is not null)
        {
            EntityBody.Write(seen, seenIds);
            rows.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, seen));
        }
        await _pages.SubmitAsync(rows, cancellationToken);
        if (changes.Count > 0)
            Sequence = sequence;
    }

    private async Task<List<Judged>> JudgeAsync(IReadOnlyCollection<SourceRecord> records, PageWrite write, long sequence, CancellationToken cancellationToken)
    {
        var held = await FindAsync([.. records.Select(record => record.Id)], cancellationToken);
        return [.. records.Select((record, n) => Judge(record, held[n], write, sequence))];
    }

    private async Task<RecordRow?[]> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if ((_buckets.Length + (_listed / HeadsPerRequest)) * LooksPerScan <= ids.Count && _listed <= ids.Count * HeadsPerLook)
            return await ScanAsync(ids, cancellationToken);
        var rows = new RecordRow?[ids.Count];
        await Parallel.ForAsync(0, ids.Count, new ParallelOptions { MaxDegreeOfParallelism = LookupsAtOnce, CancellationToken = cancellationToken }, async (n, stop) =>
        {
            var key = _buckets[LedgerKeys.BucketOf(ids[n], _buckets.Length)].Key;
            var row = await _table.GetEntityIfExistsAsync<TableEntity>(key, TableKey.Escape(ids[n]), RecordRow.Fields, stop);
            rows[n] = row.HasValue ? RecordRow.From(row.Value!) : null;
        });
        return rows;
    }

    // Many of few: reading all heads takes fewer requests than a look at each. A small dataset that is read whole every day is nearly always so.
    private async Task<RecordRow?[]> ScanAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var places = ids.Select((id, n) => (id, n)).ToDictionary(place => place.id, place => place.n, StringComparer.Ordinal);
        var rows = new RecordRow?[ids.Count];
        await Parallel.ForEachAsync(ids.Select(id => LedgerKeys.BucketOf(id, _buckets.Length)).Distinct(), new ParallelOptions { MaxDegreeOfParallelism = _scope.Writers, CancellationToken = cancellationToken }, async (bucket, stop) =>
        {
            await foreach (var row in HeadsAsync(bucket, stop))
            {
                if (places.TryGetValue(row.Id, out var n))
                    rows[n] = row;
            }
        });
        return rows;
    }

    // A page that was cut short wrote some of the records that its change row names: those count from now on, whether the provider brings them again or not.
    private async Task SettleAsync(HashSet<string> ids, CancellationToken cancellationToken)
    {
        foreach (var row in await FindAsync([.. ids], cancellationToken))
        {
            if (row is null || row.Changed <= _committed)
                continue;
            Deletion? before = row.Added > _committed ? null : row.Before ?? Deletion.None;
            Settled += WriteCounts.Of(VerdictOf(before, row.Deletion), before, row.Deletion);
        }
    }

    private Judged Judge(SourceRecord source, RecordRow? held, PageWrite write, long sequence)
    {
        if (source.Unreadable is not null)
            return new Judged(source, null, held, default, new WriteCounts { Skipped = 1 });
        if (source.IsGone)
            return JudgeGone(source, held, write, sequence);
        var deletion = source.IsDeleted ? Deletion.ByStatus : Deletion.None;
        var hash = Payload.Fingerprint(source.Json.Span);
        var (appeared, entered) = Movement(source, held, write.Window);
        var before = held?.Deletion;
        if (held is not null && source.UpdatedAt < held.UpdatedAt)
            return new Judged(source, null, held, default, WriteCounts.Of(Verdict.Skipped, before, deletion) with { Appeared = appeared, Entered = entered });
        if (held is not null && held.Hash == hash && held.Deletion == deletion)
            return new Judged(source, null, held, default, Unchanged(held) with { Appeared = appeared, Entered = entered });
        var verdict = VerdictOf(before, deletion);
        var row = new RecordRow(source.Id, hash, source.UpdatedAt, deletion, held?.FirstRun ?? write.Run, write.Run, held?.Added ?? sequence, sequence, before, 0);
        var kind = verdict switch { Verdict.New => ChangeKind.New, Verdict.Deleted => ChangeKind.Deleted, _ => ChangeKind.Changed };
        return new Judged(source, row, held, kind, WriteCounts.Of(verdict, before, deletion) with { Appeared = appeared, Entered = entered });
    }

    private static (int Appeared, int Entered) Movement(SourceRecord source, RecordRow? held, PassWindow? window)
    {
        // Also one that was edited again since: as it is held it is of that time.
        if (window is null || !(window.Holds(source.UpdatedAt) || window.Holds(held?.UpdatedAt)))
            return (0, 0);
        var appeared = held is null || held.Added >= window.Sequence ? 1 : 0;
        return (appeared, window.IsOfChanges ? 1 : appeared);
    }

    /// <summary>Gone, by the provider's word: the mark changes, the content stays. What we never held needs no mark.</summary>
    private Judged JudgeGone(SourceRecord source, RecordRow? held, PageWrite write, long sequence)
    {
        if (held is null || source.UpdatedAt < held.UpdatedAt)
            return new Judged(source, null, held, default, held is null ? new WriteCounts { Unchanged = 1 } : WriteCounts.Of(Verdict.Skipped, held.Deletion, Deletion.ByAbsence));
        if (held.Deletion == Deletion.ByAbsence)
            return new Judged(source, null, held, default, Unchanged(held));
        var row = held with { Deletion = Deletion.ByAbsence, Before = held.Deletion, Changed = sequence, LastRun = write.Run };
        return new Judged(source, row, held, ChangeKind.Deleted, WriteCounts.Of(VerdictOf(held.Deletion, Deletion.ByAbsence), held.Deletion, Deletion.ByAbsence));
    }

    // What was counted when the dataset was opened and now comes as it is held is one record that came.
    private WriteCounts Unchanged(RecordRow held) =>
        held.Changed > _committed && held.Changed <= _opened ? new WriteCounts() : WriteCounts.Of(Verdict.Unchanged, held.Deletion, held.Deletion);

    private static Verdict VerdictOf(Deletion? before, Deletion after) =>
        before is null ? Verdict.New : before == Deletion.None && after != Deletion.None ? Verdict.Deleted : Verdict.Changed;

    private sealed record Judged(SourceRecord Source, RecordRow? Row, RecordRow? Replaced, ChangeKind Kind, WriteCounts Counts);
}

/// <summary>Which dataset is written, by how many writers at a time, and about how many records it has.</summary>
internal sealed record LedgerScope(ClientId Client, string Dataset, int Writers, int Listed = 0);

/// <summary>How a page is written.</summary>
/// <param name="Run">By which run.</param>
/// <param name="Page">The page's number.</param>
/// <param name="InsertOnly">Nothing is held yet: write without looking first.</param>
/// <param name="SeenPass">Remember the ids for this pass.</param>
/// <param name="Window">The earlier pass whose standing depends on what comes now.</param>
internal sealed record PageWrite(string Run, int Page, bool InsertOnly, string? SeenPass, PassWindow? Window);
