using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Health.History;

/// <summary>Takes the change of a score between two recalculations apart.</summary>
public sealed class AttributeChange(HealthStore health, ReadHealth read, TimeProvider time)
{
    /// <summary>How far back a change is looked at where nothing else is asked.</summary>
    public const int UsualDays = 30;

    /// <summary>Takes it apart.</summary>
    /// <param name="client">Whose; the caller has checked that the member may see it.</param>
    /// <param name="practice">Its practice.</param>
    /// <param name="since">From the last recalculation before that moment; null: <see cref="UsualDays"/> days before the end, or the first there is.</param>
    /// <param name="to">To the last one before that moment; null: what stands now, later dismissals included.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    public async Task<AttributionOutcome> ExecuteAsync(ClientId client, PracticeId practice, DateTimeOffset? since, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        var from = since ?? await UsualAsync(client, to ?? time.GetUtcNow(), cancellationToken);
        if (await LastAsync(client, from, cancellationToken) is not { } first)
            return new AttributionOutcome.NoPoint(from);
        if (await health.StateAsync(client, first.Version, cancellationToken) is not { } before)
            return new AttributionOutcome.TooOld(from);
        ScoredState after;
        DateTimeOffset at;
        if (to is { } end)
        {
            if (await LastAsync(client, end, cancellationToken) is not { } last)
                return new AttributionOutcome.NoPoint(end);
            if (await health.StateAsync(client, last.Version, cancellationToken) is not { } state)
                return new AttributionOutcome.TooOld(end);
            (after, at) = (state.ToScored(), last.At);
        }
        else
        {
            if (await read.ExecuteAsync(client, practice, cancellationToken) is not { } now)
                return new AttributionOutcome.NoPoint(from);
            (after, at) = (now.State(), time.GetUtcNow());
        }
        return Attribution.Between(before.ToScored(), after) is { } parts ? new AttributionOutcome.Done(first.At, at, parts) : new AttributionOutcome.NoScore();
    }

    private async Task<DateTimeOffset> UsualAsync(ClientId client, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var usual = to - TimeSpan.FromDays(UsualDays);
        await foreach (var point in health.PointsAsync(client, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, cancellationToken))
            return point.At < usual ? usual : point.At.AddMilliseconds(1);
        return usual;
    }

    private async Task<ScorePoint?> LastAsync(ClientId client, DateTimeOffset before, CancellationToken cancellationToken)
    {
        ScorePoint? last = null;
        await foreach (var point in health.PointsAsync(client, DateTimeOffset.UnixEpoch, before, cancellationToken))
            last = point;
        return last;
    }
}

/// <summary>What taking a change apart came to.</summary>
public abstract record AttributionOutcome
{
    private AttributionOutcome()
    {
    }

    /// <summary>The parts.</summary>
    /// <param name="From">The earlier recalculation.</param>
    /// <param name="To">The later one, or now.</param>
    /// <param name="Parts">They add up to the change.</param>
    public sealed record Done(DateTimeOffset From, DateTimeOffset To, Attribution Parts) : AttributionOutcome;

    /// <summary>There was no recalculation before that moment.</summary>
    public sealed record NoPoint(DateTimeOffset Before) : AttributionOutcome;

    /// <summary>What the last recalculation before that moment found is no longer kept (<c>400 days</c>).</summary>
    public sealed record TooOld(DateTimeOffset Before) : AttributionOutcome;

    /// <summary>One of the two had no score.</summary>
    public sealed record NoScore : AttributionOutcome;
}
