using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>
/// Deletions and certificates: table <c>deletions</c>, a partition per practice. Partition <c>~open</c> finds those under way, <c>~done</c> those of whole clients by the time of their end.
/// A restore takes the newest state of each deletion from all that it is given (<see cref="Backup.RestoreBackup"/>): what was deleted stays deleted.
/// </summary>
public sealed class DeletionStore(AppStorage storage)
{
    internal const string Table = "deletions";
    internal const string Open = "~open";
    internal const string Done = "~done";

    /// <summary>One deletion of that practice, or null.</summary>
    public async Task<ClientDeletion?> FindAsync(PracticeId practice, DeletionId id, CancellationToken cancellationToken)
    {
        if (!id.IsWellFormed)
            return null;
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(practice.Value, id.Value, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>A practice's deletions, newest last.</summary>
    /// <param name="practice">The practice.</param>
    /// <param name="size">1 to 1,000.</param>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<DeletionPage> ListAsync(PracticeId practice, int size, DeletionId? after, CancellationToken cancellationToken)
    {
        size = Math.Clamp(size, 1, 1000);
        List<ClientDeletion> deletions = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {practice.Value} and RowKey gt {after?.Value ?? ""}");
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, Math.Min(size + 1, 1000), cancellationToken: cancellationToken))
        {
            if (deletions.Count == size)
                return new DeletionPage(deletions, deletions[^1].Id);
            deletions.Add(Read(row));
        }
        return new DeletionPage(deletions, null);
    }

    /// <summary>A deletion under way by its id alone, for unattended work; null when there is none (any more).</summary>
    public async Task<ClientDeletion?> FindOpenAsync(DeletionId id, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(Open, id.Value, cancellationToken: cancellationToken);
        return row.HasValue ? await FindAsync(new PracticeId(row.Value!.GetString("Practice")), id, cancellationToken) : null;
    }

    /// <summary>Ids of the deletions under way.</summary>
    public async Task<IReadOnlyList<DeletionId>> OpenAsync(CancellationToken cancellationToken)
    {
        List<DeletionId> ids = [];
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(row => row.PartitionKey == Open, cancellationToken: cancellationToken))
            ids.Add(new DeletionId(row.RowKey));
        return ids;
    }

    /// <summary>Ids of those of one practice.</summary>
    internal async Task<IReadOnlyList<DeletionId>> OpenAsync(PracticeId practice, CancellationToken cancellationToken)
    {
        List<DeletionId> ids = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Open} and Practice eq {practice.Value}");
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            ids.Add(new DeletionId(row.RowKey));
        return ids;
    }

    /// <summary>How many whole clients of a practice were deleted at or after a time.</summary>
    internal async Task<int> CountDoneAsync(PracticeId practice, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Done} and RowKey ge {Ticks(since)} and Practice eq {practice.Value}");
        return await (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellationToken).CountAsync(cancellationToken);
    }

    /// <summary>Whole clients whose deletion ended at or after a time, oldest first, each with its place among them; behind a place where one is given.</summary>
    internal async IAsyncEnumerable<(string Place, ClientDeletion Deletion)> DoneSinceAsync(DateTimeOffset since, string after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Done} and RowKey ge {Ticks(since)} and RowKey gt {after}");
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (await FindAsync(new PracticeId(row.GetString("Practice")), new DeletionId(row.RowKey[20..]), cancellationToken) is { } deletion)
                yield return (row.RowKey, deletion);
        }
    }

    /// <summary>Writes a deletion as it was read; a new one where it has no ETag. Its place among those under way is written before, and removed after it has ended.</summary>
    /// <exception cref="RequestFailedException">412: somebody else wrote it meanwhile.</exception>
    internal async Task<ClientDeletion> WriteAsync(ClientDeletion deletion, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        if (deletion.CompletedAt is null)
            await table.UpsertEntityAsync(OpenRow(deletion), TableUpdateMode.Replace, cancellationToken);
        else if (deletion.Kind is DeletionKind.Client)
            await table.UpsertEntityAsync(new TableEntity(Done, $"{Ticks(deletion.CompletedAt.Value)}|{deletion.Id}") { ["Practice"] = deletion.Practice.Value }, TableUpdateMode.Replace, cancellationToken);
        var answer = deletion.ETag == default
            ? await table.AddEntityAsync(BodyRow(deletion), cancellationToken)
            : await table.UpdateEntityAsync(BodyRow(deletion), deletion.ETag, TableUpdateMode.Replace, cancellationToken);
        return deletion with { ETag = answer.Headers.ETag ?? default };
    }

    /// <summary>
    /// Makes sure that a deletion of which a mark stands, or that was opened again, is found and carried out: whoever looked after those under way a moment before may have seen nothing to
    /// do, and closed it. Repeatable.
    /// </summary>
    internal async Task KeepOpenAsync(ClientDeletion deletion, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        if (await FindAsync(deletion.Practice, deletion.Id, cancellationToken) is null)
            await table.UpsertEntityAsync(BodyRow(deletion), TableUpdateMode.Replace, cancellationToken);
        await table.UpsertEntityAsync(OpenRow(deletion), TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>It is no longer under way.</summary>
    internal async Task CloseAsync(DeletionId id, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).DeleteEntityAsync(Open, id.Value, ETag.All, cancellationToken);

    /// <summary>Forgets a deletion that never began.</summary>
    internal async Task DropAsync(ClientDeletion deletion, CancellationToken cancellationToken)
    {
        await (await TableAsync(cancellationToken)).DeleteEntityAsync(deletion.Practice.Value, deletion.Id.Value, ETag.All, cancellationToken);
        await CloseAsync(deletion.Id, cancellationToken);
    }

    internal static TableEntity OpenRow(ClientDeletion deletion) => new(Open, deletion.Id.Value) { ["Practice"] = deletion.Practice.Value };

    internal static TableEntity BodyRow(ClientDeletion deletion) =>
        new(deletion.Practice.Value, deletion.Id.Value) { ["Body"] = JsonSerializer.Serialize(deletion, DeletionJson.Default.ClientDeletion) };

    private static ClientDeletion Read(TableEntity row) =>
        (JsonSerializer.Deserialize(row.GetString("Body"), DeletionJson.Default.ClientDeletion) ?? throw new InvalidDataException("An empty deletion row.")) with { ETag = row.ETag };

    private static string Ticks(DateTimeOffset at) => at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);
}

/// <summary>A page of deletions.</summary>
/// <param name="Deletions">In the order of asking.</param>
/// <param name="Continuation">Pass it to read on; null at the end.</param>
public sealed record DeletionPage(IReadOnlyList<ClientDeletion> Deletions, DeletionId? Continuation);
