using System.Text.Json.Serialization;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Health.PracticeLevel;

/// <summary>What a practice sees of a client's health at a glance: a narrow copy, written anew after each recalculation and dismissal. Holds shares, so that any score can be made of it.</summary>
public sealed record ClientHealthRow
{
    /// <summary>The most worst checks.</summary>
    public const int MostWorst = 3;

    /// <summary>Days of the sparkline.</summary>
    public const int SparklineDays = 30;

    /// <summary>Whose.</summary>
    public required ClientId Client { get; init; }

    /// <summary>When it was recalculated.</summary>
    public required DateTimeOffset CalculatedAt { get; init; }

    /// <summary>The books are judged as of this day.</summary>
    public required DateOnly ReportingDate { get; init; }

    /// <summary>Which rules judged.</summary>
    public required int RulesVersion { get; init; }

    /// <summary>Some dataset was not complete.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The pass share of each check that could judge, by key.</summary>
    public required IReadOnlyDictionary<string, decimal> Shares { get; init; }

    /// <summary>Findings that count, by check key.</summary>
    public required IReadOnlyDictionary<string, int> Open { get; init; }

    /// <summary>The score's last point of each of the last days, oldest first, as it was scored then.</summary>
    public required IReadOnlyList<DayScore> Sparkline { get; init; }

    /// <summary>The latest recalculation that was a month old or older when this was written; null when there was none.</summary>
    public FormerShares? Former { get; init; }

    /// <summary>Transactions of twelve months, the earliest first; none where the books do not tell.</summary>
    public IReadOnlyList<MonthVolume> Volumes { get; init; } = [];

    /// <summary>Up to which day the books are locked.</summary>
    public DateOnly? PeriodLock { get; init; }

    /// <summary>Up to which day they are locked for everybody.</summary>
    public DateOnly? YearEndLock { get; init; }

    /// <summary>How the check of lock dates judges them; null where it cannot.</summary>
    public Light? Locks { get; init; }

    /// <summary>The score under some weights; null when none of their checks could judge.</summary>
    public HealthScore? Score(ScoreRecipe recipe) => HealthScore.OfShares(recipe, Shares, Open);

    internal static ClientHealthRow Of(ClientId client, KeptHealth health, FindingNotes notes, IReadOnlyList<ScorePoint> points, IReadOnlyList<Volume>? volumes, DateTimeOffset now)
    {
        var ran = health.Outcomes.Where(outcome => outcome.Value is CheckOutcome.Checked)
            .ToDictionary(outcome => outcome.Key, outcome => (Outcome: (CheckOutcome.Checked)outcome.Value, Open: HealthScore.Open((CheckOutcome.Checked)outcome.Value, notes.IsOpen)), StringComparer.Ordinal);
        var locks = ran.TryGetValue("lock-dates", out var judged) && judged.Outcome.Measure is StateMeasure { Parts: { Count: > 0 } parts } ? parts.Values.Max() : (Light?)null;
        var monthAgo = now.AddMonths(-1);
        return new ClientHealthRow
        {
            Client = client,
            CalculatedAt = health.Head.CalculatedAt,
            ReportingDate = health.Head.ReportingDate,
            RulesVersion = health.Head.RulesVersion,
            IsPartial = !health.Head.IsComplete,
            Shares = ran.ToDictionary(check => check.Key, check => check.Value.Outcome.Measure.Share(check.Value.Open), StringComparer.Ordinal),
            Open = ran.Where(check => check.Value.Open.Count > 0).ToDictionary(check => check.Key, check => check.Value.Open.Count, StringComparer.Ordinal),
            Sparkline =
            [
                .. points.Where(point => point.Percent is not null && point.At > now.AddDays(-SparklineDays))
                    .GroupBy(point => DateOnly.FromDateTime(point.At.UtcDateTime)).Select(day => new DayScore(day.Key, day.Last().Percent!.Value)),
            ],
            Former = points.LastOrDefault(point => point.At <= monthAgo && point.Exact is not null) is { } former ? FormerShares.Of(former) : null,
            Volumes = [.. (volumes ?? []).Select(volume => new MonthVolume(volume.MonthEnd, volume.Transactions))],
            PeriodLock = health.Head.PeriodLock,
            YearEndLock = health.Head.YearEndLock,
            Locks = locks,
        };
    }
}

/// <summary>What a former recalculation gave, as far as it can be scored anew.</summary>
/// <param name="At">When it was.</param>
/// <param name="RulesVersion">Which rules judged.</param>
/// <param name="Weighed">The checks that its score was made of, those included that could not judge.</param>
/// <param name="Shares">The pass shares of those that could.</param>
public sealed record FormerShares(DateTimeOffset At, int RulesVersion, IReadOnlyList<string> Weighed, IReadOnlyDictionary<string, decimal> Shares)
{
    /// <summary>Its score under today's weights; null where it was judged by other rules, or is not known to have judged a check that has a weight today.</summary>
    public HealthScore? Score(ScoreRecipe recipe, int rulesVersion) =>
        rulesVersion == RulesVersion && recipe.Weights.All(weight => weight.Value == 0m || Weighed.Contains(weight.Key, StringComparer.Ordinal))
            ? HealthScore.OfShares(recipe, Shares, new Dictionary<string, int>())
            : null;

    internal static FormerShares Of(ScorePoint point) => new(
        point.At, point.RulesVersion, [.. point.Weights.Where(weight => weight.Value > 0m).Select(weight => weight.Key)], point.Checks.ToDictionary(check => check.Check, check => check.Share, StringComparer.Ordinal));
}

/// <summary>Transactions of a month.</summary>
/// <param name="MonthEnd">Its last day.</param>
/// <param name="Transactions">How many were entered.</param>
public readonly record struct MonthVolume(DateOnly MonthEnd, int Transactions);

/// <summary>A day of a sparkline.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Percent">The day's last score.</param>
public readonly record struct DayScore(DateOnly Day, int Percent);

/// <summary>What the practice level stores as JSON.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ClientHealthRow))]
[JsonSerializable(typeof(CustomScore))]
internal sealed partial class PracticeHealthJson : JsonSerializerContext;
