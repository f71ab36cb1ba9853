using DataHealth.Core.Providers;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>How far the current run is, from its checkpoints: two cheap reads.</summary>
public sealed class ReadProgress(AppStorage storage, RunStore runs, ProviderCatalog providers, TimeProvider time)
{
    // Pages are where the time goes.
    private const int PagedWeight = 5;

    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>Reads it; null before the first run.</summary>
    public async Task<SyncProgress?> ExecuteAsync(ClientId client, CancellationToken cancellationToken)
    {
        if (await runs.CurrentAsync(client, cancellationToken) is not { } run)
            return null;
        var states = await _checkpoints.AllAsync(client, cancellationToken);
        var known = (run.Provider is { } key ? providers.Find(key)?.Datasets : null)?.ToDictionary(dataset => dataset.Name, StringComparer.Ordinal) ?? [];
        // One more pass reads less than the first did; what the first read stays in the sum, so that what is shown never goes back.
        var before = states.Values.Where(state => RunSlice.IsDoneBy(run, state) && !run.Plan.Any(part => part.Name == state.Dataset)).OrderBy(state => state.Dataset, StringComparer.Ordinal);
        var datasets = run.Plan.Concat(before.Select(state => new PlannedDataset(state.Dataset, state.Run.Mode)))
            .Select(part => Progress(part, states.GetValueOrDefault(part.Name), known.GetValueOrDefault(part.Name)?.Title ?? part.Name, run)).ToList();
        // A list without a count has as many as came so far: never more done than there are.
        var total = datasets.Sum(part => Math.Max(part.RecordsDone, part.RecordsTotal ?? 0));
        var done = datasets.Sum(part => part.RecordsDone);
        var calls = states.Values.Where(state => state.Run.RunId == run.RunId.Value).Sum(state => state.Run.Calls);

        // Sizes are learnt one by one, so each dataset has a weight that does not change meanwhile: what is shown never goes back.
        double Weight(DatasetProgress part) => known.GetValueOrDefault(part.Dataset)?.IsPaged == true ? PagedWeight : 1;
        var weights = datasets.Sum(Weight);
        var percent = run.State == RunState.Finished ? 100 : weights == 0 ? 0 : Math.Min(99, (int)(100 * datasets.Sum(part => Weight(part) * Share(part)) / weights));
        var isSized = datasets.All(part => part.IsDone || part.RecordsTotal is not null || known.GetValueOrDefault(part.Dataset) is not { IsPaged: true, IsMinor: false });
        return new SyncProgress(run, percent, done, total, isSized, calls, run.State == RunState.Finished || isSized ? ExpectedEnd(run, done, total) : null, datasets);
    }

    private static double Share(DatasetProgress part) => part.IsDone ? 1 : part.RecordsTotal is > 0 and var total ? Math.Min(1, (double)part.RecordsDone / total) : 0;

    private static DatasetProgress Progress(PlannedDataset part, DatasetState? state, string title, RunRecord run)
    {
        if (state is null)
            return new DatasetProgress(part.Name, title, part.Mode, 0, null, 0, false, null, null);
        var isPlanned = run.Plan.Any(one => one.Name == part.Name);
        var isDone = isPlanned ? state.DoneBy == RunSlice.DoneBy(run) : RunSlice.IsDoneBy(run, state);
        // Passes of one run that read the same records, because one did not prove itself or somebody pressed Sync meanwhile, count them once.
        var counts = state.Run.RunId == run.RunId.Value ? state.Run : new RunCounts();
        // One that was done before passes were counted by their records has none of those: then what became of the records.
        var ended = isDone && counts.Records == 0 ? counts.New + counts.Changed + counts.Unchanged + counts.Skipped : counts.Records;
        var done = isDone ? ended : Math.Max(ended, state.Pass?.Records ?? 0);
        var total = isDone ? done : ended > 0 ? Math.Max(ended, state.Pass?.ItemCount ?? 0) : state.Pass?.ItemCount;
        return new DatasetProgress(part.Name, title, state.Pass?.Mode ?? part.Mode, done, total, state.Held, isDone, state.Unavailable is { } fault ? FaultWords.For(fault.Kind, "").Code : null, state.Watermark);
    }

    private DateTimeOffset? ExpectedEnd(RunRecord run, int done, int total)
    {
        if (run.State == RunState.Finished)
            return run.FinishedAt;
        var now = time.GetUtcNow();
        var elapsed = now - (run.PlannedAt ?? now);
        if (done == 0 || elapsed <= TimeSpan.Zero)
            return null;
        var rest = elapsed * ((double)Math.Max(0, total - done) / done);
        return (run.Pause?.Until is { } until && until > now ? until : now) + rest;
    }
}

/// <summary>How far a run is.</summary>
/// <param name="Run">The run.</param>
/// <param name="Percent">0 to 100, never 100 before it ended.</param>
/// <param name="RecordsDone">Records that this run has read, once each however many of its passes brought them.</param>
/// <param name="RecordsTotal">Records that they have in all, as far as known.</param>
/// <param name="IsSized">The sizes of all paged datasets are known; until then the total only grows.</param>
/// <param name="Calls">Calls so far.</param>
/// <param name="ExpectedEnd">Our estimate; null when there is nothing to reckon from.</param>
/// <param name="Datasets">By dataset of the plan.</param>
public sealed record SyncProgress(RunRecord Run, int Percent, int RecordsDone, int RecordsTotal, bool IsSized, int Calls, DateTimeOffset? ExpectedEnd, IReadOnlyList<DatasetProgress> Datasets);

/// <summary>How far a dataset is.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Title">What a person reads.</param>
/// <param name="Mode">How it is read.</param>
/// <param name="RecordsDone">Records that the run has read of it: the most that one pass brought.</param>
/// <param name="RecordsTotal">Records that there are to read; null until the first answer.</param>
/// <param name="Held">Records held.</param>
/// <param name="IsDone">Done in this run.</param>
/// <param name="Unavailable">The code of the reason why it is not available; null when it is.</param>
/// <param name="UpTo">The books are copied up to this time of the provider; null before the first complete pass.</param>
public sealed record DatasetProgress(string Dataset, string Title, PassMode Mode, int RecordsDone, int? RecordsTotal, int Held, bool IsDone, string? Unavailable, DateTimeOffset? UpTo);
