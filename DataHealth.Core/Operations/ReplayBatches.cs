using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Operations;

/// <summary>
/// Batches of replays. Table <c>replays</c>: a partition per batch holds its row and a row per run; the partition <c>open</c> names the unfinished batch of each filter, so
/// that pressing twice comes to one batch. Whatever crashes, each run is replayed once: a replay is claimed on the run's own row.
/// </summary>
public sealed class ReplayBatches(AppStorage storage, FindOpenRuns find, ReplayRun replays, RunStore runs, AuditTrail audit, TimeProvider time)
{
    internal const string Table = "replays";
    internal const string Open = "open";
    private const string BatchRow = "batch";
    private const string RunPrefix = "run|";

    /// <summary>Begins a batch over the failed runs that the filter finds, or finds the unfinished one of the same filter.</summary>
    /// <param name="wanted">Filter, pace, reason and who; id, time and total are set here. The filter's state is always <see cref="OpenRunState.Failed"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The batch, and whether it was begun by this call. Its orchestration is to be started in both cases.</returns>
    public async Task<(ReplayBatch Batch, bool IsNew)> BeginAsync(ReplayBatch wanted, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var filter = wanted.Filter with { State = OpenRunState.Failed };
        var key = KeyOf(filter, wanted.From);
        var pointer = await table.GetEntityIfExistsAsync<TableEntity>(Open, key, cancellationToken: cancellationToken);
        if (pointer.HasValue && await FindAsync(pointer.Value!.GetString("Batch"), cancellationToken) is { FinishedAt: null } unfinished)
            return (unfinished, false);

        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var total = await ListAsync(table, id, filter, cancellationToken);
        var batch = wanted with { Id = id, Filter = filter, StartedAt = time.GetUtcNow(), Total = total, FinishedAt = total == 0 ? time.GetUtcNow() : null };
        await table.UpsertEntityAsync(Row(batch), TableUpdateMode.Replace, cancellationToken);
        if (total == 0)
            return (batch, true);
        var claim = new TableEntity(Open, key) { ["Batch"] = id };
        try
        {
            if (pointer.HasValue)
                await table.UpdateEntityAsync(claim, pointer.Value!.ETag, TableUpdateMode.Replace, CancellationToken.None);
            else
                await table.AddEntityAsync(claim, CancellationToken.None);
            return (batch, true);
        }
        catch (RequestFailedException taken) when (taken.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed)
        {
            var theirs = await table.GetEntityAsync<TableEntity>(Open, key, cancellationToken: cancellationToken);
            // Our own, whose answer was lost and whose repetition was refused.
            if (theirs.Value.GetString("Batch") == id)
                return (batch, true);
            // Pressed twice at the same moment: the other press was quicker, and ours lists nothing of its own.
            await table.UpsertEntityAsync(Row(batch with { FinishedAt = time.GetUtcNow() }), TableUpdateMode.Replace, cancellationToken);
            return (await FindAsync(theirs.Value.GetString("Batch"), cancellationToken) ?? batch, false);
        }
    }

