using System.Net;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>
/// The runs that somebody may have to look after: one row for each client whose latest run is in flight or did not succeed. Written around every change of a run's row, and
/// only a hint: whoever needs the truth reads the run. One partition: a few writes a run, of its two thousand a second; it holds what is open, never all clients.
/// </summary>
internal sealed class OpenRunIndex(AppStorage storage, TimeProvider time)
{
    public const string Table = "openruns";
    public const string Partition = "open";

    /// <summary>Notes a run in flight.</summary>
    public async Task NoteAsync(RunRecord run, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).UpsertEntityAsync(Row(run, OpenRun.StateOf(run)!.Value), TableUpdateMode.Replace, cancellationToken);

    /// <summary>Notes how a run ended, unless another run of the client has been noted since. One that succeeded leaves the index.</summary>
    public async Task NoteEndAsync(RunRecord run, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Partition, run.ClientId.Value, cancellationToken: cancellationToken);
        if (row.HasValue && row.Value!.GetString("Run") == run.RunId.Value)
            await SettleAsync(Read(row.Value!), run, cancellationToken);
    }

    /// <summary>Puts what is right in the place of a note, unless it was changed since it was read.</summary>
    /// <param name="noted">The note as it was read.</param>
    /// <param name="run">The client's latest run; null where it has none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task SettleAsync(OpenRun noted, RunRecord? run, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        try
        {
            if (run is not null && OpenRun.StateOf(run) is { } state)
                await table.UpdateEntityAsync(Row(run, state), noted.ETag, TableUpdateMode.Replace, cancellationToken);
            else
                await table.DeleteEntityAsync(Partition, noted.Client.Value, noted.ETag, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
        {
            // A newer run was noted in this moment.
        }
    }

    /// <summary>Those in flight, as noted.</summary>
    public IAsyncEnumerable<OpenRun> InFlightAsync(CancellationToken cancellationToken) =>
        QueryAsync($"(State eq '{OpenRunState.Running}' or State eq '{OpenRunState.Paused}')", null, cancellationToken);

    /// <summary>Rows in the order of their clients' ids.</summary>
    /// <param name="filter">Over the row's properties, or null.</param>
    /// <param name="after">Behind this client; null from the first.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<OpenRun> QueryAsync(string? filter, ClientId? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var rows = $"PartitionKey eq '{Partition}' and RowKey gt '{after?.Value}'";
        await foreach (var row in table.QueryAsync<TableEntity>(filter is null ? rows : $"{rows} and {filter}", cancellationToken: cancellationToken))
            yield return Read(row);
    }

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);

    private TableEntity Row(RunRecord run, OpenRunState state) => new(Partition, run.ClientId.Value)
    {
        ["Run"] = run.RunId.Value,
        ["State"] = state.ToString(),
        ["Practice"] = run.Practice.Value,
        ["Provider"] = run.Provider,
        ["Code"] = run.Error?.Code,
        ["Dataset"] = run.Error?.Dataset,
        ["RequestedAt"] = run.RequestedAt,
        ["Since"] = run.FinishedAt ?? run.Pause?.Since ?? run.RequestedAt,
        ["Until"] = run.Pause?.Until,
        ["At"] = time.GetUtcNow(),
    };

    private static OpenRun Read(TableEntity row) => new(new ClientId(row.RowKey), new RunId(row.GetString("Run")), Enum.Parse<OpenRunState>(row.GetString("State")))
    {
        Practice = new PracticeId(row.GetString("Practice")),
        Provider = row.GetString("Provider"),
        Code = row.GetString("Code"),
        Dataset = row.GetString("Dataset"),
        RequestedAt = row.GetDateTimeOffset("RequestedAt") ?? default,
        Since = row.GetDateTimeOffset("Since") ?? default,
        PausedUntil = row.GetDateTimeOffset("Until"),
        NotedAt = row.GetDateTimeOffset("At") ?? default,
        ETag = row.ETag,
    };
}

/// <summary>A client's latest run, where it is in flight or did not succeed.</summary>
/// <param name="Client">Whose.</param>
/// <param name="Run">Which.</param>
/// <param name="State">Where it stands.</param>
public sealed record OpenRun(ClientId Client, RunId Run, OpenRunState State)
{
    /// <summary>The client's practice.</summary>
    public PracticeId Practice { get; init; }

    /// <summary>The provider's key.</summary>
    public string? Provider { get; init; }

    /// <summary>The stable code of what went wrong; null where nothing did.</summary>
    public string? Code { get; init; }

    /// <summary>Where it went wrong.</summary>
    public string? Dataset { get; init; }

    /// <summary>When it was requested.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Since when it is in its state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When a paused one goes on.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>When its row was last written: its last sign of life, apart from the checkpoints.</summary>
    public DateTimeOffset NotedAt { get; init; }

    internal ETag ETag { get; init; }

    /// <summary>Where a run stands for those who look after it; null for one that succeeded or was overtaken.</summary>
    public static OpenRunState? StateOf(RunRecord run) => run switch
    {
        { State: RunState.Running } => OpenRunState.Running,
        { State: RunState.Paused } => OpenRunState.Paused,
        { Error.Code: FaultWords.ConnectionEnded } => null,
        { Outcome: RunOutcome.Failed or RunOutcome.Ended } => OpenRunState.Failed,
        { Outcome: RunOutcome.ConnectionLost } => OpenRunState.ConnectionLost,
        _ => null,
    };
}

/// <summary>Where a run stands for those who look after it.</summary>
public enum OpenRunState
{
    /// <summary>It works, or is about to.</summary>
    Running,

    /// <summary>It waits for a limit to lift.</summary>
    Paused,

    /// <summary>It failed, or a person ended it.</summary>
    Failed,

    /// <summary>Its connection is dead; only a reconnect mends it.</summary>
    ConnectionLost,
}
