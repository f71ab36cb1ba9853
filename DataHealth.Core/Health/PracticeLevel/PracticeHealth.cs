using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.PracticeLevel;

/// <summary>Rows of the practice level: table <c>healthpractices</c>, a partition for each practice, a row for each client that was recalculated.</summary>
public sealed class PracticeHealth(AppStorage storage, HealthStore health, NoteStore notes, ClientStore clients, TimeProvider time)
{
    internal const string Table = "healthpractices";
    internal const string Rows = "c|";
    private const int MostTries = 20;

    // A month back for the change, and to find the last point before that.
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(93);

    /// <summary>Writes a client's row anew from what stands. Of two at once, the one that has seen more stays.</summary>
    public async Task RefreshAsync(PracticeId practice, ClientId client, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var former = await table.GetEntityIfExistsAsync<TableEntity>(practice.Value, Rows + client, ["RowKey"], cancellationToken);
            if (await health.FindAsync(client, cancellationToken) is not { } kept)
                return;
            var now = time.GetUtcNow();
            var points = await health.PointsAsync(client, now - LooksBack, now.AddDays(1), cancellationToken).ToListAsync(cancellationToken);
            var insights = await health.InsightsAsync(client, kept.Head.Version, cancellationToken);
            var row = ClientHealthRow.Of(client, kept, await notes.AllAsync(client, cancellationToken), points, insights?.Volumes.Value, now);
            var entity = new TableEntity(practice.Value, Rows + client) { ["Body"] = JsonSerializer.Serialize(row, PracticeHealthJson.Default.ClientHealthRow) };
            try
            {
                if (former.HasValue)
                    await table.UpdateEntityAsync(entity, former.Value!.ETag, TableUpdateMode.Replace, cancellationToken);
                else
                    await table.AddEntityAsync(entity, cancellationToken);
                break;
            }
            catch (RequestFailedException faster) when (faster.Status is 404 or 409 or 412 && attempt < MostTries)
            {
                // Somebody else wrote it meanwhile, perhaps from what was older: look again.
            }
        }
        // A deletion that began meanwhile may have been here already.
        if (await clients.FindAsync(practice, client, cancellationToken) is not { ClearedBy: null })
            await table.DeleteEntityAsync(practice.Value, Rows + client, ETag.All, cancellationToken);
    }

    /// <summary>Every row of a practice, a thousand a request.</summary>
    internal async IAsyncEnumerable<ClientHealthRow> AllAsync(PracticeId practice, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {practice.Value} and RowKey gt {Rows} and RowKey lt {Rows + "~"}");
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, 1000, ["Body"], cancellationToken))
            yield return JsonSerializer.Deserialize(row.GetString("Body"), PracticeHealthJson.Default.ClientHealthRow) ?? throw new InvalidDataException("An empty health row.");
    }

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);
}
