using System.Globalization;
using DataHealth.Core.Audit;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Health.History;

/// <summary>Takes in that somebody wants past month-ends to be judged by the rules of today. The work is <see cref="RecomputeHistory"/>'s.</summary>
public sealed class RequestRecomputation(IClientBooks books, HealthStore health, RecomputationStore recomputations, HealthWishes wishes, AuditTrail audit, TimeProvider time)
{
    /// <summary>The most month-ends: each is a pass over the whole books.</summary>
    public const int MostDays = 24;

    /// <summary>So many years back: what a provider's reports go back to.</summary>
    public const int MostYearsBack = 10;

    // Between a request and the second look at its wish.
    private static readonly TimeSpan TakenIn = TimeSpan.FromMinutes(1);

    /// <summary>Called between the wish and the request; tests do there what others might.</summary>
    internal Func<Task>? Wished { get; set; }

    /// <summary>Takes it in; the same once more is the same request.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Of which client; the caller has checked that the member may see it.</param>
    /// <param name="days">Ends of months that are over, 1 to <see cref="MostDays"/>, oldest first.</param>
    /// <param name="cancellationToken">Cancels what comes before the first write.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not.</exception>
    public async Task<RecomputationOutcome> ExecuteAsync(Actor actor, ClientId client, IReadOnlyList<DateOnly> days, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageClients);
        if (await health.HeadAsync(client, cancellationToken) is null)
            return new RecomputationOutcome.NotJudged();
        if (await books.OpenAsync(client, cancellationToken) is not { } reader)
            return new RecomputationOutcome.NotJudged();
        if (days[^1] >= await BooksCalendar.TodayAsync(reader, time, cancellationToken))
            return new RecomputationOutcome.NotOver();
        if (await recomputations.FindAsync(client, cancellationToken) is { EndedAt: null } open)
        {
            // One that was taken in just now may be about to get its wish once more (below).
            if (open.AskedAt > time.GetUtcNow() - TakenIn || await wishes.FindAsync(client, HealthWishKind.History, cancellationToken) is not null)
                return await JoinAsync(client, open, days);
            // Nobody would carry it out any more: it came back with a backup, or was given up.
            await recomputations.FailAsync(client, open.Id, time.GetUtcNow(), cancellationToken);
        }
        // From here on whoever asked may go away. The wish comes before the request: the sweeper takes up what a crash leaves between them.
        var asked = Recomputation.Of(actor, days, time);
        await wishes.AskAsync(client, HealthWishKind.History, CancellationToken.None);
        await (Wished?.Invoke() ?? Task.CompletedTask);
        if (await recomputations.AskAsync(client, asked, CancellationToken.None)
            // Carried out, and its answer lost.
            || (await recomputations.FindAsync(client, CancellationToken.None))?.Id == asked.Id)
        {
            // Whoever was at work just now may have seen the wish, found nothing open and taken it for done.
            await wishes.AskAsync(client, HealthWishKind.History, CancellationToken.None);
            // Only what was taken in is told: who lost to another at the same moment has asked for nothing.
            await audit.RecordAsync(actor, AuditAction.HistoryRecomputed, client, after: string.Join(", ", days.Select(day => day.ToString("yyyy-MM", CultureInfo.InvariantCulture))));
            return new RecomputationOutcome.Accepted(asked);
        }
        return await recomputations.FindAsync(client, CancellationToken.None) is { EndedAt: null } faster ? await JoinAsync(client, faster, days) : new RecomputationOutcome.NotJudged();
    }

    private async Task<RecomputationOutcome> JoinAsync(ClientId client, Recomputation open, IReadOnlyList<DateOnly> days)
    {
        if (!open.Days.SequenceEqual(days))
            return new RecomputationOutcome.AtWork(open);
        await wishes.AskAsync(client, HealthWishKind.History, CancellationToken.None);
        return new RecomputationOutcome.Accepted(open);
    }
}

/// <summary>What asking for history to be recomputed came to.</summary>
public abstract record RecomputationOutcome
{
    private RecomputationOutcome()
    {
    }

    /// <summary>It is taken in, and is to be started.</summary>
    /// <param name="Asked">As it stands.</param>
    public sealed record Accepted(Recomputation Asked) : RecomputationOutcome;

    /// <summary>One for other months is not done yet.</summary>
    /// <param name="Open">That one.</param>
    public sealed record AtWork(Recomputation Open) : RecomputationOutcome;

    /// <summary>A month is not over where the books are kept.</summary>
    public sealed record NotOver : RecomputationOutcome;

    /// <summary>The client has not been recalculated yet, or is gone.</summary>
    public sealed record NotJudged : RecomputationOutcome;
}
