using DataHealth.Core.Providers;

namespace DataHealth.Core.Sync;

/// <summary>Ends a run with its receipt, or sends it round once more when somebody asked meanwhile.</summary>
public sealed class FinishRun
{
    /// <summary>Ends it. Repeated, it answers the same.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="run">Which.</param>
    /// <param name="results">The last result of each dataset of the plan.</param>
    /// <param name="fault">What ended the run from outside the slices (the orchestration itself failed); else null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<FinishResult> ExecuteAsync(ClientId client, RunId run, IReadOnlyList<SliceResult> results, ProviderFault? fault, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>What finishing came to.</summary>
/// <param name="State">Whether the run ended.</param>
/// <param name="Outcome">How; null when it goes round again.</param>
public sealed record FinishResult(FinishState State, RunOutcome? Outcome);

/// <summary>Whether a run ended.</summary>
public enum FinishState
{
    /// <summary>It ended.</summary>
    Finished,

    /// <summary>Plan again: somebody asked during the run.</summary>
    OneMorePass,

    /// <summary>A newer run has the client; nothing was written.</summary>
    Superseded,
}
