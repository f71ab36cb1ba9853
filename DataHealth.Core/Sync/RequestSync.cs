namespace DataHealth.Core.Sync;

/// <summary>Asks for a sync: claims a new run, or joins the one in flight.</summary>
public sealed class RequestSync
{
    /// <summary>Asks. Idempotent under double press: the same run comes back.</summary>
    public Task<SyncTicket> ExecuteAsync(ClientId client, RunTrigger trigger, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>Replays a run: a new run from the checkpoint.</summary>
public sealed class ReplayRun
{
    /// <summary>Claims the new run; the ticket names the run in flight instead when there is one.</summary>
    public Task<SyncTicket> ExecuteAsync(ClientId client, RunId failed, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>What a request for a sync came to.</summary>
/// <param name="State">What it came to.</param>
/// <param name="RunId">The run; null when the client is not connected.</param>
/// <param name="PausedUntil">When the joined run goes on, if a limit still holds it.</param>
public sealed record SyncTicket(TicketState State, RunId? RunId, DateTimeOffset? PausedUntil = null)
{
    /// <summary>The caller starts the orchestration <c>sync-{clientId}</c> with that run; being refused because it runs already is success.</summary>
    public bool MustStart => State is TicketState.Started;

    /// <summary>The caller raises the wake event on the paused orchestration.</summary>
    public bool MustWake => State is TicketState.Wakes;
}

/// <summary>What a request for a sync came to.</summary>
public enum TicketState
{
    /// <summary>A run was claimed (or claimed before and not yet begun).</summary>
    Started,

    /// <summary>A run is in flight and makes one more pass before it ends.</summary>
    Joined,

    /// <summary>As joined, and the limit that it waits for has lifted.</summary>
    Wakes,

    /// <summary>The client has no live connection.</summary>
    NotConnected,

    /// <summary>The run to replay does not exist.</summary>
    NoSuchRun,
}
