using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Operations;

/// <summary>Everything that an engineer needs of one run, and nothing of the client's books.</summary>
public sealed class ReadRunDossier(AppStorage storage, RunStore runs, FindOpenRuns open, SkippedRecords skipped, TimeProvider time)
{
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>Reads it; null where there is no such run.</summary>
    public async Task<RunDossier?> ExecuteAsync(ClientId client, RunId id, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(client, id, cancellationToken) is not { } run)
            return null;
        var states = await _checkpoints.AllAsync(client, cancellationToken);
        var isStuck = OpenRun.StateOf(run) is { } state && await open.IsStuckAsync(
            new OpenRun(client, id, state) { NotedAt = run.TouchedAt, PausedUntil = run.Pause?.Until }, cancellationToken);
        return new RunDossier(
            run,
            isStuck,
            [.. states.Values.OrderBy(one => one.Dataset, StringComparer.Ordinal).Select(one => Standing(one, run))],
            await runs.EventsAsync(client, id, cancellationToken),
            await skipped.AllAsync(client, cancellationToken));
    }

    private static DatasetStanding Standing(DatasetState state, RunRecord run) => new(state.Dataset)
    {
        Held = state.Held,
        CompleteUpTo = state.Watermark,
        CompletedAt = state.CompletedAt,
        IsDone = state.DoneBy == RunSlice.DoneBy(run),
        Mode = state.Pass?.Mode,
        NextPage = state.Pass?.NextPage,
        RecordsRead = state.Pass?.Records,
        RecordsToRead = state.Pass?.ItemCount,
        Unavailable = state.Unavailable,
    };
}

/// <summary>What support sees of a run.</summary>
/// <param name="Run">Its record: state, words, technical cause, correlation id, receipt.</param>
/// <param name="IsStuck">In flight, and no sign of life.</param>
/// <param name="Datasets">What is copied, and where each dataset stands: a replay goes on from there.</param>
/// <param name="Timeline">Oldest first.</param>
/// <param name="Skipped">What is left out of the client's books now.</param>
public sealed record RunDossier(RunRecord Run, bool IsStuck, IReadOnlyList<DatasetStanding> Datasets, IReadOnlyList<RunEvent> Timeline, IReadOnlyList<SkippedRecord> Skipped);

/// <summary>Where one dataset of a client stands.</summary>
/// <param name="Dataset">Its name.</param>
public sealed record DatasetStanding(string Dataset)
{
    /// <summary>Records held.</summary>
    public int Held { get; init; }

    /// <summary>The provider's time up to which the copy is complete; null before the first complete pass.</summary>
    public DateTimeOffset? CompleteUpTo { get; init; }

    /// <summary>When a pass was last completed, by our clock.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>This run has completed it.</summary>
    public bool IsDone { get; init; }

    /// <summary>How the pass under way reads; null when none is.</summary>
    public PassMode? Mode { get; init; }

    /// <summary>The page that the pass under way asks for next; null when none is, or when all pages are read.</summary>
    public int? NextPage { get; init; }

    /// <summary>Records that the pass under way has read.</summary>
    public int? RecordsRead { get; init; }

    /// <summary>Records that it has in all, where the provider says.</summary>
    public int? RecordsToRead { get; init; }

    /// <summary>Why it could not be read at all when last tried; null when it could.</summary>
    public ProviderFault? Unavailable { get; init; }
}
