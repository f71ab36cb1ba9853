using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Data.Tables;

namespace DataHealth.Benchmarks;

/// <summary>The upper bound on the writing side: the very rows that the sync wrote, in full batches, into an empty Azurite.</summary>
internal static class RawWrites
{
    private const int BatchRows = 100;
    private const int BatchBytes = 3_000_000;

    /// <summary>Every row that the sync left in the ledger, fences aside.</summary>
    public static async Task<List<TableEntity>> RowsAsync(string connectionString, CancellationToken cancellationToken)
    {
        var service = new TableServiceClient(connectionString);
        var rows = new List<TableEntity>();
        await foreach (var table in service.QueryAsync(cancellationToken: cancellationToken))
        {
            if (!table.Name.EndsWith("ledger", StringComparison.OrdinalIgnoreCase))
                continue;
            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>(row => row.RowKey != "~fence", cancellationToken: cancellationToken))
            {
                row.Remove("odata.etag");
                row.Remove("Timestamp");
                rows.Add(row);
            }
        }
        return rows.Count > 0 ? rows : throw new InvalidOperationException("The sync left no rows in a table named …ledger.");
    }

    public static async Task<TimeSpan> RunAsync(string connectionString, IReadOnlyCollection<TableEntity> rows, int writers, CancellationToken cancellationToken)
    {
        var table = new TableServiceClient(connectionString).GetTableClient("rawledger");
        await table.CreateIfNotExistsAsync(cancellationToken);
        var batches = new ConcurrentQueue<List<TableEntity>>(Batches(rows));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async _ =>
        {
            while (batches.TryDequeue(out var batch))
                await table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
        }));
        return watch.Elapsed;
    }

    private static IEnumerable<List<TableEntity>> Batches(IEnumerable<TableEntity> rows)
    {
        foreach (var partition in rows.GroupBy(row => row.PartitionKey))
        {
            var batch = new List<TableEntity>(BatchRows);
            var bytes = 0;
            foreach (var row in partition)
            {
                var size = 600 + row.Select(field => field.Value).OfType<byte[]>().Sum(value => value.Length * 4 / 3);
                if (batch.Count == BatchRows || (batch.Count > 0 && bytes + size > BatchBytes))
                {
                    yield return batch;
                    (batch, bytes) = (new List<TableEntity>(BatchRows), 0);
                }
                batch.Add(row);
                bytes += size;
            }
            yield return batch;
        }
    }
}
