using DataHealth.Core.Audit;
using DataHealth.Core.Practices.Members;

namespace DataHealth.Core.Practices;

/// <summary>A practice comes to be by our support, who invite its first admin (docs/decisions/0601); its admins change it.</summary>
public sealed class PracticeChanges(MemberStore members, Invitations invitations, AuditTrail audit, TimeProvider time)
{
    /// <summary>The longest name.</summary>
    public const int MostName = 200;

    /// <summary>Makes a practice and invites its first admin.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor is not our support.</exception>
    public async Task<(Practice Practice, Invitation Invitation)> CreateAsync(Actor actor, string name, string adminEmail, string adminName, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.Support);
        var practice = new PracticeId(Identifier.New(time));
        var (member, code) = invitations.New(practice, adminEmail, adminName, Role.PracticeAdmin, Permissions.None);
        if (!await members.TryCreateAsync(practice, name, member, cancellationToken))
            throw new InvalidOperationException($"Practice {practice} exists already, which an id that was just made cannot.");
        await audit.RecordAsync(actor with { Practice = practice }, AuditAction.PracticeCreated, null, after: $"{name}, first admin {adminEmail}");
        return ((await members.FindAsync(practice, cancellationToken))!, new Invitation(member, code.ToString()));
    }

    /// <summary>Gives the practice another name; null when it is gone.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor may not change the practice's settings.</exception>
    public async Task<Practice?> RenameAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.PracticeSettings);
        var before = await members.FindAsync(actor.Practice, cancellationToken);
        if (before is null || before.Name == name)
            return before;
        var renamed = await members.RenameAsync(actor.Practice, name, cancellationToken);
        await audit.RecordAsync(actor, AuditAction.PracticeChanged, null, before.Name, name);
        return renamed;
    }
}
