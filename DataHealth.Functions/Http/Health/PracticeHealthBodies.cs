using DataHealth.Core.Health.PracticeLevel;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Functions.Http.Health;

/// <summary>A practice's clients by their health.</summary>
public sealed record PracticeHealthBody
{
    public required int Clients { get; init; }

    public required int WithoutScore { get; init; }

    public decimal? Average { get; init; }

    public decimal? ChangeOnMonth { get; init; }

    public required DistributionBody Distribution { get; init; }

    public required IReadOnlyList<WorstCheck> WorstChecks { get; init; }

    public required IReadOnlyList<MonthVolume> Volumes { get; init; }

    public required IReadOnlyList<ClientHealthBody> Items { get; init; }

    public string? Continuation { get; init; }
}

/// <summary>How many clients have which colour.</summary>
public sealed record DistributionBody(int Teal, int Amber, int Red);

/// <summary>A client's health at a glance; only its name where it was never calculated.</summary>
public sealed record ClientHealthBody
{
    public required string ClientId { get; init; }

    public required string Name { get; init; }

    public ScoreBody? Score { get; init; }

    public decimal? ChangeOnMonth { get; init; }

    public DateTimeOffset? CalculatedAt { get; init; }

    public DateOnly? ReportingDate { get; init; }

    public bool? IsPartial { get; init; }

    public IReadOnlyList<DayScore>? Sparkline { get; init; }

    public IReadOnlyList<MonthVolume>? Volumes { get; init; }

    public LocksBody? Locks { get; init; }

    public IReadOnlyList<HistoryCheckBody>? WorstChecks { get; init; }
}

/// <summary>Up to which days the books are locked, and how the check of lock dates judges it.</summary>
public sealed record LocksBody(DateOnly? PeriodLock, DateOnly? YearEndLock, Light? Light);

/// <summary>Which checks make the practice's score.</summary>
public sealed record PracticeScoreBody(bool IsCustom, IReadOnlyDictionary<string, decimal> Weights, IReadOnlyDictionary<string, decimal> DefaultWeights, string? SavedBy, DateTimeOffset? SavedAt);

/// <summary>Weights by check key, per cent; none: the product's.</summary>
public sealed record PracticeScoreInput(IReadOnlyDictionary<string, decimal>? Weights);

/// <summary>What weights would make of the practice's clients; those that change most first.</summary>
public sealed record ScorePreviewBody(decimal? AverageBefore, decimal? AverageAfter, int Clients, IReadOnlyList<ScorePreviewItem> Items);

/// <summary>What weights would make of one client.</summary>
public sealed record ScorePreviewItem(string ClientId, string Name, ScoreBody? Before, ScoreBody? After);
