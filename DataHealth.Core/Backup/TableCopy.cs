using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Ledger;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Backup;

/// <summary>Reads a table's rows for a backup while the product writes to it: page by page, and again where a row alone would be torn from what belongs to it.</summary>
internal sealed class TableCopy(TableClient table, BackupTable rule, TimeProvider time)
{
    private const int MostReadings = 20;

    // The storage tells its time in whole seconds.
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    /// <summary>Partitions that changed with each of several readings.</summary>
    public int Restless { get; private set; }

    /// <summary>Writes all rows; a table that is not there has none.</summary>
    public async Task WriteAsync(BackupFileWriter file, CancellationToken cancellationToken)
    {
        List<TableEntity> partition = [];
        var begun = default(DateTimeOffset);
        await foreach (var (row, asked) in RowsAsync(cancellationToken))
        {
            if (!rule.IsWhole)
            {
                await WriteAsync(file, row, cancellationToken);
                continue;
            }
            if (partition.Count > 0 && partition[0].PartitionKey != row.PartitionKey)
            {
                await WriteWholeAsync(file, partition, begun, cancellationToken);
                partition.Clear();
            }
            if (partition.Count == 0)
                begun = asked;
            partition.Add(row);
        }
        if (partition.Count > 0)
            await WriteWholeAsync(file, partition, begun, cancellationToken);
    }

    private async IAsyncEnumerable<(TableEntity Row, DateTimeOffset Asked)> RowsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // When the page's request was sent, by the storage's clock: no later than the answer before it.
        var asked = DateTimeOffset.MinValue;
        await using var pages = table.QueryAsync<TableEntity>(maxPerPage: 1000, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(pages))
        {
            foreach (var row in pages.Current.Values)
                yield return (row, asked);
            asked = pages.Current.GetRawResponse().Headers.Date ?? asked;
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<Page<TableEntity>> pages)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (RequestFailedException missing) when (missing.Status is 404)
        {
            return false;
        }
    }

    private async ValueTask WriteAsync(BackupFileWriter file, TableEntity row, CancellationToken cancellationToken)
    {
        if (IsLeftOut(row) || (rule.HasSplitRecords && row.RowKey.StartsWith(LedgerKeys.PartPrefix, StringComparison.Ordinal)))
            return;
        if (rule.HasSplitRecords && row.GetInt32("N") is > 0)
        {
            foreach (var one in await WholeRecordAsync(row, cancellationToken))
                await file.AddAsync(one, cancellationToken);
            return;
        }
        await file.AddAsync(row, cancellationToken);
    }

    private bool IsLeftOut(TableEntity row) => BackupTables.IsLock(row.RowKey) || rule.LeavesOut(row.PartitionKey, row.RowKey);

    // The parts of a record are written before its head and removed after it: with the head that names them they are the record.
    private async Task<IReadOnlyList<TableEntity>> WholeRecordAsync(TableEntity head, CancellationToken cancellationToken)
    {
        for (var reading = 1; reading <= MostReadings; reading++)
        {
            var wanted = head.GetInt32("N") ?? 0;
            List<TableEntity> rows = [];
            for (var number = 1; number <= wanted; number++)
            {
                var part = await table.GetEntityIfExistsAsync<TableEntity>(head.PartitionKey, LedgerKeys.Part(head.RowKey, head.GetString("H"), number), cancellationToken: cancellationToken);
                if (part.HasValue)
                    rows.Add(part.Value!);
            }
            if (rows.Count == wanted)
                return [.. rows, head];
            var again = await table.GetEntityIfExistsAsync<TableEntity>(head.PartitionKey, head.RowKey, cancellationToken: cancellationToken);
            if (!again.HasValue)
                return [];
            head = again.Value!;
        }
        throw new BackupException($"The record {head.RowKey} of partition {head.PartitionKey} could not be read as a whole. Is the copy itself damaged?");
    }

    private async Task WriteWholeAsync(BackupFileWriter file, List<TableEntity> partition, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        var rows = partition;
        var key = partition[0].PartitionKey;
        var fence = rows.Find(row => BackupTables.IsLock(row.RowKey));
        // Nobody who has no fence there writes.
        if (fence is not null && !(fence.Timestamp + ClockGrain < asked && await FenceAsync(key, cancellationToken) == fence.ETag))
            rows = await ReadAgainAsync(key, cancellationToken);
        foreach (var row in rows)
            await WriteAsync(file, row, cancellationToken);
    }

    private async Task<List<TableEntity>> ReadAgainAsync(string key, CancellationToken cancellationToken)
    {
        for (var reading = 1; ; reading++)
        {
            var before = await FenceAsync(key, cancellationToken);
            var rows = await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {key}"), 1000, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
            if (before == await FenceAsync(key, cancellationToken))
                return rows;
            if (reading == MostReadings)
            {
                Restless++;
                return rows;
            }
            await Task.Delay(Between, time, cancellationToken);
        }
    }

    private async Task<ETag?> FenceAsync(string key, CancellationToken cancellationToken)
    {
        var fence = await table.GetEntityIfExistsAsync<TableEntity>(key, FencedPartition.FenceKey, cancellationToken: cancellationToken);
        return fence.HasValue ? fence.Value!.ETag : null;
    }
}
