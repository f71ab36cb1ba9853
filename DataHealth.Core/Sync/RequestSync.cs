using System.Diagnostics;
using DataHealth.Core.Clients;
using DataHealth.Core.Costs;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>Asks for a sync: claims a new run, or joins the one in flight.</summary>
public sealed partial class RequestSync(
    AppStorage storage, IConnectedBooks connections, ProviderCatalog providers, DueClients due, IOptions<SyncOptions> options, TimeProvider time, IClientWatch watch,
    IReadsCap reads, ILogger<RequestSync> logger)
{
    private const int MostTries = 20;

    // A tier that an operator has raised is noticed within that, however much of the month is left.
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromHours(1);

    private readonly RunRows _rows = new(storage, time);
    private readonly RunEvents _events = new(storage, time);

    /// <summary>Asks. Idempotent under double press: the same run comes back.</summary>
    /// <param name="client">Whose books.</param>
    /// <param name="trigger">A person's request joins a run in flight for one more pass; the schedule's does not.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<SyncTicket> ExecuteAsync(ClientId client, RunTrigger trigger, CancellationToken cancellationToken)
    {
        if (await ConnectedAsync(client, cancellationToken) is not { } connected)
            return new SyncTicket(TicketState.NotConnected, null);
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var held = await _rows.CurrentAsync(client, cancellationToken);
            if (held is not { Run.State: not RunState.Finished } && await HoldAsync(connected, trigger, cancellationToken) is { } waits)
                return waits;
            var ticket = held is { Run.State: not RunState.Finished } flight
                ? await JoinAsync(flight.Run, flight.ETag, trigger, connected, cancellationToken)
                : await ClaimAsync(connected, held, run => run with { Trigger = trigger, Priority = trigger == RunTrigger.Scheduled ? CallPriority.Scheduled : CallPriority.Person }, cancellationToken);
            if (ticket is not null)
                return ticket;
        }
        throw Fought(client);
    }

    /// <summary>Asks for a run that repeats one that ended. Idempotent: a run is repeated once, however often it is asked for, also while the schedule starts another.</summary>
    internal async Task<SyncTicket> ReplayAsync(ClientId client, RunId ended, ReplayFrom from, CancellationToken cancellationToken)
    {
        if (await ConnectedAsync(client, cancellationToken) is not { } connected)
            return new SyncTicket(TicketState.NotConnected, null);
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (await _rows.CurrentAsync(client, cancellationToken) is not { } held)
                return new SyncTicket(TicketState.NoSuchRun, null);
            if (held.Run.ReplayOf == ended)
                return new SyncTicket(held.Run is { State: not RunState.Finished, PlannedAt: null } ? TicketState.Started : TicketState.AlreadyReplayed, held.Run.RunId);
            if (held.Run.State != RunState.Finished)
                return new SyncTicket(TicketState.InFlight, held.Run.RunId, held.Run.Pause?.Until);
            if (held.Run.RunId != ended)
                return new SyncTicket(TicketState.Outdated, held.Run.RunId);
            if (await HoldAsync(connected, RunTrigger.Replay, cancellationToken) is { } waits)
                return waits;
            var replay = await ClaimAsync(
                connected, held, run => run with { Trigger = RunTrigger.Replay, Priority = CallPriority.Person, ReplayOf = ended, IsFromStart = from == ReplayFrom.Start }, cancellationToken);
            if (replay is not null)
                return replay;
        }
        throw Fought(client);
    }

    private async Task<ConnectedClient?> ConnectedAsync(ClientId client, CancellationToken cancellationToken)
    {
        var connected = await connections.FindAsync(client, cancellationToken);
        if (connected is null)
            await due.RemoveAsync(client, cancellationToken);
        return connected;
    }

    // Every door comes by here, so that nobody runs into the provider's block. Runs in flight end as they would.
    private async Task<SyncTicket?> HoldAsync(ConnectedClient connected, RunTrigger trigger, CancellationToken cancellationToken)
    {
        if (await reads.WaitUntilAsync(connected.Books.Organisation.Provider, cancellationToken) is not { } until)
            return null;
        var client = connected.Client;
        var mark = await watch.ChangingAsync(client, cancellationToken);
        // Spread over some minutes, in an order that is every time the same.
        if (trigger is RunTrigger.Scheduled or RunTrigger.Connected)
            await due.SetAsync(client, time.GetUtcNow() + AskedAgainAfter + TimeSpan.FromMinutes(Convert.ToInt32(client.Value[^1..], 16)), cancellationToken);
        await watch.ChangedAsync(mark);
        return new SyncTicket(TicketState.ReadsUsedUp, null, until);
    }

    // Null when somebody else was quicker.
    private async Task<SyncTicket?> ClaimAsync(
        ConnectedClient connected, (RunRecord Run, Azure.ETag ETag)? before, Func<RunRecord, RunRecord> with, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var client = connected.Client;
        var run = with(new RunRecord
        {
            ClientId = client,
            RunId = RunId.New(time),
            Practice = connected.Practice,
            Provider = connected.Books.Organisation.Provider,
            Fence = (before?.Run.Fence ?? 0) + 1,
            RequestedAt = now,
            TouchedAt = now,
            TraceParent = Tracing.Current,
            Round = 1,
            LastSuccessAt = before?.Run.LastSuccessAt,
            FailingSince = before?.Run.FailingSince,
            LastFailureAt = before?.Run.LastFailureAt,
            FailedDays = before?.Run.FailedDays ?? 0,
        });
        var mark = await watch.ChangingAsync(client, cancellationToken);
        // From here on whoever asked may go away: the run is claimed, and the caller's audit entry follows.
        if (!await _rows.SaveAsync(run, before?.ETag, CancellationToken.None))
            return null;
        await watch.ChangedAsync(mark);
        // Leaves the head of the index; the end of the run sets the time that counts.
        await due.SetAsync(client, now + options.Value.Interval, CancellationToken.None);
        await _events.AppendAsync(client, run.RunId, "requested", null, Words(run), CancellationToken.None);
        Log.Claimed(logger, client, run.RunId, run.Trigger);
        Activity.Current?.SetTag(TagName.Client, client.Value).SetTag(TagName.Run, run.RunId.Value);
        return new SyncTicket(TicketState.Started, run.RunId) { IsNew = true };
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
            if (!await _rows.SaveAsync(next, etag, CancellationToken.None))
                return null;
            await _events.AppendAsync(run.ClientId, run.RunId, "joined", null, "Somebody asked for a sync while this one was at work: it makes one more pass before it ends.", CancellationToken.None);
        }
        if (run.Pause is not { } pause)
            return new SyncTicket(TicketState.Joined, run.RunId);
        var headroom = await providers.Get(connected.Books.Organisation.Provider).Books.HeadroomAsync(connected.Books.Organisation, CancellationToken.None);
        var isLifted = pause.Until <= time.GetUtcNow() || pause.Limit == LimitKind.DayReserve || headroom.PausedUntil is null || headroom.PausedUntil <= time.GetUtcNow();
        return isLifted ? new SyncTicket(TicketState.Wakes, run.RunId) : new SyncTicket(TicketState.Joined, run.RunId, headroom.PausedUntil);
    }

    private static InvalidOperationException Fought(ClientId client) => new($"The run row of client {client} is being fought over.");

    private static string Words(RunRecord run) => run.Trigger switch
    {
        RunTrigger.Scheduled => "The daily sync is due.",
        RunTrigger.Person => "Somebody pressed Sync.",
        RunTrigger.Connected => "The books were connected.",
        RunTrigger.Replay when run.IsFromStart => "An earlier run is replayed from the start: everything is read anew.",
        RunTrigger.Replay => "An earlier run is replayed from its checkpoint.",
        _ => throw new ArgumentOutOfRangeException(nameof(run), run.Trigger, "A trigger without words."),
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Client {Client}: run {Run} claimed ({Trigger})")]
        public static partial void Claimed(ILogger logger, ClientId client, RunId run, RunTrigger trigger);
    }
}