    /// <summary>A batch; null where there is none of that id.</summary>
    public async Task<ReplayBatch?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(id, BatchRow, cancellationToken: cancellationToken);
        return row.HasValue ? JsonSerializer.Deserialize(row.Value!.GetString("Body"), OperationsJson.Default.ReplayBatch) : null;
    }

    /// <summary>How far a batch is; null where there is none of that id.</summary>
    public async Task<ReplayProgress?> ProgressAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } batch)
            return null;
        var counts = new Dictionary<BatchedState, int>();
        await foreach (var run in RunsAsync(id, null, cancellationToken))
            counts[run.State] = counts.GetValueOrDefault(run.State) + 1;
        return new ReplayProgress(batch, counts);
    }

    /// <summary>Batches whose end is not reached: to be started again where their orchestration was lost.</summary>
    public async Task<IReadOnlyList<ReplayBatch>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        var open = new List<ReplayBatch>();
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>($"PartitionKey eq '{Open}'", cancellationToken: cancellationToken))
        {
            if (await FindAsync(row.GetString("Batch"), cancellationToken) is { FinishedAt: null } batch)
                open.Add(batch);
        }
        return open;
    }

    /// <summary>The next runs whose turn has not come.</summary>
    public async Task<IReadOnlyList<BatchedReplay>> NextAsync(string id, int take, CancellationToken cancellationToken)
    {
        var next = new List<BatchedReplay>();
        await foreach (var run in RunsAsync(id, BatchedState.Pending, cancellationToken))
        {
            if (next.Count == take)
                break;
            next.Add(run);
        }
        return next;
    }

    /// <summary>Claims the replay of one run of a batch, and tells its practice's audit. Repeated, it answers the same run.</summary>
    public async Task<SyncTicket> ReplayAsync(ReplayBatch batch, BatchedReplay run, CancellationToken cancellationToken)
    {
        var ticket = await replays.ExecuteAsync(run.Client, run.Run, batch.From, cancellationToken);
        // Also where it was claimed before: whoever claimed it may have crashed before it was told. A crash before the note of it tells it once more: better than not at all.
        if (ticket.State is TicketState.Started or TicketState.AlreadyReplayed && await runs.CurrentAsync(run.Client, cancellationToken) is { } begun && begun.ReplayOf == run.Run)
        {
            var actor = new Actor(begun.Practice, batch.By, batch.ByName, Role.Support, Permissions.Support, ClientAccess.None, batch.RequestId);
            await audit.RecordAsync(
                actor, AuditAction.RunReplayed, run.Client, before: $"Run {run.Run}", after: $"Replayed by run {begun.RunId}, one of {batch.Total} in batch {batch.Id}. Reason: {batch.Reason}");
        }
        return ticket;
    }

    /// <summary>Notes what became of one run, after its orchestration was started.</summary>
    public async Task NoteAsync(string id, BatchedReplay run, SyncTicket ticket, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).UpsertEntityAsync(Row(id, run with { State = StateOf(ticket), NewRun = ticket.RunId }), TableUpdateMode.Replace, cancellationToken);

    /// <summary>Notes the end of a batch. Repeatable.</summary>
    public async Task FinishAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is { FinishedAt: null } batch)
            await (await TableAsync(cancellationToken)).UpsertEntityAsync(Row(batch with { FinishedAt = time.GetUtcNow() }), TableUpdateMode.Replace, cancellationToken);
    }

    private static BatchedState StateOf(SyncTicket ticket) => ticket.State switch
    {
        TicketState.Started => BatchedState.Started,
        TicketState.InFlight => BatchedState.InFlight,
        TicketState.AlreadyReplayed => BatchedState.AlreadyReplayed,
        TicketState.Outdated => BatchedState.Outdated,
        TicketState.ReadsUsedUp => BatchedState.ReadsUsedUp,
        TicketState.NotConnected => BatchedState.NotConnected,
        TicketState.NoSuchRun => BatchedState.Gone,
        _ => throw new ArgumentOutOfRangeException(nameof(ticket), ticket.State, "A ticket without a state in a batch."),
    };

    private async Task<int> ListAsync(TableClient table, string id, OpenRunFilter filter, CancellationToken cancellationToken)
    {
        var rows = new List<TableTransactionAction>();
        var total = 0;
        await foreach (var item in find.StreamAsync(filter, null, cancellationToken))
        {
            if (total == ReplayBatch.MostRuns)
                break;
            total++;
            rows.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, Row(id, new BatchedReplay(item.Run.Client, item.Run.Run, BatchedState.Pending, null))));
            if (rows.Count < 100)
                continue;
            await table.SubmitTransactionAsync(rows, cancellationToken);
            rows.Clear();
        }
        if (rows.Count > 0)
            await table.SubmitTransactionAsync(rows, cancellationToken);
        return total;
    }

    private async IAsyncEnumerable<BatchedReplay> RunsAsync(string id, BatchedState? state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = $"PartitionKey eq '{id}' and RowKey ge '{RunPrefix}' and RowKey lt '{RunPrefix}~'";
        if (state is not null)
            filter += $" and State eq '{state}'";
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            yield return new BatchedReplay(
                new ClientId(row.RowKey[RunPrefix.Length..]), new RunId(row.GetString("Run")), Enum.Parse<BatchedState>(row.GetString("State")),
                row.GetString("NewRun") is { } made ? new RunId(made) : null);
        }
    }

    internal static string RowOf(ClientId client) => RunPrefix + client;

    private static TableEntity Row(ReplayBatch batch) => new(batch.Id, BatchRow) { ["Body"] = JsonSerializer.Serialize(batch, OperationsJson.Default.ReplayBatch) };

    private static TableEntity Row(string id, BatchedReplay run) => new(id, RowOf(run.Client))
    {
        ["Run"] = run.Run.Value,
        ["State"] = run.State.ToString(),
        ["NewRun"] = run.NewRun?.Value,
    };

    private static string KeyOf(OpenRunFilter filter, ReplayFrom from) =>
        Convert.ToHexStringLower(SHA256.HashData([.. JsonSerializer.SerializeToUtf8Bytes(filter, OperationsJson.Default.OpenRunFilter), (byte)from]));

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);
}
