using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Connections;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Costs;

/// <summary>
/// Calls and bytes by client, day and practice: table <c>costs</c>, a partition for each practice and month. A client's day is a row that keeps each run's share of that day, so that telling a run's
/// cost again sets the same number; the practice's day is counted in the same transaction. Our whole app's month is counted beside it, a moment later: a crash in between leaves it short by one telling.
/// </summary>
public sealed class CostLedger(AppStorage storage, ClientStore clients, ConnectionStore connections, TimeProvider time) : ICostMeter
{
    private const string TotalPrefix = "~";
    private const int Shards = 4;
    private const int AppShards = 16;
    private const int MaxAttempts = 30;

    /// <inheritdoc />
    public async Task RecordAsync(ClientId client, RunRecord run, RunCost cost, CancellationToken cancellationToken)
    {
        if (cost == default || await clients.PracticeOfAsync(client, cancellationToken) is not { } practice
            || (await connections.GetAsync(client, cancellationToken)).Organisation is not { Provider: var provider })
            return;
        var table = await TableAsync(cancellationToken);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var earlier = await EarlierAsync(table, practice, client, run, today, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(Partition(practice, today), RowKey(today, client), cancellationToken: cancellationToken);
            var shares = row.HasValue ? Shares(row.Value!) : [];
            var former = shares.GetValueOrDefault(run.RunId.Value);
            var share = cost - earlier;
            if (share == former || share.Calls < former.Calls)
                return;
            shares[run.RunId.Value] = share;
            var totalKey = $"{TotalPrefix}{today:dd}|{provider}|{Shard(client, Shards)}";
            var total = await table.GetEntityIfExistsAsync<TableEntity>(Partition(practice, today), totalKey, cancellationToken: cancellationToken);
            try
            {
                await table.SubmitTransactionAsync(
                [
                    Change(ClientDay(practice, today, client, provider, shares), row.HasValue ? row.Value!.ETag : null),
                    Change(Total(Partition(practice, today), totalKey, total.HasValue ? total.Value : null, share - former), total.HasValue ? total.Value!.ETag : null),
                ], cancellationToken);
                await CountAppAsync(table, provider, client, share - former, cancellationToken);
                return;
            }
            catch (RequestFailedException faster) when (faster.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict && attempt < MaxAttempts)
            {
                // Another client's run of the same practice was told at this moment: look again.
                await Task.Delay(Random.Shared.Next(1, 10 * attempt), cancellationToken);
            }
        }
    }

