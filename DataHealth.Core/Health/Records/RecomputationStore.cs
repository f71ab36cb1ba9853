using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.Records;

/// <summary>
/// History that was recomputed, in the client's partition of <see cref="HealthKeys.Table"/>: the row <c>recomputation</c> says what was asked for and how far it is, <c>r|{day}</c> holds a point. A point and the count of it are written in
/// one transaction, on the request's ETag and the notes' stamp: so none is written twice, each is scored by the dismissals of its moment, and nothing comes back of a client whose stamp has gone with its deletion.
/// </summary>
public sealed class RecomputationStore(AppStorage storage)
{
    /// <summary>The latest that was asked for; null: none ever was.</summary>
    public async Task<Recomputation?> FindAsync(ClientId client, CancellationToken cancellationToken) => (await RowAsync(await TableAsync(cancellationToken), client, cancellationToken))?.Asked;

    /// <summary>Points by the day that they judge, oldest first.</summary>
    public async IAsyncEnumerable<RecomputedPoint> PointsAsync(
        ClientId client, DateOnly from, DateOnly to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = $"PartitionKey eq '{client}' and RowKey ge '{KeyOf(from)}' and RowKey le '{KeyOf(to)}'";
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            yield return JsonSerializer.Deserialize(row.GetString("Body"), HealthJson.Default.RecomputedPoint) ?? throw new InvalidDataException("An empty point of history.");
    }

    /// <summary>How often the client's partition was taken over: moves on with every recalculation that begins.</summary>
    internal async Task<long> RecalculationsAsync(ClientId client, CancellationToken cancellationToken) =>
        await FencedPartition.EpochAsync(await TableAsync(cancellationToken), client.Value, cancellationToken);

    /// <summary>Takes a request in, over the latest, which has ended.</summary>
    /// <returns>False where another came in at the same moment, or the client has no health (any more).</returns>
    internal async Task<bool> AskAsync(ClientId client, Recomputation asked, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var before = await RowAsync(table, client, cancellationToken);
        if (before is { Asked.EndedAt: null } || await StampAsync(table, client, cancellationToken) is not { } stamp)
            return false;
        return await SubmitAsync(table, client, stamp, before is { } there ? new(TableTransactionActionType.UpdateReplace, RowOf(client, asked), there.Version) : new(TableTransactionActionType.Add, RowOf(client, asked)), null, cancellationToken);
    }

    /// <summary>Writes the next point of a request, if it still is the next.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="asked">The request as the point was reckoned for it.</param>
    /// <param name="point">Makes the point, from notes that are read after their stamp was; null where there is nothing to write after all.</param>
    /// <param name="now">When: the last one ends the request.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<bool> WriteAsync(ClientId client, Recomputation asked, Func<Task<RecomputedPoint>> point, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const int MostTries = 20;
        var table = await TableAsync(cancellationToken);
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            // Somebody noted something at the same moment, or another copy of this activity has written the point.
            if (await StampAsync(table, client, cancellationToken) is not { } stamp || await RowAsync(table, client, cancellationToken) is not { } row
                || row.Asked.Id != asked.Id || row.Asked.Done != asked.Done || row.Asked.EndedAt is not null)
                return false;
            var made = await point();
            var next = row.Asked with { Done = asked.Done + 1, EndedAt = asked.Done + 1 == asked.Days.Count ? now : null };
            var entity = new TableEntity(client.Value, KeyOf(made.Point.ReportingDate)) { ["Body"] = JsonSerializer.Serialize(made, HealthJson.Default.RecomputedPoint) };
            if (await SubmitAsync(table, client, stamp, new(TableTransactionActionType.UpdateReplace, RowOf(client, next), row.Version), new(TableTransactionActionType.UpsertReplace, entity), cancellationToken))
                return true;
        }
        throw new InvalidDataException($"Notes of client {client} change faster than a point can be written.");
    }

    /// <summary>Ends a request that comes to nothing more.</summary>
    internal async Task FailAsync(ClientId client, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        if (await RowAsync(table, client, cancellationToken) is not { } row || row.Asked.Id != id || row.Asked.EndedAt is not null)
            return;
        try
        {
            await table.UpdateEntityAsync(RowOf(client, row.Asked with { EndedAt = now, HasFailed = true }), row.Version, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException moved) when (moved.Status is 404 or 412)
        {
            // It went on, or went away with its client, in this moment.
        }
    }

    private static async Task<bool> SubmitAsync(
        TableClient table, ClientId client, ETag stamp, TableTransactionAction request, TableTransactionAction? point, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> batch = [new(TableTransactionActionType.UpdateReplace, NoteStore.NewStamp(client), stamp), request];
        if (point is not null)
            batch.Add(point);
        try
        {
            await table.SubmitTransactionAsync(batch, cancellationToken);
            return true;
        }
        catch (RequestFailedException faster) when (faster.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private static async Task<(Recomputation Asked, ETag Version)?> RowAsync(TableClient table, ClientId client, CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, HealthKeys.Recomputation, cancellationToken: cancellationToken);
        return row.HasValue && JsonSerializer.Deserialize(row.Value!.GetString("Body"), HealthJson.Default.Recomputation) is { } asked ? (asked, row.Value.ETag) : null;
    }

    private static async Task<ETag?> StampAsync(TableClient table, ClientId client, CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, HealthKeys.Stamp, ["RowKey"], cancellationToken);
        return row.HasValue ? row.Value!.ETag : null;
    }

    private static TableEntity RowOf(ClientId client, Recomputation asked) => new(client.Value, HealthKeys.Recomputation) { ["Body"] = JsonSerializer.Serialize(asked, HealthJson.Default.Recomputation) };

    private static string KeyOf(DateOnly day) => HealthKeys.Recomputed + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(HealthKeys.Table, cancellationToken);
}
