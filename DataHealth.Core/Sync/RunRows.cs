using System.Net;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>
/// The rows of runs: in a client's partition the current run (its ETag decides every claim) and, newest first, the history. Both are written in one
/// batch. A run that is in flight, or did not succeed, has a row in <see cref="OpenRunIndex"/> too.
/// </summary>
internal sealed class RunRows(AppStorage storage, TimeProvider time)
{
    public const string HistoryPrefix = "h|";
    internal const string Table = "runs";
    internal const string Current = "current";
    private readonly OpenRunIndex _open = new(storage, time);

    public async Task<(RunRecord Run, ETag ETag)?> CurrentAsync(ClientId client, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var row = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, Current, cancellationToken: cancellationToken);
        return row.HasValue ? (Read(row.Value!), row.Value!.ETag) : null;
    }

    public Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);

    /// <summary>Writes a run as the current one, on condition that nobody else did meanwhile. False when somebody did.</summary>
    public async Task<bool> SaveAsync(RunRecord run, ETag? condition, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var body = JsonSerializer.Serialize(run, SyncJson.Default.RunRecord);
        var current = new TableEntity(run.ClientId.Value, Current) { ["Body"] = body };
        // Indexed before it is claimed: a crash in between leaves an index row of nothing, which the sweeper removes; never a run that no one sees.
        if (run.State != RunState.Finished)
            await _open.NoteAsync(run, cancellationToken);
        try
        {
            await table.SubmitTransactionAsync(
                [
                    condition is { } etag
                        ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, current, etag)
                        : new TableTransactionAction(TableTransactionActionType.Add, current),
                    new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(run.ClientId.Value, HistoryKey(run.RunId)) { ["Body"] = body }),
                ],
                cancellationToken);
        }
        catch (RequestFailedException refused) when (refused.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.NotFound)
        {
            return false;
        }
        // An end is noted after it is written: until then the sweeper must see the run.
        if (run.State == RunState.Finished)
            await _open.NoteEndAsync(run, cancellationToken);
        return true;
    }

    /// <summary>Changes the current run, if it still is that run. The change can be asked several times.</summary>
    /// <returns>The run as saved; null when another run is current, or this one has ended.</returns>
    public async Task<RunRecord?> ChangeAsync(ClientId client, RunId run, Func<RunRecord, RunRecord> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            if (await CurrentAsync(client, cancellationToken) is not { } current || current.Run.RunId != run || current.Run.State == RunState.Finished)
                return null;
            var next = change(current.Run);
            if (ReferenceEquals(next, current.Run) || await SaveAsync(next = next with { TouchedAt = time.GetUtcNow() }, current.ETag, cancellationToken))
                return next;
        }
        throw new InvalidOperationException($"The row of run {run} of client {client} is being fought over.");
    }

    /// <summary>Ends whatever run is current, in favour of none.</summary>
    /// <returns>The run that this call ended; null when none was in flight.</returns>
    public async Task<RunRecord?> CloseAsync(ClientId client, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            if (await CurrentAsync(client, cancellationToken) is not { Run.State: not RunState.Finished } current)
                return null;
            var now = time.GetUtcNow();
            var ended = current.Run with { State = RunState.Finished, Outcome = RunOutcome.Superseded, Pause = null, FinishedAt = now, TouchedAt = now };
            if (await SaveAsync(ended, current.ETag, cancellationToken))
                return ended;
        }
        throw new InvalidOperationException($"The run row of client {client} is being fought over.");
    }

    public static RunRecord Read(TableEntity row) =>
        JsonSerializer.Deserialize(row.GetString("Body"), SyncJson.Default.RunRecord) ?? throw new InvalidDataException("An empty run row.");

    /// <summary>Run ids sort by time; each digit is turned round so that the newest comes first.</summary>
    public static string HistoryKey(RunId run) => string.Create(HistoryPrefix.Length + run.Value.Length, run.Value, static (key, id) =>
    {
        HistoryPrefix.CopyTo(key);
        for (var n = 0; n < id.Length; n++)
            key[HistoryPrefix.Length + n] = char.IsAsciiHexDigitLower(id[n]) ? "0123456789abcdef"[15 - Convert.ToInt32(id[n].ToString(), 16)] : '0';
    });
}
