using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Local.Runtime.Durable.Storage;

/// <summary>Lists instances, and describes them as functions see them.</summary>
internal sealed class InstanceQueries(HubStorage storage, Payloads payloads, DataConverter converter)
{
    public AsyncPageable<OrchestrationMetadata> List(OrchestrationQuery query) => Pageable.Create(async (token, pageSize, cancellation) =>
    {
        await storage.ReadyAsync();
        var pages = storage.Instances.QueryAsync<TableEntity>(Filter(query), cancellationToken: cancellation)
            .AsPages(token ?? query.ContinuationToken, Math.Clamp(pageSize ?? query.PageSize, 1, 1000));
        await foreach (var page in pages)
        {
            var found = new List<OrchestrationMetadata>();
            foreach (var row in page.Values)
                found.Add(await DescribeAsync(HubStorage.Unescape(row.PartitionKey), InstanceRows.Read(row), query.FetchInputsAndOutputs));
            return new Page<OrchestrationMetadata>(found, string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }
        return new Page<OrchestrationMetadata>([]);
    });

    public async IAsyncEnumerable<(string Id, InstanceRow Row)> FindAsync(
        OrchestrationQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await storage.ReadyAsync();
        await foreach (var row in storage.Instances.QueryAsync<TableEntity>(Filter(query), cancellationToken: cancellation))
            yield return (HubStorage.Unescape(row.PartitionKey), InstanceRows.Read(row));
    }

    public async Task<OrchestrationMetadata> DescribeAsync(string instanceId, InstanceRow row, bool withInputsAndOutputs) => new(row.Name, instanceId)
    {
        RuntimeStatus = row.Status,
        CreatedAt = row.CreatedAt,
        LastUpdatedAt = row.UpdatedAt,
        Tags = row.Tags,
        DataConverter = withInputsAndOutputs ? converter : null,
        SerializedInput = withInputsAndOutputs ? await payloads.UnpackAsync(row.Input) : null,
        SerializedOutput = withInputsAndOutputs ? await payloads.UnpackAsync(row.Output) : null,
        SerializedCustomStatus = withInputsAndOutputs ? await payloads.UnpackAsync(row.CustomStatus) : null,
    };

    private static string Filter(OrchestrationQuery query)
    {
        List<string> conditions = [TableClient.CreateQueryFilter($"RowKey eq {InstanceRows.Key}")];
        if (query.InstanceIdPrefix is { Length: > 0 } prefix)
        {
            var (from, to) = (HubStorage.Escape(prefix), HubStorage.Escape(prefix) + '\uFFFD');
            conditions.Add(TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {to}"));
        }
        if (query.CreatedFrom is { } createdFrom)
            conditions.Add(TableClient.CreateQueryFilter($"CreatedAt ge {createdFrom}"));
        if (query.CreatedTo is { } createdTo)
            conditions.Add(TableClient.CreateQueryFilter($"CreatedAt le {createdTo}"));
        if (query.Statuses?.Select(status => TableClient.CreateQueryFilter($"Status eq {status.ToString()}")).ToList() is { Count: > 0 } statuses)
            conditions.Add($"({string.Join(" or ", statuses)})");
        return string.Join(" and ", conditions);
    }
}