    /// <summary>What a practice's days of a month cost, by provider.</summary>
    public async Task<IReadOnlyList<DayCost>> OfPracticeAsync(PracticeId practice, CostMonth month, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(practice, month)} and RowKey gt {TotalPrefix}");
        var days = new List<DayCost>();
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            days.Add(new DayCost(new DateOnly(month.Year, month.Month, int.Parse(row.RowKey.AsSpan(1, 2), CultureInfo.InvariantCulture)), row.RowKey.Split('|')[1], Read(row)));
        return [.. days.GroupBy(day => (day.Day, day.Provider)).Select(group => new DayCost(group.Key.Day, group.Key.Provider, group.Aggregate(default(RunCost), (sum, day) => sum + day.Cost)))];
    }

    /// <summary>What a client's days of a month cost.</summary>
    public async Task<IReadOnlyList<DayCost>> OfClientAsync(PracticeId practice, ClientId client, CostMonth month, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(practice, month)} and Client eq {client.Value}");
        List<DayCost> days = [];
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            days.Add(new DayCost(
                new DateOnly(month.Year, month.Month, int.Parse(row.RowKey.AsSpan(0, 2), CultureInfo.InvariantCulture)), row.GetString("Provider"),
                Shares(row).Values.Aggregate(default(RunCost), (sum, share) => sum + share)));
        }
        return days;
    }

    /// <summary>What our whole app's month cost at a provider, over all practices.</summary>
    public async Task<RunCost> OfAppAsync(string provider, CostMonth month, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {App(provider, month)}");
        var sum = default(RunCost);
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            sum += Read(row);
        return sum;
    }

    /// <summary>The rows of a client, all months.</summary>
    internal static string OfClient(PracticeId practice, ClientId client) =>
        TableClient.CreateQueryFilter($"PartitionKey gt {practice.Value + "|"} and PartitionKey lt {practice.Value + "}"} and Client eq {client.Value}");

    /// <summary>A client's day for people: which day it is, and what each run took of it.</summary>
    internal static TableEntity Told(TableEntity row)
    {
        var shares = Shares(row);
        var sum = shares.Values.Aggregate(default(RunCost), (all, share) => all + share);
        return new TableEntity(row.PartitionKey, row.RowKey)
        {
            ["Date"] = $"{row.PartitionKey[(row.PartitionKey.IndexOf('|', StringComparison.Ordinal) + 1)..]}-{row.RowKey[..2]}",
            ["Provider"] = row.GetString("Provider"),
            ["Calls"] = sum.Calls,
            ["Bytes"] = sum.Bytes,
            ["Body"] = JsonSerializer.Serialize(new ToldRuns([.. shares.Select(share => new ToldRun(share.Key, share.Value.Calls, share.Value.Bytes))]), CostJson.Default.ToldRuns),
        };
    }

    // A run that took several days told a part of its cost on each.
    private static async Task<RunCost> EarlierAsync(TableClient table, PracticeId practice, ClientId client, RunRecord run, DateOnly today, CancellationToken cancellationToken)
    {
        var sum = default(RunCost);
        for (var day = DateOnly.FromDateTime(run.RequestedAt.UtcDateTime); day < today; day = day.AddDays(1))
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(Partition(practice, day), RowKey(day, client), cancellationToken: cancellationToken);
            if (row.HasValue)
                sum += Shares(row.Value!).GetValueOrDefault(run.RunId.Value);
        }
        return sum;
    }

    private async Task CountAppAsync(TableClient table, string provider, ClientId client, RunCost more, CancellationToken cancellationToken)
    {
        var partition = App(provider, CostMonth.Of(time.GetUtcNow()));
        var key = Shard(client, AppShards);
        for (var attempt = 1; ; attempt++)
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, key, cancellationToken: cancellationToken);
            var row = Total(partition, key, found.HasValue ? found.Value : null, more);
            try
            {
                if (found.HasValue)
                    await table.UpdateEntityAsync(row, found.Value!.ETag, TableUpdateMode.Replace, cancellationToken);
                else
                    await table.AddEntityAsync(row, cancellationToken);
                return;
            }
            catch (RequestFailedException faster) when (faster.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict && attempt < MaxAttempts)
            {
                await Task.Delay(Random.Shared.Next(1, 10 * attempt), cancellationToken);
            }
        }
    }

    private static TableTransactionAction Change(TableEntity row, ETag? condition) =>
        condition is { } etag ? new(TableTransactionActionType.UpdateReplace, row, etag) : new(TableTransactionActionType.Add, row);

    private static TableEntity ClientDay(PracticeId practice, DateOnly day, ClientId client, string provider, Dictionary<string, RunCost> shares) => new(Partition(practice, day), RowKey(day, client))
    {
        ["Client"] = client.Value,
        ["Provider"] = provider,
        ["Body"] = JsonSerializer.Serialize(shares, CostJson.Default.DictionaryStringRunCost),
    };

    private static TableEntity Total(string partition, string key, TableEntity? former, RunCost more)
    {
        var sum = (former is null ? default : Read(former)) + more;
        return new TableEntity(partition, key) { ["Calls"] = sum.Calls, ["Bytes"] = sum.Bytes };
    }

    private static RunCost Read(TableEntity row) => new(row.GetInt64("Calls") ?? 0, row.GetInt64("Bytes") ?? 0);

    private static Dictionary<string, RunCost> Shares(TableEntity row) => JsonSerializer.Deserialize(row.GetString("Body"), CostJson.Default.DictionaryStringRunCost) ?? [];

    private static string Partition(PracticeId practice, DateOnly day) => Partition(practice, new CostMonth(day.Year, day.Month));

    private static string Partition(PracticeId practice, CostMonth month) => $"{practice}|{month}";

    private static string App(string provider, CostMonth month) => $"~app|{provider}|{month}";

    private static string RowKey(DateOnly day, ClientId client) => $"{day:dd}|{client}";

    private static string Shard(ClientId client, int shards) => (Convert.ToInt32(client.Value[^2..], 16) % shards).ToString(CultureInfo.InvariantCulture);

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync("costs", cancellationToken);
}

/// <summary>What the runs of a day took.</summary>
internal sealed record ToldRuns(IReadOnlyList<ToldRun> Runs);

/// <summary>What a run took of a day.</summary>
internal sealed record ToldRun(string Run, long Calls, long Bytes);

[JsonSerializable(typeof(Dictionary<string, RunCost>))]
[JsonSerializable(typeof(ToldRuns))]
internal sealed partial class CostJson : JsonSerializerContext;
