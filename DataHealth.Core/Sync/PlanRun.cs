namespace DataHealth.Core.Sync;

/// <summary>Decides what a run (each round of it) reads.</summary>
public sealed class PlanRun
{
    /// <summary>Plans, and writes the plan on the run row. Repeated within a round it answers the same.</summary>
    public Task<RunPlan> ExecuteAsync(ClientId client, RunId run, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>What a run reads, for the orchestration.</summary>
/// <param name="State">Whether to go on.</param>
/// <param name="Datasets">In order; empty unless ready.</param>
/// <param name="SideBySide">How many at a time.</param>
public sealed record RunPlan(PlanState State, IReadOnlyList<string> Datasets, int SideBySide);

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
