using DataHealth.Core.Practices;

namespace DataHealth.Core.Health.Records;

/// <summary>Somebody asked for past month-ends to be judged anew. One a client; the latest stays to be looked at.</summary>
public sealed record Recomputation
{
    /// <summary>Its id: 32 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>By whom.</summary>
    public required MemberId By { get; init; }

    /// <summary>By whom, as they were called then.</summary>
    public required string ByName { get; init; }

    /// <summary>The month-ends, oldest first.</summary>
    public required IReadOnlyList<DateOnly> Days { get; init; }

    /// <summary>So many of them have their point.</summary>
    public int Done { get; init; }

    /// <summary>When it ended; null: it waits or is at work.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It ended before all had their point: those that have one keep it.</summary>
    public bool HasFailed { get; init; }

    internal static Recomputation Of(Actor actor, IReadOnlyList<DateOnly> days, TimeProvider time) => new()
    {
        Id = Identifier.New(time),
        AskedAt = time.GetUtcNow(),
        By = actor.Member,
        ByName = actor.Name,
        Days = days,
    };
}

/// <summary>A past month-end as the rules, settings, weights and dismissals of a later day judge it. Stands beside the points that were recorded then, which never change; one for each month-end, the latest.</summary>
/// <param name="Point">The score; its time is when it was recomputed.</param>
/// <param name="Recomputation">What it was asked for by.</param>
/// <param name="By">Who asked.</param>
/// <param name="ByName">Who, as they were called then.</param>
/// <param name="BooksAsOf">The books as they stood then: every dataset that is complete was copied up to this time or later; null where none was.</param>
public sealed record RecomputedPoint(ScorePoint Point, string Recomputation, MemberId By, string ByName, DateTimeOffset? BooksAsOf);
