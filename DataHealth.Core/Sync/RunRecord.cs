using DataHealth.Core.Providers;

namespace DataHealth.Core.Sync;

/// <summary>One run of a client's sync, from its request to its receipt.</summary>
public sealed record RunRecord
{
    /// <summary>Whose.</summary>
    public required ClientId ClientId { get; init; }

    /// <summary>The run.</summary>
    public required RunId RunId { get; init; }

    /// <summary>The client's practice.</summary>
    public PracticeId Practice { get; init; }

    /// <summary>Its number for this client, from 1: a higher one is a newer run, and the older writes nothing more.</summary>
    public required long Fence { get; init; }

    /// <summary>Where it stands.</summary>
    public RunState State { get; init; }

    /// <summary>What began it.</summary>
    public RunTrigger Trigger { get; init; }

    /// <summary>Who waits for it.</summary>
    public CallPriority Priority { get; init; }

    /// <summary>When it was requested.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>When its orchestration planned it; null until then.</summary>
    public DateTimeOffset? PlannedAt { get; init; }

    /// <summary>Its last sign of life, apart from the checkpoints.</summary>
    public DateTimeOffset TouchedAt { get; init; }

    /// <summary>A person pressed Sync during the run: one more incremental pass before it ends.</summary>
    public bool IsMoreRequested { get; init; }

    /// <summary>Which pass over the datasets this is, from 1.</summary>
    public int Round { get; init; }

    /// <summary>The round that <see cref="Plan"/> was made for.</summary>
    public int PlannedRound { get; init; }

    /// <summary>The key of the provider that it reads from.</summary>
    public string? Provider { get; init; }

    /// <summary>What this round reads.</summary>
    public IReadOnlyList<PlannedDataset> Plan { get; init; } = [];

    /// <summary>Why and until when it waits; null when it does not.</summary>
    public RunPause? Pause { get; init; }

    /// <summary>When the first of the waits began that it is in, for limits of a day or longer; see <see cref="WaitsSince"/>.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>When it last went on after such a wait.</summary>
    public DateTimeOffset? ContinuedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How it ended.</summary>
    public RunOutcome? Outcome { get; init; }

    /// <summary>What went wrong, in words; null when nothing did.</summary>
    public RunError? Error { get; init; }

    /// <summary>What it did; complete at the end.</summary>
    public RunReceipt? Receipt { get; init; }

    /// <summary>When the next scheduled sync is due, as reckoned at the end of this run; null when none is (connection lost).</summary>
    public DateTimeOffset? NextDueAt { get; init; }

    /// <summary>When a run of this client last ended well, this one included; handed on from run to run.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>When the first of the failures in a row ended; null when the last ended run did not fail. Handed on from run to run.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the last of them ended.</summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>On how many days (UTC) runs failed since one last ended well.</summary>
    public int FailedDays { get; init; }

    /// <summary>The run that this one replays.</summary>
    public RunId? ReplayOf { get; init; }

    /// <summary>Where its request stands among the traces (W3C traceparent); null when nothing was traced. Steps that work in another trace link to it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Reads everything anew instead of going on from the checkpoints.</summary>
    public bool IsFromStart { get; init; }

    // Xero's calls of a whole day are used up by one client in an hour and a half at the minute's limit: who works for no longer than that is still waiting for the day.
    private static readonly TimeSpan ShortSpell = TimeSpan.FromHours(2);

    /// <summary>
    /// Since when it has been waiting for a limit of a day or longer, null when it is not. A short spell of work between two waits does not begin it anew; waits for a limit of minutes do not
    /// count.
    /// </summary>
    /// <param name="now">The time of the question.</param>
    public DateTimeOffset? WaitsSince(DateTimeOffset now) =>
        State is not RunState.Finished && WaitingSince is { } since && (Pause is { IsLong: true } || now - ContinuedAt < ShortSpell) ? since : null;
}

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>It works, or is about to.</summary>
    Running,

    /// <summary>It waits for a limit to lift.</summary>
    Paused,

    /// <summary>It ended.</summary>
    Finished,
}

/// <summary>What began a run.</summary>
public enum RunTrigger
{
    /// <summary>The schedule.</summary>
    Scheduled,

    /// <summary>A person pressed Sync.</summary>
    Person,

    /// <summary>The client was connected or reconnected.</summary>
    Connected,

    /// <summary>Support replays a failed run.</summary>
    Replay,
}

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>Every dataset was read.</summary>
    Succeeded,

    /// <summary>All that we may read was read; some datasets are not available to us.</summary>
    SucceededWithGaps,

    /// <summary>Something was not read; <see cref="RunRecord.Error"/> says what and who can do what.</summary>
    Failed,

    /// <summary>The connection is dead and needs a reconnect.</summary>
    ConnectionLost,

    /// <summary>A newer run took the client over.</summary>
    Superseded,

    /// <summary>A person ended it.</summary>
    Ended,
}

