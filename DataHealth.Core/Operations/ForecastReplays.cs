using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Operations;

/// <summary>What a bulk replay would do, before anybody begins it: from the index and the checkpoints; no call to a provider.</summary>
public sealed class ForecastReplays(AppStorage storage, FindOpenRuns find, ProviderCatalog providers, IOptions<SyncOptions> options, TimeProvider time)
{
    private const int SideBySide = 16;
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>Counts the failed runs that the filter finds, and reckons the calls of their replays.</summary>
    /// <param name="filter">Which; its state is always <see cref="OpenRunState.Failed"/>.</param>
    /// <param name="from">Where each begins.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ReplayForecast> ExecuteAsync(OpenRunFilter filter, ReplayFrom from, CancellationToken cancellationToken)
    {
        var runs = new List<OpenRun>();
        var isCut = false;
        await foreach (var item in find.StreamAsync(filter with { State = OpenRunState.Failed }, null, cancellationToken))
        {
            if (isCut = runs.Count == ReplayBatch.MostRuns)
                break;
            runs.Add(item.Run);
        }
        var calls = 0;
        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken }, async (run, stop) =>
            Interlocked.Add(ref calls, await CallsAsync(run, from, stop)));
        var byCode = runs.GroupBy(run => run.Code ?? "").ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        return new ReplayForecast(runs.Count, runs.Select(run => run.Practice).Distinct().Count(), byCode, calls, isCut);
    }

    private async Task<int> CallsAsync(OpenRun run, ReplayFrom from, CancellationToken cancellationToken)
    {
        var states = await _checkpoints.AllAsync(run.Client, cancellationToken);
        var datasets = run.Provider is { } key && providers.Find(key) is { } provider ? provider.Datasets : [];
        return datasets.Sum(dataset => Calls(dataset, states.GetValueOrDefault(dataset.Name), from));
    }

    // A dataset read in full costs its pages, less those that the pass under way has read; one whose pass was completed costs a call for what changed.
    private int Calls(Dataset dataset, DatasetState? state, ReplayFrom from)
    {
        if (state is null)
            return 1;
        var pages = dataset.IsPaged ? Math.Max(1, (Math.Max(state.ProviderCount ?? state.Pass?.ItemCount ?? 0, state.Listed) + options.Value.PageSize - 1) / options.Value.PageSize) : 1;
        if (from == ReplayFrom.Start)
            return pages;
        return state.Pass switch
        {
            { Mode: PassMode.Full } pass => Math.Max(1, pages - pass.Pages),
            null when dataset.Cadence == Cadence.Weekly && state.CompletedAt is not null => 0,
            _ => 1,
        };
    }
}

/// <summary>What a bulk replay would do.</summary>
/// <param name="Runs">Runs that it would replay.</param>
/// <param name="Practices">Of so many practices.</param>
/// <param name="ByCode">Runs by the code of what went wrong.</param>
/// <param name="Calls">Calls to the providers, about.</param>
/// <param name="IsCut">The filter finds more than <see cref="ReplayBatch.MostRuns"/>; the first ones are counted.</param>
public sealed record ReplayForecast(int Runs, int Practices, IReadOnlyDictionary<string, int> ByCode, int Calls, bool IsCut);
