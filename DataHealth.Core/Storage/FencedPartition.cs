using System.Net;
using Azure;
using Azure.Data.Tables;

namespace DataHealth.Core.Storage;

/// <summary>
/// One partition with a single writer at a time. Each batch carries an update of the partition's fence row on condition of its ETag, so a writer
/// that lost the partition while it was frozen writes nothing at all: the whole batch is refused.
/// </summary>
internal sealed class FencedPartition
{
    /// <summary>Rows in one batch beside the fence row.</summary>
    public const int BatchRows = 99;

    /// <summary>Rows whose key begins with it are not records.</summary>
    public const string Reserved = "~";

    internal const string FenceKey = "~fence";
    private readonly TableClient _table;
    private readonly long _epoch;
    private ETag _fence;

    private FencedPartition(TableClient table, string key, long epoch, ETag fence)
    {
        _table = table;
        Key = key;
        _epoch = epoch;
        _fence = fence;
    }

    /// <summary>The partition key.</summary>
    public string Key { get; }

    /// <summary>The epoch that has a partition; 0 where none has had it.</summary>
    public static async Task<long> EpochAsync(TableClient table, string key, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(key, FenceKey, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row } ? row.GetInt64("Epoch") ?? 0 : 0;

    /// <summary>Takes the partition over for an epoch.</summary>
    /// <exception cref="FencedOutException">A later epoch has it.</exception>
    public static async Task<FencedPartition> ClaimAsync(TableClient table, string key, long epoch, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var held = await table.GetEntityIfExistsAsync<TableEntity>(key, FenceKey, cancellationToken: cancellationToken);
            if (held.HasValue && held.Value!.GetInt64("Epoch") > epoch)
                throw new FencedOutException(key);
            var row = Fence(key, epoch);
            try
            {
                var answer = held.HasValue
                    ? await table.UpdateEntityAsync(row, held.Value!.ETag, TableUpdateMode.Replace, cancellationToken)
                    : await table.AddEntityAsync(row, cancellationToken);
                return new FencedPartition(table, key, epoch, answer.Headers.ETag!.Value);
            }
            catch (RequestFailedException conflict) when (conflict.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.NotFound)
            {
                // The former owner wrote in this moment, or the client is being erased; look again.
            }
        }
        throw new FencedOutException(key);
    }

    /// <summary>Writes up to <see cref="BatchRows"/> rows, all or none. Not to be called twice at a time.</summary>
    /// <exception cref="FencedOutException">The partition has a new owner; nothing was written.</exception>
    /// <exception cref="RequestFailedException">409 where an added row exists; nothing was written.</exception>
    public async Task SubmitAsync(IEnumerable<TableTransactionAction> rows, CancellationToken cancellationToken)
    {
        var batch = new List<TableTransactionAction>(BatchRows + 1) { new(TableTransactionActionType.UpdateReplace, Fence(Key, _epoch), _fence) };
        batch.AddRange(rows);
        try
        {
            var answers = await _table.SubmitTransactionAsync(batch, cancellationToken);
            _fence = answers.Value[0].Headers.ETag!.Value;
        }
        catch (RequestFailedException refused) when (refused.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
        {
            // Also when the batch was carried out and its answer lost: the next owner, ourselves perhaps, finds the rows and goes on.
            throw new FencedOutException(Key);
        }
    }

    /// <summary>Takes the fence row away again, where it still is this owner's.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _table.DeleteEntityAsync(Key, FenceKey, _fence, cancellationToken);
        }
        catch (RequestFailedException taken) when (taken.Status is (int)HttpStatusCode.PreconditionFailed)
        {
            // A later owner has it.
        }
    }

    private static TableEntity Fence(string key, long epoch) => new(key, FenceKey) { ["Epoch"] = epoch };
}

/// <summary>Another writer has taken over; whoever meets this stops writing.</summary>
internal sealed class FencedOutException(string key) : Exception($"Another writer has taken over '{key}'.");
