using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Practices.Deletion;

/// <summary>Deletions of practices and their certificates: partition <c>~practices</c> of the table of deletions, a row for each, kept for good.</summary>
public sealed class PracticeDeletionStore(AppStorage storage)
{
    internal const string Partition = "~practices";

    /// <summary>The practice's deletion; null where nobody asked for one.</summary>
    public async Task<PracticeDeletion?> FindAsync(PracticeId practice, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(Partition, practice.Value, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>Practices whose deletion is under way.</summary>
    public async Task<IReadOnlyList<PracticeId>> OpenAsync(CancellationToken cancellationToken)
    {
        List<PracticeId> open = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and IsOpen eq {true}");
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellationToken))
            open.Add(new PracticeId(row.RowKey));
        return open;
    }

    /// <summary>Writes it as it was read, or for the first time.</summary>
    /// <exception cref="RequestFailedException">409 or 412: somebody else wrote it meanwhile.</exception>
    internal async Task<PracticeDeletion> WriteAsync(PracticeDeletion deletion, CancellationToken cancellationToken)
    {
        var row = Row(deletion);
        var table = await TableAsync(cancellationToken);
        var answer = deletion.ETag == default
            ? await table.AddEntityAsync(row, cancellationToken)
            : await table.UpdateEntityAsync(row, deletion.ETag, TableUpdateMode.Replace, cancellationToken);
        return deletion with { ETag = answer.Headers.ETag ?? default };
    }

    internal static TableEntity Row(PracticeDeletion deletion) => new(Partition, deletion.Practice.Value)
    {
        ["Body"] = JsonSerializer.Serialize(deletion, PracticeDeletionJson.Default.PracticeDeletion),
        ["IsOpen"] = deletion.CompletedAt is null,
    };

    private static PracticeDeletion Read(TableEntity row) =>
        (JsonSerializer.Deserialize(row.GetString("Body"), PracticeDeletionJson.Default.PracticeDeletion) ?? throw new InvalidDataException("An empty deletion row.")) with { ETag = row.ETag };

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(DeletionStore.Table, cancellationToken);
}
