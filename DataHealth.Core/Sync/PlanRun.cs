using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>Decides what a run (each round of it) reads.</summary>
public sealed class PlanRun(AppStorage storage, IConnectedBooks connections, ProviderCatalog providers, IOptions<SyncOptions> options, TimeProvider time)
{
    private readonly RunRows _rows = new(storage, time);
    private readonly RunEvents _events = new(storage, time);
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>Plans, and writes the plan on the run row. Repeated within a round it answers the same.</summary>
    public async Task<RunPlan> ExecuteAsync(ClientId client, RunId run, CancellationToken cancellationToken)
    {
        if (await connections.FindAsync(client, cancellationToken) is not { } connected)
        {
            var noted = await _rows.ChangeAsync(client, run, current => current with { PlannedAt = current.PlannedAt ?? time.GetUtcNow() }, cancellationToken);
            return new RunPlan(noted is null ? PlanState.Superseded : PlanState.NotConnected, [], 1);
        }
        var provider = providers.Get(connected.Books.Organisation.Provider);
        var states = await _checkpoints.AllAsync(client, cancellationToken);
        var isNew = false;
        var planned = await _rows.ChangeAsync(client, run, current =>
        {
            isNew = current.PlannedRound != current.Round;
            return isNew
                ? current with
                {
                    PlannedRound = current.Round,
                    Provider = provider.Key,
                    PlannedAt = current.PlannedAt ?? time.GetUtcNow(),
                    Plan = [.. provider.Datasets.Select(dataset => Decide(dataset, states.GetValueOrDefault(dataset.Name), connected, current)).OfType<PlannedDataset>()],
                }
                : current;
        }, cancellationToken);
        if (planned is null)
            return new RunPlan(PlanState.Superseded, [], 1);
        if (isNew)
        {
            var full = planned.Plan.Count(part => part.Mode == PassMode.Full);
            await _events.AppendAsync(client, run, "planned", null, $"{planned.Plan.Count} datasets: {full} in full, {planned.Plan.Count - full} only what changed.", cancellationToken);
        }
        return new RunPlan(PlanState.Ready, [.. planned.Plan.Select(part => part.Name)], Math.Min(options.Value.DatasetsSideBySide, provider.MaxConcurrentCalls))
        {
            RetryDelay = options.Value.SliceRetryDelay,
        };
    }

    /// <summary>How a dataset is read in this round; null when it is left out.</summary>
    private PlannedDataset? Decide(Dataset dataset, DatasetState? state, ConnectedClient connected, RunRecord run)
    {
        var now = time.GetUtcNow();
        var full = new PlannedDataset(dataset.Name, PassMode.Full);
        if (state is null || (run.IsFromStart && run.Round == 1) || (state.Organisation is { } copied && copied != connected.Books.Organisation.ToString()))
            return full;
        var isSlowDue = run.Round == 1 && (state.NextSlowPass is null || state.NextSlowPass <= now);
        if (state.Unavailable is not null)
            // Looked at again once a week by itself, and at once when a person asks, who may have given the right meanwhile.
            return isSlowDue || run.Trigger is RunTrigger.Connected or RunTrigger.Replay or RunTrigger.Person || connected.ConnectedAt > state.TouchedAt ? full : null;
        if (state.Pass is { } pass && pass.Mode == PassMode.Full)
            return full;
        if (state.CompletedAt is null || state.Watermark is null || state.NeedsFull || now - state.CompletedAt > options.Value.FullPassAfterGap)
            return full;
        if (dataset.Cadence == Cadence.Weekly && !isSlowDue)
            return null;
        return !dataset.IsIncremental || (dataset.HasSilentChanges && isSlowDue) ? full : new PlannedDataset(dataset.Name, PassMode.Incremental);
    }
}

/// <summary>What a run reads, for the orchestration.</summary>
/// <param name="State">Whether to go on.</param>
/// <param name="Datasets">In order; empty unless ready.</param>
/// <param name="SideBySide">How many at a time.</param>
public sealed record RunPlan(PlanState State, IReadOnlyList<string> Datasets, int SideBySide)
{
    /// <summary>How long a dataset that failed for a while rests first; four times as long after each further failure.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Whether a planned run goes on.</summary>
public enum PlanState
{
    /// <summary>Run the slices.</summary>
    Ready,

    /// <summary>The client is not connected (any more): finish the run.</summary>
    NotConnected,

    /// <summary>A newer run has the client, or this one has ended: stop, and finish nothing.</summary>
    Superseded,
}
