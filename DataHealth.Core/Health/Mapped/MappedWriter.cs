using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Ledger;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.Mapped;

/// <summary>
/// Writes what one pass keeps of a client's books: bodies under names that nobody else uses, then the index. Who has lost the partition, or whose storage fails, keeps nothing this time: the
/// recalculation goes on without.
/// </summary>
internal sealed class MappedWriter(TableClient table, FencedPartition partition, ClientId client, int bytesInBatch, Func<HealthPlace, Task>? reached, Action<Exception> lost)
{
    private readonly string _generation = Guid.NewGuid().ToString("N");
    private readonly List<TableTransactionAction> _rows = [];
    private bool _isLost;
    private int _bytes;
    private int _bodies;

    /// <summary>Something may be written.</summary>
    public bool IsOpen { get; set => field = value && !_isLost; }

    public Task LeaveAsync(CancellationToken cancellationToken) => partition.LeaveAsync(cancellationToken);

    /// <summary>Writes a body.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> WriteAsync(PackWriter body, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{MappedBooks.Bodies}{_generation}|{_bodies++:D5}");
        foreach (var row in PackedJson.Pack(client, name, body.Bytes))
            await AddAsync(row, cancellationToken);
        return name;
    }

    /// <summary>Writes a body of records by stored id.</summary>
    /// <returns>Its name.</returns>
    public Task<string> WriteAsync(Dictionary<string, IReadOnlyList<LedgerRecord>> changed, CancellationToken cancellationToken)
    {
        var body = new PackWriter();
        foreach (var (id, records) in changed.OrderBy(one => one.Key, StringComparer.Ordinal))
            RecordPack.Write(body, id, records);
        return WriteAsync(body, cancellationToken);
    }

    /// <summary>Makes an index count, and sweeps what it does not name.</summary>
    public async Task PublishAsync(MappedIndex index, CancellationToken cancellationToken)
    {
        if (_isLost)
            return;
        foreach (var row in PackedJson.Pack(client, MappedBooks.IndexKey, JsonSerializer.SerializeToUtf8Bytes(index, MappedJson.Default.MappedIndex)))
            await AddAsync(row, cancellationToken);
        if (reached is not null)
            await reached(HealthPlace.BodiesKept);
        await SubmitAsync(cancellationToken);
        if (reached is not null)
            await reached(HealthPlace.IndexKept);
        try
        {
            await SweepAsync(index, cancellationToken);
        }
        catch (RequestFailedException away)
        {
            lost(away);
        }
    }

    private async Task SweepAsync(MappedIndex index, CancellationToken cancellationToken)
    {
        var named = index.Datasets.SelectMany(dataset => dataset.Delta is { } delta ? dataset.Bodies.Append(delta) : dataset.Bodies).ToHashSet(StringComparer.Ordinal);
        await foreach (var row in table.QueryAsync<TableEntity>(HealthKeys.Range(client, MappedBooks.Bodies), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            if (!named.Contains(row.RowKey[..row.RowKey.LastIndexOf('|')]))
                await AddAsync(new(TableTransactionActionType.Delete, new TableEntity(client.Value, row.RowKey), ETag.All), 0, cancellationToken);
        }
        await SubmitAsync(cancellationToken);
    }

    private Task AddAsync(TableEntity row, CancellationToken cancellationToken) => AddAsync(new(TableTransactionActionType.UpsertReplace, row), EntityBody.Length(row), cancellationToken);

    private async Task AddAsync(TableTransactionAction action, int bytes, CancellationToken cancellationToken)
    {
        if (_rows.Count > 0 && (_rows.Count == FencedPartition.BatchRows || _bytes + bytes > bytesInBatch))
            await SubmitAsync(cancellationToken);
        _rows.Add(action);
        _bytes += bytes;
    }

    private async Task SubmitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!_isLost && _rows.Count > 0)
                await partition.SubmitAsync(_rows, cancellationToken);
        }
        catch (Exception away) when (away is FencedOutException or RequestFailedException)
        {
            (_isLost, IsOpen) = (true, false);
            lost(away);
        }
        _rows.Clear();
        _bytes = 0;
    }
}
