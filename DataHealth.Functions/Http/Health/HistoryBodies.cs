using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Functions.Http.Health;

/// <summary>The score over time, oldest first.</summary>
public sealed record HistoryBody(SeriesUnit Unit, DateOnly From, DateOnly To, IReadOnlyList<HistoryPointBody> Items);

/// <summary>The last recalculation of a day, week or month, as it was scored then.</summary>
public sealed record HistoryPointBody(
    DateOnly Start, DateTimeOffset At, DateOnly ReportingDate, ScoreBody? Score, bool IsPartial, int RulesVersion, IReadOnlyList<HistoryCheckBody> Checks);

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
