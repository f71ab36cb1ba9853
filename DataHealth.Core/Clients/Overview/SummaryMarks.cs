using System.Net;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients.Overview;

/// <summary>
/// Clients whose summary may be behind: table <c>overviewmarks</c>. Written before the truth changes and removed when the summary has followed, so that a crash between the two is found
/// by a sweep. Holds as many rows as there are changes under way.
/// </summary>
internal sealed class SummaryMarks(AppStorage storage, TimeProvider time)
{
    /// <summary>The partition of the marks.</summary>
    public const string Partition = "mark";

    public async Task<ChangeMark> AddAsync(ClientId client, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, client.Value) { ["At"] = time.GetUtcNow() };
        var response = await (await TableAsync(cancellationToken)).UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        return new ChangeMark(client, response.Headers.ETag ?? default);
    }

    /// <summary>Removes a mark, unless a later change has written it anew.</summary>
    public async Task RemoveAsync(ChangeMark mark, CancellationToken cancellationToken)
    {
        try
        {
            await (await TableAsync(cancellationToken)).DeleteEntityAsync(Partition, mark.Client.Value, mark.ETag, cancellationToken);
        }
        catch (RequestFailedException again) when (again.Status is (int)HttpStatusCode.PreconditionFailed)
        {
            // It stands for the later change now.
        }
    }

    /// <summary>Marks that are older than a change takes.</summary>
    public async Task<IReadOnlyList<ChangeMark>> OlderAsync(DateTimeOffset than, int take, CancellationToken cancellationToken)
    {
        List<ChangeMark> marks = [];
        var table = await TableAsync(cancellationToken);
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and At lt {than}"), maxPerPage: Math.Min(take, 1000), cancellationToken: cancellationToken))
        {
            marks.Add(new ChangeMark(new ClientId(row.RowKey), row.ETag));
            if (marks.Count == take)
                break;
        }
        return marks;
    }

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync("overviewmarks", cancellationToken);
}
