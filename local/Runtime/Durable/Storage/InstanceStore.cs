using System.Globalization;
using System.Net;
using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;

namespace DataHealth.Local.Runtime.Durable.Storage;

/// <summary>Reads and writes one instance's partition. Everything that moves an instance forward is one transaction that its row's ETag fences.</summary>
internal sealed class InstanceStore(HubStorage storage, Payloads payloads, WorkIndex work, DurableSettings settings, TimeProvider clock)
{
    /// <summary>A transaction takes 100 operations; the row, the history and the outbox need three.</summary>
    public const int MaxConsumed = 90;

    // Leases are between processes: they run on the machine's clock also where a test moves the orchestrations' clock.
    private static readonly TimeProvider LeaseClock = TimeProvider.System;

    public async Task<InstanceRow?> FindAsync(string instanceId, CancellationToken cancellation = default)
    {
        await storage.ReadyAsync();
        var found = await storage.Instances.GetEntityIfExistsAsync<TableEntity>(
            HubStorage.Escape(instanceId), InstanceRows.Key, cancellationToken: cancellation);
        return found.HasValue ? InstanceRows.Read(found.Value!) : null;
    }

    /// <summary>Makes an instance, in the place of one that has ended. Making the same execution twice is making it once.</summary>
    /// <exception cref="OrchestrationAlreadyExistsException">One of this id has not ended.</exception>
    public async Task CreateAsync(string instanceId, string execution, ExecutionStarted started)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var existing = await FindAsync(instanceId);
            if (existing is { } other && other.Execution == execution)
                return;
            if (existing is { HasEnded: false })
                throw new OrchestrationAlreadyExistsException(instanceId);

