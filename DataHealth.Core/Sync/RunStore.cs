namespace DataHealth.Core.Sync;

/// <summary>Runs as people and support read them.</summary>
public sealed class RunStore
{
    /// <summary>The latest run of a client, in flight or ended; null before the first.</summary>
    public Task<RunRecord?> CurrentAsync(ClientId client, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One run, or null.</summary>
    public Task<RunRecord?> FindAsync(ClientId client, RunId run, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Runs, newest first.</summary>
    public Task<RunPage> HistoryAsync(ClientId client, string? continuation, int take, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>A run's timeline, oldest first; at most 1,000 lines.</summary>
    public Task<IReadOnlyList<RunEvent>> EventsAsync(ClientId client, RunId run, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>One page of runs.</summary>
/// <param name="Runs">Newest first.</param>
/// <param name="Continuation">Pass it to read on; null at the end.</param>
public sealed record RunPage(IReadOnlyList<RunRecord> Runs, string? Continuation);
