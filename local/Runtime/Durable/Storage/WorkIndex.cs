using System.Net;
using Azure;
using Azure.Data.Tables;

namespace DataHealth.Local.Runtime.Durable.Storage;

/// <summary>
/// When each unfinished instance should next be looked at. Whoever leaves something in an instance's inbox touches its row afterwards; whoever puts
/// an instance to sleep does so on condition that the row is as it was before the inbox was read. So no message is ever slept over.
/// </summary>
internal sealed class WorkIndex(HubStorage storage)
{
    private const string Partition = "work";

    public static DateTimeOffset Never { get; } = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Now { get; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task<WorkItem?> FindAsync(string instanceId)
    {
        await storage.ReadyAsync();
        var found = await storage.Work.GetEntityIfExistsAsync<TableEntity>(Partition, HubStorage.Escape(instanceId));
        return found.HasValue ? Item(found.Value!) : null;
    }

    /// <summary>Says that there is something to do.</summary>
    public async Task TouchAsync(string instanceId)
    {
        await storage.ReadyAsync();
        await storage.Work.UpsertEntityAsync(Row(instanceId, Now), TableUpdateMode.Replace);
    }

    /// <summary>Says that there is nothing to do before then; false when the row was touched meanwhile.</summary>
    public Task<bool> SleepAsync(WorkItem item, DateTimeOffset until) =>
        IfUntouchedAsync(() => storage.Work.UpdateEntityAsync(Row(item.InstanceId, until), item.ETag, TableUpdateMode.Replace));

    /// <summary>The instance has ended; false when the row was touched meanwhile.</summary>
    public Task<bool> RemoveAsync(WorkItem item) =>
        IfUntouchedAsync(() => storage.Work.DeleteEntityAsync(Partition, HubStorage.Escape(item.InstanceId), item.ETag));

    /// <summary>All that is due at <paramref name="now"/>, or simply all.</summary>
    public async IAsyncEnumerable<WorkItem> ListAsync(DateTimeOffset? now)
    {
        await storage.ReadyAsync();
        var filter = now is { } time
            ? TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and Due le {time}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in storage.Work.QueryAsync<TableEntity>(filter))
            yield return Item(row);
    }

    private static WorkItem Item(TableEntity row) =>
        new(HubStorage.Unescape(row.RowKey), row.GetDateTimeOffset("Due")!.Value, row.ETag, row.Timestamp ?? default);

    private static TableEntity Row(string instanceId, DateTimeOffset due) => new(Partition, HubStorage.Escape(instanceId)) { ["Due"] = due };

    private static async Task<bool> IfUntouchedAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (RequestFailedException refused) when (refused.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}

/// <summary>One row of the work index as it was read.</summary>
internal sealed record WorkItem(string InstanceId, DateTimeOffset Due, ETag ETag, DateTimeOffset WrittenAt);