/// <summary>A wait for a limit.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Limit">Which limit.</param>
/// <param name="IsEstimate">The end is our own reckoning: at the latest.</param>
public sealed record RunPause(DateTimeOffset Since, DateTimeOffset Until, LimitKind Limit, bool IsEstimate)
{
    /// <summary>Where its beginning stands among the traces (W3C traceparent); null when nothing was traced. What goes on after it links to it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>It waits for a limit of a day or longer, or for one that the provider did not name.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsLong => Limit is LimitKind.Day or LimitKind.DayReserve or LimitKind.Month or LimitKind.Unknown;
}

/// <summary>What went wrong, for people and for an engineer.</summary>
/// <param name="Code">Stable code of <see cref="FaultWords"/>.</param>
/// <param name="Title">What happened.</param>
/// <param name="Detail">Who can do what.</param>
/// <param name="ReconnectMends">A new consent mends it.</param>
/// <param name="Dataset">Where it happened.</param>
/// <param name="Technical">For an engineer; no personal data.</param>
/// <param name="CorrelationId">The provider's id of the call.</param>
public sealed record RunError(string Code, string Title, string Detail, bool ReconnectMends, string? Dataset, string Technical, string? CorrelationId)
{
    /// <summary>The provider's id of the one record that could not be read; null where it is not one record's fault.</summary>
    public string? RecordId { get; init; }
}

/// <summary>One dataset of a plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mode">How it is read.</param>
public sealed record PlannedDataset(string Name, PassMode Mode);

/// <summary>How a dataset is read.</summary>
public enum PassMode
{
    /// <summary>Everything.</summary>
    Full,

    /// <summary>What changed since the watermark.</summary>
    Incremental,
}

/// <summary>What a run did.</summary>
/// <param name="Datasets">By dataset.</param>
/// <param name="Calls">Calls that reached the provider.</param>
/// <param name="Bytes">Bytes of its answers on the wire.</param>
public sealed record RunReceipt(IReadOnlyList<DatasetReceipt> Datasets, int Calls, long Bytes)
{
    /// <summary>Records that are left out of the copy because they cannot be read, and our support said so; at most <see cref="Sync.SkippedRecords.Most"/>.</summary>
    public IReadOnlyList<SkippedRecord> SkippedRecords { get; init; } = [];

    /// <summary>What became of the recalculation of the client's health; null where none was tried, because nothing was read or the run was ended.</summary>
    public HealthStep? Health { get; init; }
}

/// <summary>What became of the recalculation at the end of a run. It never fails the run: the copy is good without it.</summary>
public enum HealthStep
{
    /// <summary>The score is of this copy.</summary>
    Recalculated,

    /// <summary>Another recalculation began later and took over.</summary>
    Overtaken,

    /// <summary>There was nothing to judge (any more).</summary>
    NothingToJudge,

    /// <summary>It failed; the score of before stays.</summary>
    Failed,
}

/// <summary>What a run did to one dataset.</summary>
public sealed record DatasetReceipt
{
    /// <summary>Its name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Records that were not there before.</summary>
    public int New { get; init; }

    /// <summary>Records whose content changed.</summary>
    public int Changed { get; init; }

    /// <summary>Records that came as they were.</summary>
    public int Unchanged { get; init; }

    /// <summary>Records that are gone now.</summary>
    public int Deleted { get; init; }

    /// <summary>Records that were not written: they came older than we hold them, or could not be read and are left out.</summary>
    public int Skipped { get; init; }

    /// <summary>Records held now that count as records.</summary>
    public int Held { get; init; }

    /// <summary>Records held now that the provider lists, those of deleted status included.</summary>
    public int Listed { get; init; }

    /// <summary>The provider's own count of all of them, when this run learnt it.</summary>
    public int? ProviderCount { get; init; }

    /// <summary><see cref="ProviderCount"/> less <see cref="Listed"/>; null when not known.</summary>
    public int? Difference => ProviderCount is { } count ? count - Listed : null;

    /// <summary>Calls.</summary>
    public int Calls { get; init; }

    /// <summary>Bytes on the wire.</summary>
    public long Bytes { get; init; }

    /// <summary>The code of the reason why it is not available; null when it is.</summary>
    public string? Unavailable { get; init; }
}

/// <summary>One line of a run's timeline.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">Stable name: <c>requested</c>, <c>planned</c>, <c>dataset-completed</c>, <c>paused</c>, <c>continued</c>, <c>joined</c>, <c>failed</c>, <c>finished</c>…</param>
/// <param name="Dataset">Which dataset, if one.</param>
/// <param name="Text">In plain words.</param>
public sealed record RunEvent(DateTimeOffset At, string Kind, string? Dataset, string Text);
