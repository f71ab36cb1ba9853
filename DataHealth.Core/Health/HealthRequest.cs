namespace DataHealth.Core.Health;

/// <summary>What the books are judged by. The same request over the same books gives the same findings, ids and score, on any machine (promise 10): nothing else goes in, no clock least of all.</summary>
public sealed record HealthRequest
{
    /// <summary>The days under review.</summary>
    public required Period Period { get; init; }

    /// <summary>The books are judged as they stood at the end of this day, in the organisation's calendar.</summary>
    public required DateOnly ReportingDate { get; init; }

    /// <summary>Settings by check key, as JSON; a check without has its defaults.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>What checks remember of earlier runs by check key (<see cref="HealthResult.Memory"/>): locks and closed documents as they were, bank details.</summary>
    public IReadOnlyDictionary<string, string> Memory { get; init; } = new Dictionary<string, string>();

    /// <summary>Checks to run by key; null: all.</summary>
    public IReadOnlySet<string>? Only { get; init; }

    /// <summary>The last complete month before a day, judged at its end: what the overview shows by default.</summary>
    /// <param name="today">Today in the organisation's calendar.</param>
    public static HealthRequest ForLastMonth(DateOnly today)
    {
        var period = Period.MonthOf(new DateOnly(today.Year, today.Month, 1).AddDays(-1));
        return new HealthRequest { Period = period, ReportingDate = period.To };
    }
}

/// <summary>Days, both ends included.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
public readonly record struct Period(DateOnly From, DateOnly To)
{
    /// <summary>The whole month in which a day lies.</summary>
    public static Period MonthOf(DateOnly day)
    {
        var first = new DateOnly(day.Year, day.Month, 1);
        return new Period(first, first.AddMonths(1).AddDays(-1));
    }

    /// <summary>True when the day lies within.</summary>
    public bool Holds(DateOnly? day) => day is { } date && From <= date && date <= To;
}