/// <summary>Replays a client's latest run: a new run, from the checkpoints or from the start.</summary>
public sealed class ReplayRun(RunStore runs, RequestSync request)
{
    /// <summary>Claims the new run; the ticket names the run in flight instead when there is one, or the one that came of an earlier call.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="ended">The run to repeat.</param>
    /// <param name="from">Where it begins.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<SyncTicket> ExecuteAsync(ClientId client, RunId ended, ReplayFrom from, CancellationToken cancellationToken) =>
        await runs.FindAsync(client, ended, cancellationToken) is null
            ? new SyncTicket(TicketState.NoSuchRun, null)
            : await request.ReplayAsync(client, ended, from, cancellationToken);
}

/// <summary>Where a replay begins.</summary>
public enum ReplayFrom
{
    /// <summary>Where each dataset stopped.</summary>
    Checkpoint,

    /// <summary>At the first page of every dataset.</summary>
    Start,
}

/// <summary>What a request for a sync came to.</summary>
/// <param name="State">What it came to.</param>
/// <param name="RunId">The run; null when none was begun or joined.</param>
/// <param name="PausedUntil">When the run in flight goes on, if a limit still holds it; when reads are used up, the end of the month.</param>
public sealed record SyncTicket(TicketState State, RunId? RunId, DateTimeOffset? PausedUntil = null)
{
    /// <summary>The caller starts the orchestration <c>sync-{clientId}</c> with that run; being refused because it runs already is success.</summary>
    public bool MustStart => State is TicketState.Started;

    /// <summary>This very request claimed the run: pressed again it did not.</summary>
    public bool IsNew { get; init; }

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

    /// <summary>A run is in flight, and the run to replay was not replayed: the ticket names the one in flight.</summary>
    InFlight,

    /// <summary>Our tier's reads of the month at the provider are used up: the schedule asks again every hour.</summary>
    ReadsUsedUp,

    /// <summary>The client has no live connection.</summary>
    NotConnected,

    /// <summary>The run to replay does not exist.</summary>
    NoSuchRun,

    /// <summary>It was replayed before, by the run that the ticket names.</summary>
    AlreadyReplayed,

    /// <summary>The run to replay is not the client's latest any more; the ticket names that.</summary>
    Outdated,
}
