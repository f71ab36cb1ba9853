using DataHealth.Core.Health.Records;

namespace DataHealth.Core.Health.History;

/// <summary>The score over time: of each day, week or month the last point, as it was scored then; and beside them the month-ends that were recomputed later.</summary>
public sealed class ReadScoreHistory(HealthStore health, RecomputationStore recomputations)
{
    /// <summary>The longest span.</summary>
    public const int MostDays = 3700;

    /// <summary>Reads a series, oldest first; within a day, week or month what was recorded comes before what was recomputed. A recorded point lies where it was reckoned, a recomputed one on the day that it judges; in months on the day after it, since a month is judged when it is over, so that both of the same month-end stand beside each other.</summary>
    /// <param name="client">Whose; the caller has checked that the member may see it.</param>
    /// <param name="unit">Days, weeks (from Monday) or months.</param>
    /// <param name="from">The first day, UTC.</param>
    /// <param name="to">The last day, UTC.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<SeriesPoint>> ExecuteAsync(ClientId client, SeriesUnit unit, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        List<SeriesPoint> series = [];
        await foreach (var point in health.PointsAsync(client, Start(from), Start(to.AddDays(1)), cancellationToken))
        {
            var one = new SeriesPoint(StartOf(unit, DateOnly.FromDateTime(point.At.UtcDateTime)), point);
            if (series.Count > 0 && series[^1].Start == one.Start)
                series[^1] = one;
            else
                series.Add(one);
        }
        var later = unit is SeriesUnit.Month ? 1 : 0;
        await foreach (var recomputed in recomputations.PointsAsync(client, from == DateOnly.MinValue ? from : from.AddDays(-later), to.AddDays(-later), cancellationToken))
            series.Add(new SeriesPoint(StartOf(unit, recomputed.Point.ReportingDate.AddDays(later)), recomputed.Point) { Recomputed = recomputed });
        // Stable: what lies in one unit keeps its order.
        return [.. series.OrderBy(one => one.Start)];
    }

    internal static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static DateOnly StartOf(SeriesUnit unit, DateOnly day) => unit switch
    {
        SeriesUnit.Day => day,
        SeriesUnit.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        SeriesUnit.Month => new DateOnly(day.Year, day.Month, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Not a unit."),
    };
}

/// <summary>A point of a series.</summary>
/// <param name="Start">The first day of its day, week or month.</param>
/// <param name="Point">The last point recorded in it, or one recomputed for a day in it.</param>
public readonly record struct SeriesPoint(DateOnly Start, ScorePoint Point)
{
    /// <summary>Who had it recomputed, and on which books; null for one that was recorded.</summary>
    public RecomputedPoint? Recomputed { get; init; }
}

/// <summary>How a series is cut.</summary>
public enum SeriesUnit
{
    /// <summary>By day.</summary>
    Day,

    /// <summary>By week, from Monday.</summary>
    Week,

    /// <summary>By month.</summary>
    Month,
}
