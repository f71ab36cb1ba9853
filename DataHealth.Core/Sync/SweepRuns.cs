namespace DataHealth.Core.Sync;

/// <summary>Finds runs that nobody carries on: a lost start, a lost timer, a vanished orchestration.</summary>
public sealed class SweepRuns
{
    /// <summary>Runs to restart or wake; starting one that does run is refused by its instance id and harms nothing.</summary>
    public Task<IReadOnlyList<AbandonedRun>> ExecuteAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>A run without a sign of life.</summary>
/// <param name="Client">Whose.</param>
/// <param name="Run">Which: start its orchestration again with the same run, or wake it.</param>
/// <param name="Why">For the log.</param>
/// <param name="SilentSince">Its last sign of life, or the end of the pause that it overslept.</param>
public sealed record AbandonedRun(ClientId Client, RunId Run, string Why, DateTimeOffset SilentSince);