            // First: a row of the index without an instance is swept away, an instance without one would sleep for ever.
            await work.TouchAsync(instanceId);
            var now = clock.GetUtcNow();
            var partition = HubStorage.Escape(instanceId);
            var row = InstanceRows.Write(partition, new(started.Name, execution, OrchestrationRuntimeStatus.Pending, now, now)
            {
                Episodes = 1,
                Input = await payloads.PackAsync(instanceId, started.Data),
                Version = started.Version,
                Tags = started.Tags ?? new Dictionary<string, string>(),
            });
            var history = new TableEntity(partition, InstanceRows.HistoryKey(execution, 0, 0));
            await payloads.WriteAsync(instanceId, history, [started]);
            if (await TryAsync([
                existing is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, existing.ETag),
                new(TableTransactionActionType.UpsertReplace, history)]) is not null)
                return;
        }
        throw new OrchestrationAlreadyExistsException(instanceId);
    }

    /// <summary>The whole partition. Its row comes first, so that a claim by the row's ETag proves the rest current.</summary>
    public async Task<InstanceState?> LoadAsync(string instanceId)
    {
        await storage.ReadyAsync();
        var partition = HubStorage.Escape(instanceId);
        InstanceState? state = null;
        await foreach (var row in storage.Instances.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}")))
        {
            if (row.RowKey == InstanceRows.Key)
                state = new(instanceId, InstanceRows.Read(row));
            else if (state is null)
                return null;
            else if (row.RowKey.StartsWith(InstanceRows.HistoryOf(state.Row.Execution, state.Row.Generation), StringComparison.Ordinal))
                state.History.AddRange(await payloads.ReadAsync(row));
            else if (row.RowKey.StartsWith(InstanceRows.OutboxPrefix, StringComparison.Ordinal))
                state.Outbox.Add(new(row.RowKey, await payloads.ReadAsync<OutgoingMessage>(row, m => m.Event, (m, e) => m with { Event = e })));
            else if (row.RowKey.StartsWith(InstanceRows.InboxPrefix, StringComparison.Ordinal))
                state.Inbox.Add(await MessageAsync(row));
            else
                state.Garbage.Add(row.RowKey);
        }
        return state;
    }

    public async Task<List<InboxMessage>> InboxAsync(string instanceId)
    {
        var (from, to) = (InstanceRows.InboxPrefix, InstanceRows.InboxPrefix + "~");
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {HubStorage.Escape(instanceId)} and RowKey ge {from} and RowKey lt {to}");
        var messages = new List<InboxMessage>();
        await foreach (var row in storage.Instances.QueryAsync<TableEntity>(filter))
            messages.Add(await MessageAsync(row));
        return messages;
    }

    /// <summary>Leaves a message, once for each key.</summary>
    public async Task PostAsync(string instanceId, InboxMessage message)
    {
        await storage.ReadyAsync();
        var row = new TableEntity(HubStorage.Escape(instanceId), InstanceRows.InboxPrefix + message.Key)
        {
            ["Execution"] = message.Execution,
            ["Generation"] = message.Generation,
        };
        await payloads.WriteAsync(instanceId, row, [message.Event]);
        await storage.Instances.UpsertEntityAsync(row, TableUpdateMode.Replace);
    }

    /// <summary>Takes or renews the lease; false when the row is no longer as it was read.</summary>
    public Task<bool> HoldAsync(InstanceState state, string owner) =>
        ChangeAsync(state, state.Row with { LeaseOwner = owner, LeaseUntil = LeaseClock.GetUtcNow() + settings.Lease }, []);

    public Task<bool> ReleaseAsync(InstanceState state) => ChangeAsync(state, state.Row with { LeaseOwner = null }, []);

    /// <summary>Deletes rows that have served; false when the instance is no longer ours.</summary>
    public Task<bool> DiscardAsync(InstanceState state, IEnumerable<string> keys) =>
        ChangeAsync(state, state.Row, [.. keys.Select(key => Delete(state.Id, key))]);

    public async Task<bool> CommitAsync(InstanceState state, Commit commit)
    {
        var partition = HubStorage.Escape(state.Id);
        var before = state.Row;
        var generation = before.Generation + (commit.NextGeneration is null ? 0 : 1);
        var row = before with
        {
            Status = commit.Status,
            UpdatedAt = clock.GetUtcNow(),
            Output = await payloads.PackAsync(state.Id, commit.Output),
            CustomStatus = commit.CustomStatus is null ? before.CustomStatus : await payloads.PackAsync(state.Id, commit.CustomStatus),
            Input = commit.NextGeneration is [var started, ..] ? await payloads.PackAsync(state.Id, started.Data) : before.Input,
            Generation = generation,
            Episodes = commit.NextGeneration is null ? before.Episodes + 1 : 1,
            LeaseOwner = commit.ReleasesLease ? null : before.LeaseOwner,
            LeaseUntil = LeaseClock.GetUtcNow() + settings.Lease,
        };
        var actions = commit.Consumed.Select(message => Delete(state.Id, InstanceRows.InboxPrefix + message.Key)).ToList();
        var events = commit.NextGeneration ?? commit.NewHistory;
        var history = new TableEntity(partition, InstanceRows.HistoryKey(before.Execution, generation, row.Episodes - 1));
        await payloads.WriteAsync(state.Id, history, events);
        actions.Add(new(TableTransactionActionType.Add, history));
        OutboxBatch? outbox = null;
        if (commit.Outgoing.Count > 0)
        {
            outbox = new(InstanceRows.OutboxKey(before.Execution, before.Generation, before.Episodes), commit.Outgoing);
            var sending = new TableEntity(partition, outbox.Key);
            await payloads.WriteAsync(state.Id, sending, outbox.Messages, m => m.Event, (m, e) => m with { Event = e });
            actions.Add(new(TableTransactionActionType.UpsertReplace, sending));
        }
        if (!await ChangeAsync(state, row, actions))
            return false;
        if (commit.NextGeneration is not null)
        {
            state.Garbage.AddRange(Enumerable.Range(0, before.Episodes).Select(n => InstanceRows.HistoryKey(before.Execution, before.Generation, n)));
            state.History.Clear();
        }
        state.History.AddRange(events);
        state.Inbox.RemoveAll(commit.Consumed.Contains);
        if (outbox is not null)
            state.Outbox.Add(outbox);
        return true;
    }

    /// <summary>Removes what earlier executions and generations left. Losing the race for it, or dying in it, costs nothing: it is found again.</summary>
    public async Task SweepAsync(InstanceState state)
    {
        foreach (var part in state.Garbage.Chunk(100))
            await TryAsync([.. part.Select(key => Delete(state.Id, key))]);
        state.Garbage.Clear();
    }

    /// <summary>Removes an ended instance, its row last, so that a purge that was interrupted can be repeated. False when it began again.</summary>
    public async Task<bool> PurgeAsync(string instanceId, InstanceRow row, CancellationToken cancellation)
    {
        var partition = HubStorage.Escape(instanceId);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {InstanceRows.Key}");
        var history = InstanceRows.HistoryPrefix + row.Execution;
        var keys = new List<string>();
        await foreach (var found in storage.Instances.QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellation))
        {
            if (!found.RowKey.StartsWith(InstanceRows.HistoryPrefix, StringComparison.Ordinal) || found.RowKey.StartsWith(history, StringComparison.Ordinal))
                keys.Add(found.RowKey);
        }
        foreach (var part in keys.Chunk(100))
            await TryAsync([.. part.Select(key => Delete(instanceId, key))]);
        await payloads.DeleteAsync(instanceId, cancellation);
        return await TryAsync([new(TableTransactionActionType.Delete, new TableEntity(partition, InstanceRows.Key), row.ETag)]) is not null;
    }

    private async Task<bool> ChangeAsync(InstanceState state, InstanceRow row, List<TableTransactionAction> actions)
    {
        var entity = InstanceRows.Write(HubStorage.Escape(state.Id), row);
        actions.Insert(0, new(TableTransactionActionType.UpdateReplace, entity, state.Row.ETag));
        if (await TryAsync(actions) is not { } etag)
            return false;
        // Without it the next commit would not be fenced.
        state.Row = etag == default ? throw new InvalidOperationException("The storage gave no ETag for a changed row.") : row with { ETag = etag };
        return true;
    }

    /// <summary>The first operation's new ETag, or null when a row was not as expected.</summary>
    private async Task<ETag?> TryAsync(List<TableTransactionAction> actions)
    {
        try
        {
            var answers = await storage.Instances.SubmitTransactionAsync(actions);
            return answers.Value[0].Headers.ETag ?? default;
        }
        catch (RequestFailedException refused)
            when (refused.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<InboxMessage> MessageAsync(TableEntity row) => new(
        row.RowKey[InstanceRows.InboxPrefix.Length..], row.GetString("Execution"), row.GetInt32("Generation"), (await payloads.ReadAsync(row))[0]);

    private static TableTransactionAction Delete(string instanceId, string key) =>
        new(TableTransactionActionType.Delete, new TableEntity(HubStorage.Escape(instanceId), key), ETag.All);
}

/// <summary>The rows of an instance's partition: keys, and the instance's own row as an entity.</summary>
internal static class InstanceRows
{
    /// <summary>Sorts before all other rows of the partition.</summary>
    public const string Key = "0";

    public const string HistoryPrefix = "h|";
    public const string InboxPrefix = "m|";
    public const string OutboxPrefix = "o|";

    public static string HistoryOf(string execution, int generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{HistoryPrefix}{execution}|{generation:D6}|");

    public static string HistoryKey(string execution, int generation, int episode) =>
        string.Create(CultureInfo.InvariantCulture, $"{HistoryOf(execution, generation)}{episode:D8}");

    public static string OutboxKey(string execution, int generation, int episode) =>
        string.Create(CultureInfo.InvariantCulture, $"{OutboxPrefix}{execution}|{generation:D6}|{episode:D8}");

    public static TableEntity Write(string partition, InstanceRow row) => new(partition, Key)
    {
        ["Name"] = row.Name,
        ["Execution"] = row.Execution,
        ["Status"] = row.Status.ToString(),
        ["CreatedAt"] = row.CreatedAt,
        ["UpdatedAt"] = row.UpdatedAt,
        ["Generation"] = row.Generation,
        ["Episodes"] = row.Episodes,
        ["Input"] = row.Input,
        ["Output"] = row.Output,
        ["CustomStatus"] = row.CustomStatus,
        ["Version"] = row.Version,
        ["Tags"] = row.Tags.Count == 0 ? null : System.Text.Json.JsonSerializer.Serialize(row.Tags),
        ["LeaseOwner"] = row.LeaseOwner,
        ["LeaseUntil"] = row.LeaseUntil,
    };

    public static InstanceRow Read(TableEntity row) => new(
        row.GetString("Name"),
        row.GetString("Execution"),
        Enum.Parse<OrchestrationRuntimeStatus>(row.GetString("Status")),
        row.GetDateTimeOffset("CreatedAt")!.Value,
        row.GetDateTimeOffset("UpdatedAt")!.Value)
    {
        ETag = row.ETag,
        Generation = row.GetInt32("Generation")!.Value,
        Episodes = row.GetInt32("Episodes")!.Value,
        Input = row.GetString("Input"),
        Output = row.GetString("Output"),
        CustomStatus = row.GetString("CustomStatus"),
        Version = row.GetString("Version"),
        Tags = row.GetString("Tags") is { } tags
            ? System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(tags)!
            : new Dictionary<string, string>(),
        LeaseOwner = row.GetString("LeaseOwner"),
        LeaseUntil = row.GetDateTimeOffset("LeaseUntil") ?? DateTimeOffset.UnixEpoch,
    };
}
