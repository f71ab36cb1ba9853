using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>A client's rows in one table, found by filters.</summary>
/// <param name="storage">The app's storage.</param>
/// <param name="name">See <see cref="IClientTrace.Name"/>.</param>
/// <param name="table">The table's logical name.</param>
/// <param name="stage">See <see cref="IClientTrace.Stage"/>.</param>
/// <param name="filters">OData filters that find the client's rows, and no others.</param>
public sealed class TableTrace(
    AppStorage storage, string name, string table, ErasureStage stage, Func<ClientScope, CancellationToken, ValueTask<IReadOnlyList<string>>> filters) : IClientTrace
{
    private const int BatchRows = 100;
    private static readonly string[] Keys = ["PartitionKey", "RowKey"];

    /// <inheritdoc />
    public string Name => name;

    /// <inheritdoc />
    public ErasureStage Stage => stage;

    /// <summary>False for rows that only help to find others: <see cref="ExportAsync"/> gives none.</summary>
    public bool IsExported { get; init; } = true;

    /// <summary>What of a row is told, where a person would not understand it as it lies.</summary>
    public Func<TableEntity, TableEntity> Told { get; init; } = row => row;

    /// <summary>A row that each partition's writer needs (<see cref="FencedPartition"/>): it goes first, so that nobody writes behind the erasure.</summary>
    public string? FenceRow { get; init; }

    /// <inheritdoc />
    public async Task<long> CountAsync(ClientScope scope, CancellationToken cancellationToken)
    {
        var count = 0L;
        await foreach (var row in RowsAsync(scope, Keys, cancellationToken))
            count += row.RowKey == FenceRow ? 0 : 1;
        return count;
    }

    /// <inheritdoc />
    public async Task<bool> EraseAsync(ClientScope scope, int atMost, CancellationToken cancellationToken)
    {
        var client = await storage.TableAsync(table, cancellationToken);
        var batch = new List<TableEntity>(BatchRows);
        var (erased, isClean) = (0, true);
        string? fenced = null;
        await foreach (var row in RowsAsync(scope, Keys, cancellationToken))
        {
            if (batch.Count == BatchRows || (batch.Count > 0 && batch[0].PartitionKey != row.PartitionKey))
            {
                isClean &= await DeleteAsync(client, batch, cancellationToken);
                erased += batch.Count;
                batch.Clear();
                if (erased >= atMost)
                    return false;
            }
            if (FenceRow is not null && fenced != row.PartitionKey)
                await client.DeleteEntityAsync(fenced = row.PartitionKey, FenceRow, ETag.All, cancellationToken);
            if (row.RowKey != FenceRow)
                batch.Add(row);
        }
        if (batch.Count > 0)
            isClean &= await DeleteAsync(client, batch, cancellationToken);
        return isClean;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ExportAsync(ClientScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!IsExported)
            yield break;
        await foreach (var row in RowsAsync(scope, null, cancellationToken))
        {
            if (row.RowKey != FenceRow)
                yield return RowJson.Write(Told(row));
        }
    }

    private async IAsyncEnumerable<TableEntity> RowsAsync(ClientScope scope, string[]? fields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = await storage.TableAsync(table, cancellationToken);
        foreach (var filter in await filters(scope, cancellationToken))
        {
            await foreach (var row in client.QueryAsync<TableEntity>(filter, select: fields, cancellationToken: cancellationToken))
                yield return row;
        }
    }

    // On the rows' ETags: one that was written meanwhile may be somebody else's by now, and is looked at again.
    private static async Task<bool> DeleteAsync(TableClient table, List<TableEntity> rows, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, Condition(row))), cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            // One of them is gone or was written: one by one.
        }
        var isClean = true;
        foreach (var row in rows)
        {
            try
            {
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, Condition(row), cancellationToken);
            }
            catch (RequestFailedException written) when (written.Status is 412)
            {
                isClean = false;
            }
        }
        return isClean;
    }

    private static ETag Condition(TableEntity row) => row.ETag == default ? ETag.All : row.ETag;
}
