using DataHealth.Core.Providers;

namespace DataHealth.Core.Sync;

/// <summary>Writes on the run row why it waits and until when, for the screen and the sweeper.</summary>
public sealed class PauseRun
{
    /// <summary>Notes the pause; false when the run is no longer the current one.</summary>
    public Task<bool> ExecuteAsync(ClientId client, RunId run, DateTimeOffset until, LimitKind limit, bool isEstimate, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>Takes the pause off the run row.</summary>
public sealed class ContinueRun
{
    /// <summary>Notes that the run goes on; false when the run is no longer the current one.</summary>
    public Task<bool> ExecuteAsync(ClientId client, RunId run, CancellationToken cancellationToken) => throw new NotImplementedException();
}
