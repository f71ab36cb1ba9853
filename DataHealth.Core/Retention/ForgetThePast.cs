using System.Globalization;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Retention;

/// <summary>
/// Removes what is older than <see cref="RetentionOptions"/>, in small slices: once a day over all clients and practices, a few hundred at a call. Where it stands is in table
/// <c>retention</c>; two at a time do the same work twice and harm nothing.
/// </summary>
public sealed class ForgetThePast(AppStorage storage, IOptions<RetentionOptions> options, TimeProvider time)
{
    internal const string Table = "retention";
    internal const string Cursor = "cursor";
    private const int MostClients = 500;
    private const int MostRows = 5000;
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromHours(20);

    /// <summary>Does the next slice.</summary>
    /// <returns>What it removed, and whether a new round over everybody began with it.</returns>
    public async Task<ForgottenSlice> ExecuteAsync(CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(Cursor, Cursor, cancellationToken: cancellationToken);
        var after = found.HasValue ? found.Value!.GetString("After") ?? "" : "";
        var now = time.GetUtcNow();
        if (after.Length == 0 && found.HasValue && now - found.Value!.GetDateTimeOffset("BegunAt") < BetweenRounds)
            return new ForgottenSlice(0, 0, 0, false);
        var begun = after.Length == 0 ? now : found.Value!.GetDateTimeOffset("BegunAt") ?? now;

        var audit = after.Length == 0 ? await AuditAsync(now - options.Value.Audit, cancellationToken) : 0;
        var (runs, events, last) = (0, 0, "");
        var seen = 0;
        await foreach (var client in (await storage.TableAsync(ClientStore.IndexTable, cancellationToken))
            .QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey gt {after}"), MostClients, ["PartitionKey"], cancellationToken))
        {
            runs += await RunsAsync(client.PartitionKey, now - options.Value.Runs, cancellationToken);
            events += await EventsAsync(client.PartitionKey, now - options.Value.RunEvents, cancellationToken);
            last = client.PartitionKey;
            if (++seen == MostClients || runs + events > MostRows)
                break;
            last = "";
        }
        await table.UpsertEntityAsync(new TableEntity(Cursor, Cursor) { ["After"] = last, ["BegunAt"] = begun }, TableUpdateMode.Replace, cancellationToken);
        return new ForgottenSlice(runs, events, audit, after.Length == 0);
    }

    // A run's id begins with the milliseconds of its making, and its key with their complement: older ones come later.
    private async Task<int> RunsAsync(string client, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var bound = RunRows.HistoryKey(new RunId(Milliseconds(before) + new string('0', 20)));
        var table = await storage.TableAsync(RunRows.Table, cancellationToken);
        var current = await table.GetEntityIfExistsAsync<TableEntity>(client, RunRows.Current, cancellationToken: cancellationToken);
        var latest = current.HasValue ? RunRows.HistoryKey(RunRows.Read(current.Value!).RunId) : "";
        return await RemoveAsync(table, $"PartitionKey eq '{client}' and RowKey gt '{bound}' and RowKey lt '{RunRows.HistoryPrefix}~' and RowKey ne '{latest}'", cancellationToken);
    }

    private async Task<int> EventsAsync(string client, DateTimeOffset before, CancellationToken cancellationToken) =>
        await RemoveAsync(await storage.TableAsync(RunEvents.Table, cancellationToken), $"PartitionKey ge '{client}|' and PartitionKey lt '{client}|{Milliseconds(before)}'", cancellationToken);

    // One look a practice finds the next one: the table has no other list of its partitions.
    private async Task<int> AuditAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(AuditTrail.Table, cancellationToken);
        var (removed, practice) = (0, "");
        while (removed < MostRows && await NextPartitionAsync(table, practice, cancellationToken) is { } next)
        {
            practice = next;
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {practice} and RowKey gt {AuditTrail.KeyBefore(before)} and RowKey lt {AuditTrail.Whole + "~"}");
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
                if (removed >= MostRows)
                    return removed;
            }
            removed += await SubmitAsync(table, batch, cancellationToken);
        }
        return removed;
    }

    private static async Task<string?> NextPartitionAsync(TableClient table, string after, CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey gt {after}"), 1, ["PartitionKey"], cancellationToken))
            return row.PartitionKey;
        return null;
    }

    private static async Task<int> RemoveAsync(TableClient table, string filter, CancellationToken cancellationToken)
    {
        var removed = 0;
        List<TableTransactionAction> batch = [];
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            if (batch.Count == 100 || (batch.Count > 0 && batch[0].Entity.PartitionKey != row.PartitionKey))
            {
                removed += await SubmitAsync(table, batch, cancellationToken);
                batch.Clear();
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
/// <param name="BeganRound">It was the first slice of a day's round.</param>
public sealed record ForgottenSlice(int Runs, int Events, int Audit, bool BeganRound);
