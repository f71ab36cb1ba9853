using DataHealth.Core.Providers;
using DataHealth.Core.Sync;

namespace DataHealth.Functions.Http.Sync;

/// <summary>What pressing Sync came to.</summary>
public sealed record RunStartedBody(string RunId, RunStart Outcome, string Words, DateTimeOffset? PausedUntil);

/// <summary>Whether a run began or one in flight was joined.</summary>
public enum RunStart
{
    /// <summary>A run began.</summary>
    Started,

    /// <summary>A run is in flight and makes one more pass before it ends.</summary>
    Joined,

    /// <summary>The run was replayed before.</summary>
    AlreadyReplayed,

    /// <summary>Another run is in flight; nothing was replayed.</summary>
    InFlight,
}

/// <summary>One run of a client's sync. Timeline, progress and the receipt's datasets only where one run is asked for.</summary>
public sealed record RunBody
{
    public required string Id { get; init; }

    public required string ClientId { get; init; }

    public required RunState State { get; init; }

    public required RunTrigger Trigger { get; init; }

    /// <summary>The whole state in a sentence or two.</summary>
    public required string Words { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public RunOutcome? Outcome { get; init; }

    public PauseBody? Pause { get; init; }

    public RunErrorBody? Error { get; init; }

    public ProgressBody? Progress { get; init; }

    public ReceiptBody? Receipt { get; init; }

    public DateTimeOffset? NextDueAt { get; init; }

    public string? ReplayOf { get; init; }

    public IReadOnlyList<TimelineBody>? Timeline { get; init; }
}

/// <summary>Why and until when a run waits.</summary>
public sealed record PauseBody(LimitKind Limit, DateTimeOffset Since, DateTimeOffset Until, bool IsEstimate, string Words);

/// <summary>What went wrong, for people; the correlation id is for the provider's support.</summary>
public sealed record RunErrorBody(string Code, string Title, string Detail, bool ReconnectMends, string? Dataset, string? CorrelationId, string? RecordId);

/// <summary>How far a run is.</summary>
public sealed record ProgressBody(int Percent, int RecordsDone, int RecordsTotal, int Calls, DateTimeOffset? ExpectedEnd, IReadOnlyList<DatasetProgressBody> Datasets);

/// <summary>How far one dataset is.</summary>
public sealed record DatasetProgressBody(
    string Dataset, string Title, PassMode Mode, int RecordsDone, int? RecordsTotal, int Held, bool IsDone, string? Unavailable, DateTimeOffset? UpTo);

/// <summary>What a run did.</summary>
public sealed record ReceiptBody(int Calls, long Bytes, IReadOnlyList<DatasetReceiptBody>? Datasets, IReadOnlyList<SkippedRecordBody>? SkippedRecords)
{
    public HealthStepBody? Health { get; init; }
}

/// <summary>What became of the recalculation at the end of a run.</summary>
public sealed record HealthStepBody(HealthStep State, string Words);

/// <summary>A record that is left out of the copy because it cannot be read, and our support's words on it.</summary>
public sealed record SkippedRecordBody(string Dataset, string RecordId, string Reason, DateTimeOffset Since);

/// <summary>What a run did to one dataset, beside the provider's own count.</summary>
public sealed record DatasetReceiptBody(
    string Dataset, int New, int Changed, int Unchanged, int Deleted, int Skipped, int Held, int? ProviderCount, int? Difference, int Calls, long Bytes, string? Unavailable);

/// <summary>One line of a run's timeline.</summary>
public sealed record TimelineBody(DateTimeOffset At, string Kind, string? Dataset, string Text);

/// <summary>A page of runs, newest first.</summary>
public sealed record RunListBody(IReadOnlyList<RunBody> Items, string? Continuation);

/// <summary>What a full copy would take.</summary>
public sealed record ForecastBody(
    int Records, int Calls, int Minutes, int Days, int? CallsPerDay, bool IsPartial, DateTimeOffset At, string Words, IReadOnlyList<DatasetForecastBody> Datasets);

/// <summary>What one dataset would take; no record count where the provider cannot count it.</summary>
public sealed record DatasetForecastBody(string Dataset, int? Records, int Calls);
