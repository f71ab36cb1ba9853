using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>Runs as people and support read them.</summary>
public sealed class RunStore
{
    private readonly RunRows _rows;
    private readonly RunEvents _events;

    /// <summary>Reads from the app's storage.</summary>
    public RunStore(AppStorage storage, TimeProvider time)
    {
        _rows = new RunRows(storage, time);
        _events = new RunEvents(storage, time);
    }

    /// <summary>The latest run of a client, in flight or ended; null before the first.</summary>
    public async Task<RunRecord?> CurrentAsync(ClientId client, CancellationToken cancellationToken) =>
        (await _rows.CurrentAsync(client, cancellationToken))?.Run;

    /// <summary>One run, or null.</summary>
    public async Task<RunRecord?> FindAsync(ClientId client, RunId run, CancellationToken cancellationToken)
    {
        if (run.Value.Length != 32 || !run.Value.All(char.IsAsciiHexDigitLower))
            return null;
        var table = await _rows.TableAsync(cancellationToken);
        var row = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, RunRows.HistoryKey(run), cancellationToken: cancellationToken);
        return row.HasValue ? RunRows.Read(row.Value!) : null;
    }

    /// <summary>Runs, newest first.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="continuation">From the page before (<see cref="IsContinuation"/>); null for the first.</param>
    /// <param name="take">1 to 100.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<RunPage> HistoryAsync(ClientId client, string? continuation, int take, CancellationToken cancellationToken)
    {
        var after = continuation is not null && IsContinuation(continuation) ? continuation : "";
        var table = await _rows.TableAsync(cancellationToken);
        var filter = $"PartitionKey eq '{client}' and RowKey gt '{RunRows.HistoryPrefix}{after}' and RowKey lt '{RunRows.HistoryPrefix}~'";
        var runs = new List<RunRecord>();
        string? last = null;
        take = Math.Clamp(take, 1, 100);
        await foreach (var row in table.QueryAsync<TableEntity>(filter, maxPerPage: take + 1, cancellationToken: cancellationToken))
        {
            if (runs.Count == take)
                return new RunPage(runs, last);
            runs.Add(RunRows.Read(row));
            last = row.RowKey[RunRows.HistoryPrefix.Length..];
        }
        return new RunPage(runs, null);
    }

    /// <summary>Whether that can have come from a page of <see cref="HistoryAsync"/>.</summary>
    public static bool IsContinuation(string text) => text.Length > 0 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>A run's timeline, oldest first; at most 1,000 lines.</summary>
    public Task<IReadOnlyList<RunEvent>> EventsAsync(ClientId client, RunId run, CancellationToken cancellationToken) => _events.ReadAsync(client, run, cancellationToken);
}

/// <summary>One page of runs.</summary>
/// <param name="Runs">Newest first.</param>
/// <param name="Continuation">Pass it to read on; null at the end.</param>
public sealed record RunPage(IReadOnlyList<RunRecord> Runs, string? Continuation);
