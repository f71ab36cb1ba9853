using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>
/// The mark of a deletion on the client's own row. From the mark on <see cref="ClientStore"/> knows a client that is being deleted no more, so nobody can sync, connect, rename or even see
/// it; one whose data is being deleted says so (<see cref="Client.ClearedBy"/>).
/// </summary>
public sealed class DeletionMarks(AppStorage storage)
{
    internal const string OfClient = "DeletedBy";
    internal const string OfData = "ClearedBy";

    /// <summary>The deletion that has marked the client; null when none has, or there is no such client (any more).</summary>
    public async Task<DeletionId?> FindAsync(PracticeId practice, ClientId client, CancellationToken cancellationToken)
    {
        if (!ClientStore.IsWellFormed(client))
            return null;
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(practice.Value, client.Value, cancellationToken: cancellationToken);
        return row.HasValue ? Of(row.Value!) : null;
    }

    /// <summary>Marks the client; of two deletions one does.</summary>
    /// <returns>The deletion whose mark is there now; null when there is no such client.</returns>
    internal async Task<DeletionId?> SetAsync(ClientDeletion deletion, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(deletion.Practice.Value, deletion.Client.Value, cancellationToken: cancellationToken);
            if (!row.HasValue)
                return null;
            if (Of(row.Value!) is { } marked)
                return marked;
            var change = new TableEntity(deletion.Practice.Value, deletion.Client.Value) { [deletion.Kind is DeletionKind.Client ? OfClient : OfData] = deletion.Id.Value };
            try
            {
                await table.UpdateEntityAsync(change, row.Value!.ETag, TableUpdateMode.Merge, CancellationToken.None);
                return deletion.Id;
            }
            catch (RequestFailedException changed) when (changed.Status is 404 or 412 && attempt < 20)
            {
                // Renamed or marked in this moment: look again.
            }
        }
    }

    /// <summary>Takes the mark of a deletion of data off again.</summary>
    internal async Task ClearAsync(ClientDeletion deletion, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(deletion.Practice.Value, deletion.Client.Value, cancellationToken: cancellationToken);
            if (!row.HasValue || row.Value!.GetString(OfData) != deletion.Id.Value)
                return;
            row.Value.Remove(OfData);
            try
            {
                await table.UpdateEntityAsync(row.Value, row.Value.ETag, TableUpdateMode.Replace, cancellationToken);
                return;
            }
            catch (RequestFailedException changed) when (changed.Status is 404 or 412 && attempt < 20)
            {
                // Renamed in this moment: look again.
            }
        }
    }

    private static DeletionId? Of(TableEntity row) => (row.GetString(OfClient) ?? row.GetString(OfData)) is { } id ? new DeletionId(id) : null;

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(ClientStore.Table, cancellationToken);
}
