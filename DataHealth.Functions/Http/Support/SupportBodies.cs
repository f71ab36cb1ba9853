using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Functions.Http.Sync;

namespace DataHealth.Functions.Http.Support;

/// <summary>A run that somebody may have to look after. Ids only: support needs no client's name to mend a sync.</summary>
public sealed record OpenRunBody(
    string ClientId, string RunId, string PracticeId, string? Provider, OpenRunState State, bool IsStuck, string? Code, string? Dataset,
    DateTimeOffset RequestedAt, DateTimeOffset Since, DateTimeOffset? PausedUntil);

/// <summary>A page of them.</summary>
public sealed record OpenRunListBody(IReadOnlyList<OpenRunBody> Items, string? Continuation);

/// <summary>Everything of one run that an engineer needs.</summary>
public sealed record RunDossierBody(
    RunBody Run, string PracticeId, string? Provider, bool IsStuck, string? Technical, OrchestrationBody? Orchestration, IReadOnlyList<DatasetStandingBody> Datasets,
    IReadOnlyList<SkippedRecordBody> SkippedRecords);

/// <summary>The run's orchestration, as the platform knows it. Absent where the platform has forgotten it, or where it carries another run by now.</summary>
public sealed record OrchestrationBody(string InstanceId, string Status, DateTimeOffset CreatedAt, DateTimeOffset LastUpdatedAt, string? CustomStatus, string? ErrorType);

/// <summary>What is copied of a dataset, and where a replay goes on.</summary>
public sealed record DatasetStandingBody(
    string Dataset, int Held, DateTimeOffset? CompleteUpTo, DateTimeOffset? CompletedAt, bool IsDone, PassMode? Mode, int? NextPage, int? RecordsRead, int? RecordsToRead,
    FaultKind? Unavailable, string? UnavailableTechnical);

/// <summary>Why somebody of support does something; kept in the practice's audit.</summary>
public sealed record ReasonInput(string? Reason);

/// <summary>A record that syncs are to leave out, or to read again.</summary>
public sealed record SkipInput(string? Reason, string? Dataset, string? RecordId);

/// <summary>A replay of one run.</summary>
public sealed record ReplayInput(string? Reason, ReplayFrom? From);

/// <summary>A replay of many.</summary>
public sealed record BulkReplayInput(string? Reason, BulkReplayFilter? Filter, ReplayFrom? From, int? PerMinute, bool? DryRun);

/// <summary>Which failed runs. At least one of the fields is given, so that nobody replays everything by an empty filter.</summary>
public sealed record BulkReplayFilter(string? Code, string? Provider, string? PracticeId, int? OlderThanMinutes);

/// <summary>What a bulk replay would do, or how far it is.</summary>
public sealed record BulkReplayBody(string? Id, string Words, int Runs, BulkReplayForecastBody? Forecast, BulkReplayProgressBody? Progress);

/// <summary>What it would do.</summary>
public sealed record BulkReplayForecastBody(int Practices, int Calls, bool IsCut, IReadOnlyDictionary<string, int> ByCode);

/// <summary>How far it is.</summary>
public sealed record BulkReplayProgressBody(
    DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string Reason, int PerMinute, int Pending, int Started, int InFlight, int AlreadyReplayed, int Outdated, int ReadsUsedUp, int NotConnected,
    int Gone);

/// <summary>What an action on a run came to.</summary>
public sealed record RunActionBody(string RunId, string Words);
