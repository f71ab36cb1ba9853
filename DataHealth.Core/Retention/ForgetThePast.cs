using System.Globalization;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Operations;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Retention;

/// <summary>
/// Removes what is older than <see cref="RetentionOptions"/>, in small slices: once a day over all clients, practices and batches of replays, a few hundred of each at a call.
/// </summary>
public sealed class ForgetThePast(AppStorage storage, RetentionCursors cursors, IOptions<RetentionOptions> options, TimeProvider time)
{
    private const string ClientsPart = "clients";
    private const string AuditPart = "audit";
    private const string ReplaysPart = "replays";
    private const int MostClients = 500;
    private const int MostPractices = 500;
    private const int MostRows = 5000;

    // Less than any practice's id, and not empty.
    private const string BeforeAll = "!";

    /// <summary>Does the next slice of each part whose round of the day is not over.</summary>
    /// <returns>What it removed.</returns>
    public async Task<ForgottenSlice> ExecuteAsync(CancellationToken cancellationToken)
    {
        var (runs, events) = await ClientsAsync(cancellationToken);
        return new ForgottenSlice(runs, events, await AuditAsync(cancellationToken), await ReplaysAsync(cancellationToken));
    }

    private async Task<(int Runs, int Events)> ClientsAsync(CancellationToken cancellationToken)
    {
        if (await cursors.FindAsync(ClientsPart, cancellationToken) is not { } cursor)
            return (0, 0);
        var now = time.GetUtcNow();
        var (runs, events, last, seen) = (0, 0, "", 0);
        await foreach (var client in (await storage.TableAsync(ClientStore.IndexTable, cancellationToken))
            .QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey gt {cursor.After}"), MostClients, ["PartitionKey"], cancellationToken))
        {
            runs += await RunsAsync(client.PartitionKey, now - options.Value.Runs, cancellationToken);
            events += await EventsAsync(client.PartitionKey, now - options.Value.RunEvents, cancellationToken);
            last = client.PartitionKey;
            if (++seen == MostClients || runs + events > MostRows)
                break;
            last = "";
        }
        await cursors.MoveAsync(cursor, last, cancellationToken);
        return (runs, events);
    }

    // A run's id begins with the milliseconds of its making, and its key with their complement: older ones come later.
    private async Task<int> RunsAsync(string client, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var bound = RunRows.HistoryKey(new RunId(Milliseconds(before) + new string('0', 20)));
        var table = await storage.TableAsync(RunRows.Table, cancellationToken);
        var current = await table.GetEntityIfExistsAsync<TableEntity>(client, RunRows.Current, cancellationToken: cancellationToken);
        var latest = current.HasValue ? RunRows.HistoryKey(RunRows.Read(current.Value!).RunId) : "";
        return await RemoveAsync(table, $"PartitionKey eq '{client}' and RowKey gt '{bound}' and RowKey lt '{RunRows.HistoryPrefix}~' and RowKey ne '{latest}'", int.MaxValue, cancellationToken);
    }

    private async Task<int> EventsAsync(string client, DateTimeOffset before, CancellationToken cancellationToken) =>
        await RemoveAsync(await storage.TableAsync(RunEvents.Table, cancellationToken), $"PartitionKey ge '{client}|' and PartitionKey lt '{client}|{Milliseconds(before)}'", int.MaxValue, cancellationToken);

    // One look a practice finds the next one: the table has no other list of its partitions.
    private async Task<int> AuditAsync(CancellationToken cancellationToken)
    {
        if (await cursors.FindAsync(AuditPart, cancellationToken) is not { } cursor)
            return 0;
        var table = await storage.TableAsync(AuditTrail.Table, cancellationToken);
        var before = time.GetUtcNow() - options.Value.Audit;
        var (removed, done, seen) = (0, cursor.After, 0);
        while (await NextPartitionAsync(table, done, cancellationToken) is { } practice)
        {
            removed += await AuditAsync(table, practice, before, MostRows - removed, cancellationToken);
            if (removed >= MostRows)
            {
                // The same practice goes on at the next tick.
                await cursors.MoveAsync(cursor, done.Length > 0 ? done : BeforeAll, cancellationToken);
                return removed;
            }
            done = practice;
            if (++seen == MostPractices)
            {
                await cursors.MoveAsync(cursor, done, cancellationToken);
                return removed;
            }
        }
        await cursors.MoveAsync(cursor, "", cancellationToken);
        return removed;
    }

    private static async Task<int> AuditAsync(TableClient table, string practice, DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {practice} and RowKey gt {AuditTrail.KeyBefore(before)} and RowKey lt {AuditTrail.Whole + "~"}");
        var removed = 0;
        List<TableTransactionAction> batch = [];
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey", "Client"], cancellationToken: cancellationToken))
        {
            batch.Add(new(TableTransactionActionType.Delete, row, ETag.All));
            if (row.GetString("Client") is { } client)
                batch.Add(new(TableTransactionActionType.Delete, new TableEntity(practice, AuditTrail.OfClient(new ClientId(client)) + row.RowKey[AuditTrail.Whole.Length..]), ETag.All));
            if (batch.Count < 99)
                continue;
            removed += await SubmitAsync(table, batch, cancellationToken);
            batch.Clear();
            if (removed >= most)
                return removed;
        }
        return removed + await SubmitAsync(table, batch, cancellationToken);
    }

    // A batch's id begins with the milliseconds of its making, as a run's does; it is kept as long as the runs that it tells of.
    private async Task<int> ReplaysAsync(CancellationToken cancellationToken)
    {
        if (await cursors.FindAsync(ReplaysPart, cancellationToken) is not { } cursor)
            return 0;
        var table = await storage.TableAsync(ReplayBatches.Table, cancellationToken);
        var bound = Milliseconds(time.GetUtcNow() - options.Value.Runs);
        var removed = await RemoveAsync(table, $"PartitionKey lt '{bound}'", MostRows, cancellationToken)
            + await RemoveAsync(table, $"PartitionKey eq '{ReplayBatches.Open}' and Batch lt '{bound}'", MostRows, cancellationToken);
        await cursors.MoveAsync(cursor, removed >= MostRows ? bound : "", cancellationToken);
        return removed;
    }

    private static async Task<string?> NextPartitionAsync(TableClient table, string after, CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey gt {after}"), 1, ["PartitionKey"], cancellationToken))
            return row.PartitionKey;
        return null;
    }

    private static async Task<int> RemoveAsync(TableClient table, string filter, int most, CancellationToken cancellationToken)
    {
        var removed = 0;
        List<TableTransactionAction> batch = [];
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            if (batch.Count == 100 || (batch.Count > 0 && batch[0].Entity.PartitionKey != row.PartitionKey))
            {
                removed += await SubmitAsync(table, batch, cancellationToken);
                batch.Clear();
                if (removed >= most)
                    return removed;
            }
            batch.Add(new(TableTransactionActionType.Delete, row, ETag.All));
        }
        return removed + await SubmitAsync(table, batch, cancellationToken);
    }

    private static async Task<int> SubmitAsync(TableClient table, List<TableTransactionAction> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
            return 0;
        try
        {
            await table.SubmitTransactionAsync(batch, cancellationToken);
            return batch.Count;
        }
        catch (RequestFailedException gone) when (gone.Status is 404)
        {
            // Another one does the same, or the client is being deleted: row by row.
            foreach (var row in batch)
                await table.DeleteEntityAsync(row.Entity.PartitionKey, row.Entity.RowKey, ETag.All, cancellationToken);
            return batch.Count;
        }
    }

    private static string Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture);
}

/// <summary>What a slice removed.</summary>
/// <param name="Runs">Runs.</param>
/// <param name="Events">Lines of timelines.</param>
/// <param name="Audit">Rows of the audit.</param>
/// <param name="Replays">Rows of batches of replays.</param>
public sealed record ForgottenSlice(int Runs, int Events, int Audit, int Replays);
