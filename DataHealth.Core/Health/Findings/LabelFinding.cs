using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Health.Findings;

/// <summary>Tags a finding and gives it to a member to look after. Stays with the finding's id, also while it is not found.</summary>
public sealed class LabelFinding(ReadHealth health, NoteStore notes)
{
    /// <summary>Labels it.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Of which client; the caller has checked that the member may see it.</param>
    /// <param name="finding">Its id.</param>
    /// <param name="tags">Null: as they are.</param>
    /// <param name="assignTo">Null: as it is; an id without text: nobody. The caller has checked that it is a member of the practice.</param>
    /// <param name="cancellationToken">Cancels what comes before the write.</param>
    /// <returns>Null when there is no such finding.</returns>
    /// <exception cref="UnauthorizedAccessException">The member may not.</exception>
    public async Task<FindingLabel?> ExecuteAsync(Actor actor, ClientId client, string finding, IReadOnlyCollection<string>? tags, MemberId? assignTo, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.DismissFindings);
        if (await health.ExecuteAsync(client, actor.Practice, cancellationToken) is not { } standing || standing.Health.Find(finding) is null)
            return null;
        // From here on whoever asked may go away.
        return await notes.LabelAsync(
            client, finding,
            before => before with
            {
                Tags = tags is null ? before.Tags : [.. tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                AssignedTo = assignTo is { } member ? member.Value is { Length: > 0 } ? member : null : before.AssignedTo,
            },
            CancellationToken.None);
    }
}
