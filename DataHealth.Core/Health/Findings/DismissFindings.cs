using DataHealth.Core.Audit;
using DataHealth.Core.Health.PracticeLevel;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Health.Findings;

/// <summary>Dismisses findings, one or fifty thousand, until their records change; and opens them again. Repeating either is harmless.</summary>
public sealed class DismissFindings(ReadHealth health, NoteStore notes, PracticeHealth practice, AuditTrail audit, TimeProvider time)
{
    private const int MostNamed = 20;

    /// <summary>Dismisses what is open.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Of which client; the caller has checked that the member may see it.</param>
    /// <param name="which">Which findings; of those named, others than open ones are left as they are.</param>
    /// <param name="reason">Why, 1 to <see cref="Dismissal.MostReason"/> characters.</param>
    /// <param name="cancellationToken">Cancels what comes before the first write.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not.</exception>
    public async Task<NoteOutcome> DismissAsync(Actor actor, ClientId client, FindingSelection which, string reason, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.DismissFindings);
        if (await health.ExecuteAsync(client, actor.Practice, cancellationToken) is not { } standing)
            return new NoteOutcome.NotJudged();
        if (which.Version is { } seen && seen != standing.Head.Version.Value)
            return new NoteOutcome.Recalculated();
        var (chosen, unknown) = which.Of(standing, FindingState.Open);
        var at = time.GetUtcNow();
        // From here on whoever asked may go away. The entry comes first: a change that is broken off must not be without one.
        await RecordAsync(actor, client, AuditAction.FindingDismissed, chosen);
        return await notes.DismissAsync(client, chosen.Select(finding => Dismissal.Of(finding, actor, at, reason)), CancellationToken.None)
            ? await DoneAsync(actor, client, chosen, unknown)
            : new NoteOutcome.NotJudged();
    }

    /// <summary>Opens what is dismissed again.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Of which client; the caller has checked that the member may see it.</param>
    /// <param name="which">Which findings; of those named, others than dismissed ones are left as they are.</param>
    /// <param name="cancellationToken">Cancels what comes before the first write.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not.</exception>
    public async Task<NoteOutcome> RestoreAsync(Actor actor, ClientId client, FindingSelection which, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.DismissFindings);
        if (await health.ExecuteAsync(client, actor.Practice, cancellationToken) is not { } standing)
            return new NoteOutcome.NotJudged();
        var (chosen, unknown) = which.Of(standing, FindingState.Dismissed);
        await RecordAsync(actor, client, AuditAction.FindingReopened, chosen);
        return await notes.RestoreAsync(client, [.. chosen.Select(finding => finding.Id)], CancellationToken.None)
            ? await DoneAsync(actor, client, chosen, unknown)
            : new NoteOutcome.NotJudged();
    }

    private async Task RecordAsync(Actor actor, ClientId client, AuditAction action, IReadOnlyList<Finding> chosen)
    {
        if (chosen.Count == 0)
            return;
        // Of the books nothing: how many of which checks, and their ids where they are few.
        var counts = string.Join(", ", chosen.GroupBy(finding => finding.Check, StringComparer.Ordinal).OrderBy(check => check.Key, StringComparer.Ordinal).Select(check => $"{check.Key}: {check.Count()}"));
        await audit.RecordAsync(actor, action, client, after: chosen.Count <= MostNamed ? $"{counts} ({string.Join(", ", chosen.Select(finding => finding.Id))})" : counts);
    }

    // Also where nothing was left to do: the time before may have been broken off here.
    private async Task<NoteOutcome> DoneAsync(Actor actor, ClientId client, IReadOnlyList<Finding> chosen, int unknown)
    {
        await practice.RefreshAsync(actor.Practice, client, CancellationToken.None);
        var now = await health.ExecuteAsync(client, actor.Practice, CancellationToken.None);
        return new NoteOutcome.Done(chosen.Count, unknown, now?.Score());
    }
}

/// <summary>Findings by their ids, or all that a query finds.</summary>
public sealed record FindingSelection
{
    /// <summary>The most ids.</summary>
    public const int MostIds = 1000;

    /// <summary>By id; null: by <see cref="Query"/>.</summary>
    public IReadOnlyCollection<string>? Ids { get; init; }

    /// <summary>The recalculation whose findings somebody looked at: what a later one has found is not dismissed unseen. Null: whatever stands.</summary>
    public string? Version { get; init; }

    /// <summary>All that it finds; where they stand is the command's matter.</summary>
    public FindingQuery Query { get; init; } = new();

    internal (IReadOnlyList<Finding> Chosen, int Unknown) Of(JudgedHealth health, FindingState state)
    {
        if (Ids is null)
            return ([.. ListFindings.Matching(health, Query with { State = state }).Select(one => one.Kept.Finding)], 0);
        var named = Ids.Distinct(StringComparer.Ordinal).Select(health.Health.Find).ToList();
        return ([.. named.OfType<KeptFinding>().Where(kept => kept.Sight == FindingSight.Found && health.StateOf(kept) == state).Select(kept => kept.Finding)], named.Count(kept => kept is null));
    }
}

/// <summary>What noting something came to.</summary>
public abstract record NoteOutcome
{
    private NoteOutcome()
    {
    }

    /// <summary>It is noted.</summary>
    /// <param name="Changed">How many findings changed their state.</param>
    /// <param name="Unknown">How many of those named there are not (any more).</param>
    /// <param name="Score">The score now.</param>
    public sealed record Done(int Changed, int Unknown, Scoring.HealthScore? Score) : NoteOutcome;

    /// <summary>A recalculation has come since they were looked at; nothing was noted.</summary>
    public sealed record Recalculated : NoteOutcome;

    /// <summary>The client has not been recalculated yet, or is gone.</summary>
    public sealed record NotJudged : NoteOutcome;
}
