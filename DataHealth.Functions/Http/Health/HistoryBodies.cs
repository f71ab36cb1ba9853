using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Functions.Http.Health;

/// <summary>The score over time, oldest first.</summary>
public sealed record HistoryBody(SeriesUnit Unit, DateOnly From, DateOnly To, IReadOnlyList<HistoryPointBody> Items);

/// <summary>The last recalculation of a day, week or month, as it was scored then; or a month-end in it as the rules of a later day judge it.</summary>
public sealed record HistoryPointBody(
    DateOnly Start, HistoryKind Kind, DateTimeOffset At, DateOnly ReportingDate, ScoreBody? Score, bool IsPartial, int RulesVersion, RecomputedByBody? RecomputedBy, DateTimeOffset? BooksAsOf,
    IReadOnlyList<HistoryCheckBody> Checks)
{
    public static HistoryPointBody Of(SeriesPoint one) => new(
        one.Start, one.Recomputed is null ? HistoryKind.Recorded : HistoryKind.Recomputed, one.Point.At.ToUniversalTime(), one.Point.ReportingDate, HealthWords.Of(one.Point.Score), one.Point.IsPartial,
        one.Point.RulesVersion, one.Recomputed is { } by ? new RecomputedByBody(by.By.Value, by.ByName) : null, one.Recomputed?.BooksAsOf?.ToUniversalTime(), [.. one.Point.Checks.Select(HistoryCheckBody.Of)]);
}

/// <summary>How a point of history came to be.</summary>
public enum HistoryKind
{
    /// <summary>By a recalculation of its day. It never changes.</summary>
    Recorded,

    /// <summary>Later, because somebody asked for it.</summary>
    Recomputed,
}

/// <summary>Who asked for history to be recomputed.</summary>
public sealed record RecomputedByBody(string MemberId, string MemberName);

/// <summary>Months whose ends are to be judged anew, as <c>2026-09</c>.</summary>
public sealed record RecomputeInput(IReadOnlyList<string>? Months);

/// <summary>The latest request for history to be recomputed.</summary>
public sealed record RecomputationBody(
    string Id, RecomputationState State, string Words, IReadOnlyList<RecomputedMonthBody> Months, DateTimeOffset RequestedAt, RecomputedByBody RequestedBy, DateTimeOffset? EndedAt);

/// <summary>One of its months.</summary>
public sealed record RecomputedMonthBody(string Month, DateOnly ReportingDate, bool IsDone);

/// <summary>Where it stands.</summary>
public enum RecomputationState
{
    /// <summary>Something else is at work for the client's health.</summary>
    Waiting,

    /// <summary>It is at work.</summary>
    Running,

    /// <summary>Every month has its point.</summary>
    Done,

    /// <summary>It ended before.</summary>
    Failed,
}

/// <summary>What a check gave to a score.</summary>
public sealed record HistoryCheckBody(string Check, decimal Weight, decimal EffectiveWeight, decimal Share, decimal Points, int Open)
{
    public static HistoryCheckBody Of(CheckScore check) => new(
        check.Check, check.Weight, HealthWords.Round(check.EffectiveWeight), HealthWords.Round(check.Share), HealthWords.Round(check.Points), check.Open);
}

/// <summary>What would move the score.</summary>
public sealed record MovesBody(ScoreBody? Score, IReadOnlyList<FindingMoveBody> Findings, int Total, IReadOnlyList<CheckMoveBody> Checks);

/// <summary>What a finding is worth.</summary>
public sealed record FindingMoveBody(string Finding, string Check, string Text, decimal Points, int MoreBeforeItMoves);

/// <summary>What a whole check is worth.</summary>
public sealed record CheckMoveBody(string Check, int Findings, decimal Points);

/// <summary>Why a score changed; the four parts add up to the change.</summary>
public sealed record AttributionBody(
    DateTimeOffset From, DateTimeOffset To, decimal Before, decimal After, decimal Change, decimal RulesAndWeights, decimal Coverage, decimal NewPostings, decimal WorkDone);
