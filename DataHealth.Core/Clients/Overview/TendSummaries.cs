using Azure.Data.Tables;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Clients.Overview;

/// <summary>
/// Keeps summaries true without anybody's doing, for a timer: looks again at clients whose change was not seen to end, and walks all clients round and round, because time alone makes notices
/// (an access that expires, a pause that lasts a day) and no bug of ours may leave a list wrong for ever.
/// </summary>
public sealed partial class TendSummaries(AppStorage storage, RefreshSummary refresh, TimeProvider time, ILogger<TendSummaries> logger)
{
    internal const string WalkPartition = "walk";
    private const string WalkRow = "position";
    private const int SideBySide = 8;

    // A change takes seconds; one that is older broke off.
    private static readonly TimeSpan ChangeTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromHours(1);
    private readonly SummaryMarks _marks = new(storage, time);

    /// <summary>Does a bounded part.</summary>
    /// <param name="most">Clients to walk at most; as many marks besides.</param>
    /// <param name="cancellationToken">Cancels between clients.</param>
    public async Task<TendResult> ExecuteAsync(int most, CancellationToken cancellationToken)
    {
        var behind = await _marks.OlderAsync(time.GetUtcNow() - ChangeTime, most, cancellationToken);
        await EachAsync(behind, async mark =>
        {
            await refresh.ExecuteAsync(mark.Client, cancellationToken);
            await _marks.RemoveAsync(mark, cancellationToken);
        }, mark => mark.Client, cancellationToken);
        return new TendResult(behind.Count, await WalkAsync(most, cancellationToken));
    }

    private async Task<int> WalkAsync(int most, CancellationToken cancellationToken)
    {
        var marks = await storage.TableAsync("overviewmarks", cancellationToken);
        var clients = await storage.TableAsync("clients", cancellationToken);
        var position = await marks.GetEntityIfExistsAsync<TableEntity>(WalkPartition, WalkRow, cancellationToken: cancellationToken);
        var (practice, client) = position.HasValue ? (position.Value!.GetString("Practice") ?? "", position.Value.GetString("Client") ?? "") : ("", "");
        var begun = position.HasValue ? position.Value!.GetDateTimeOffset("Begun") : null;
        if (practice.Length == 0 && time.GetUtcNow() - begun < BetweenRounds)
            return 0;
        if (practice.Length == 0)
            begun = time.GetUtcNow();
        List<(string Practice, ClientId Client)> next = [];
        var filter = TableClient.CreateQueryFilter($"(PartitionKey eq {practice} and RowKey gt {client}) or PartitionKey gt {practice}");
        await foreach (var row in clients.QueryAsync<TableEntity>(filter, Math.Min(most, 1000), ["PartitionKey", "RowKey"], cancellationToken))
        {
            next.Add((row.PartitionKey, new ClientId(row.RowKey)));
            if (next.Count == most)
                break;
        }
        await EachAsync(next, one => refresh.ExecuteAsync(one.Client, cancellationToken), one => one.Client, cancellationToken);
        var (atPractice, atClient) = next.Count == most ? (next[^1].Practice, next[^1].Client.Value) : ("", "");
        // Two walkers at once walk the same clients twice; nothing is left out.
        await marks.UpsertEntityAsync(new TableEntity(WalkPartition, WalkRow) { ["Practice"] = atPractice, ["Client"] = atClient, ["Begun"] = begun }, TableUpdateMode.Replace, cancellationToken);
        return next.Count;
    }

    private async Task EachAsync<T>(IReadOnlyList<T> all, Func<T, Task> work, Func<T, ClientId> client, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken }, async (one, _) =>
        {
            try
            {
                await work(one);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // One client that cannot be looked at holds back none of the others.
                Log.Left(logger, problem, client(one));
            }
        });

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The summary of client {Client} could not be looked at now; it is next time")]
        public static partial void Left(ILogger logger, Exception problem, ClientId client);
    }
}

/// <summary>What was tended.</summary>
/// <param name="Mended">Clients whose change had not been seen to end.</param>
/// <param name="Walked">Clients looked at in passing.</param>
public sealed record TendResult(int Mended, int Walked);
