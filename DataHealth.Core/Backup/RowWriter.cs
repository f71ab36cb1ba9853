using Azure.Data.Tables;

namespace DataHealth.Core.Backup;

/// <summary>Writes rows in batches of one partition, several at a time. Repeatable: a row that is there is replaced.</summary>
internal sealed class RowWriter(TableClient table, CancellationToken cancellationToken)
{
    private const int BatchRows = 100;

    // Azure takes 4 MB, and Azurite measures bytes by their base64.
    private const int BatchBytes = 2_500_000;
    private const int AtATime = 8;

    private readonly List<Task> _running = [];
    private List<TableTransactionAction> _batch = [];
    private long _bytes;

    public async Task AddAsync(TableEntity row)
    {
        var size = SizeOf(row);
        if (_batch.Count > 0 && (_batch[0].Entity.PartitionKey != row.PartitionKey || _batch.Count == BatchRows || _bytes + size > BatchBytes))
            await SendAsync();
        _batch.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, row));
        _bytes += size;
    }

    /// <summary>Returns when all is written.</summary>
    public async Task EndAsync()
    {
        if (_batch.Count > 0)
            await SendAsync();
        await Task.WhenAll(_running);
    }

    private async Task SendAsync()
    {
        if (_running.Count == AtATime)
        {
            var done = await Task.WhenAny(_running);
            _running.Remove(done);
            await done;
        }
        _running.Add(table.SubmitTransactionAsync(_batch, cancellationToken));
        (_batch, _bytes) = ([], 0);
    }

    private static long SizeOf(TableEntity row) => 200 + row.Sum(property => property.Key.Length + property.Value switch
    {
        string text => text.Length * 2L,
        byte[] bytes => bytes.Length * 4L / 3,
        _ => 16,
    });
}
