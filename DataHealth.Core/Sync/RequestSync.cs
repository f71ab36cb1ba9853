using DataHealth.Core.Clients;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>Asks for a sync: claims a new run, or joins the one in flight.</summary>
public sealed partial class RequestSync(
    AppStorage storage, IConnectedBooks connections, ProviderCatalog providers, DueClients due, IOptions<SyncOptions> options, TimeProvider time, IClientWatch watch, ILogger<RequestSync> logger)
{
    private readonly RunRows _rows = new(storage, time);
    private readonly RunEvents _events = new(storage, time);

    /// <summary>Asks. Idempotent under double press: the same run comes back.</summary>
    /// <param name="client">Whose books.</param>
    /// <param name="trigger">A person's request joins a run in flight for one more pass; the schedule's does not.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<SyncTicket> ExecuteAsync(ClientId client, RunTrigger trigger, CancellationToken cancellationToken) => ExecuteAsync(client, trigger, null, cancellationToken);

    internal async Task<SyncTicket> ExecuteAsync(ClientId client, RunTrigger trigger, RunId? replayOf, CancellationToken cancellationToken)
    {
        if (await connections.FindAsync(client, cancellationToken) is not { } connected)
        {
            await due.RemoveAsync(client, cancellationToken);
            return new SyncTicket(TicketState.NotConnected, null);
        }
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var held = await _rows.CurrentAsync(client, cancellationToken);
            if (held is { Run.State: not RunState.Finished } flight)
            {
                if (await JoinAsync(flight.Run, flight.ETag, trigger, connected, cancellationToken) is { } joined)
                    return joined;
                continue;
            }
            var now = time.GetUtcNow();
            var run = new RunRecord
            {
                ClientId = client,
                RunId = RunId.New(time),
                Fence = (held?.Run.Fence ?? 0) + 1,
                Trigger = trigger,
                Priority = trigger == RunTrigger.Scheduled ? CallPriority.Scheduled : CallPriority.Person,
                RequestedAt = now,
                TouchedAt = now,
                Round = 1,
                ReplayOf = replayOf,
                LastSuccessAt = held?.Run.LastSuccessAt,
                FailingSince = held?.Run.FailingSince,
                LastFailureAt = held?.Run.LastFailureAt,
                FailedDays = held?.Run.FailedDays ?? 0,
            };
            var mark = await watch.ChangingAsync(client, cancellationToken);
            if (!await _rows.SaveAsync(run, held?.ETag, cancellationToken))
                continue;
            await watch.ChangedAsync(mark, cancellationToken);
            // Leaves the head of the index; the end of the run sets the time that counts.
            await due.SetAsync(client, now + options.Value.Interval, cancellationToken);
            await _events.AppendAsync(client, run.RunId, "requested", null, Words(trigger), cancellationToken);
            Log.Claimed(logger, client, run.RunId, trigger);
            return new SyncTicket(TicketState.Started, run.RunId);
        }
        throw new InvalidOperationException($"The run row of client {client} is being fought over.");
    }

    private async Task<SyncTicket?> JoinAsync(RunRecord run, Azure.ETag etag, RunTrigger trigger, ConnectedClient connected, CancellationToken cancellationToken)
    {
        if (run.PlannedAt is null)
            return new SyncTicket(TicketState.Started, run.RunId);
        if (trigger == RunTrigger.Scheduled)
        {
            // A run that takes longer than a day (limits) must not stand at the head of the index, before clients that wait for theirs; its end sets the time that counts.
            await due.SetAsync(run.ClientId, time.GetUtcNow() + options.Value.Interval, cancellationToken);
            return new SyncTicket(TicketState.Joined, run.RunId, run.Pause?.Until);
        }
        var next = run with { IsMoreRequested = true, Priority = CallPriority.Person };
        if (next != run)
        {
            if (!await _rows.SaveAsync(next, etag, cancellationToken))
                return null;
            await _events.AppendAsync(run.ClientId, run.RunId, "joined", null, "Somebody asked for a sync while this one was at work: it makes one more pass before it ends.", cancellationToken);
        }
        if (run.Pause is not { } pause)
            return new SyncTicket(TicketState.Joined, run.RunId);
        var headroom = await providers.Get(connected.Books.Organisation.Provider).Books.HeadroomAsync(connected.Books.Organisation, cancellationToken);
        var isLifted = pause.Until <= time.GetUtcNow() || pause.Limit == LimitKind.DayReserve || headroom.PausedUntil is null || headroom.PausedUntil <= time.GetUtcNow();
        return isLifted ? new SyncTicket(TicketState.Wakes, run.RunId) : new SyncTicket(TicketState.Joined, run.RunId, headroom.PausedUntil);
    }

    private static string Words(RunTrigger trigger) => trigger switch
    {
        RunTrigger.Scheduled => "The daily sync is due.",
        RunTrigger.Person => "Somebody pressed Sync.",
        RunTrigger.Connected => "The books were connected.",
        RunTrigger.Replay => "Support replays a run from its checkpoint.",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, "A trigger without words."),
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Client {Client}: run {Run} claimed ({Trigger})")]
        public static partial void Claimed(ILogger logger, ClientId client, RunId run, RunTrigger trigger);
    }
}

/// <summary>Replays a run: a new run from the checkpoint.</summary>
public sealed class ReplayRun(RunStore runs, RequestSync request)
{
    /// <summary>Claims the new run; the ticket names the run in flight instead when there is one.</summary>
    public async Task<SyncTicket> ExecuteAsync(ClientId client, RunId failed, CancellationToken cancellationToken) =>
        await runs.FindAsync(client, failed, cancellationToken) is null
            ? new SyncTicket(TicketState.NoSuchRun, null)
            : await request.ExecuteAsync(client, RunTrigger.Replay, failed, cancellationToken);
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
