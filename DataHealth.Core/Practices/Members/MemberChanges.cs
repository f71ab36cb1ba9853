using DataHealth.Core.Audit;

namespace DataHealth.Core.Practices.Members;

/// <summary>Changes of members by those who may manage them. None can leave a practice without an active admin.</summary>
public sealed class MemberChanges(MemberStore members, AuditTrail audit)
{
    /// <summary>Most clients in one change of access.</summary>
    public const int MostClients = 1000;

    /// <summary>Changes name, role and privileges; what is null stays. A role that takes no privileges loses those of before.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor may not manage members.</exception>
    public async Task<MemberOutcome> ChangeAsync(
        Actor actor, MemberId member, string? version, string? name, Role? role, Permissions? privileges, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageMembers);
        var before = "";
        var outcome = await members.ChangeAsync(actor.Practice, member, version, current =>
        {
            var wanted = role ?? current.Role;
            if (current.State is MemberState.Removed)
                return (null, new MemberOutcome.WrongState(current.State));
            if (!Invitations.Fits(actor.Practice, wanted))
                return (null, new MemberOutcome.WrongRole());
            if (privileges is not (null or Permissions.None) && !RolePermissions.TakesPrivileges(wanted))
                return (null, new MemberOutcome.NoPrivileges(wanted));
            before = $"{current.Name}: {current.Words}";
            var next = current with
            {
                Name = name ?? current.Name,
                Role = wanted,
                Privileges = RolePermissions.TakesPrivileges(wanted) ? (privileges ?? current.Privileges) & RolePermissions.Privileges : Permissions.None,
            };
            return next == current ? (null, new MemberOutcome.Done(current)) : (next, null);
        }, cancellationToken);
        if (outcome is MemberOutcome.Done done && before != $"{done.Member.Name}: {done.Member.Words}")
            await audit.RecordAsync(actor, AuditAction.MemberChanged, null, before, $"{done.Member.Name}: {done.Member.Words}");
        return outcome;
    }

    /// <summary>Keeps an active member out until they are let in again. Their sign-in stops working within a minute.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor may not manage members.</exception>
    public Task<MemberOutcome> SuspendAsync(Actor actor, MemberId member, CancellationToken cancellationToken) =>
        MoveAsync(actor, member, MemberState.Suspended, AuditAction.MemberSuspended, state => state is MemberState.Active, cancellationToken);

    /// <summary>Lets a suspended member in again, as they were.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor may not manage members.</exception>
    public Task<MemberOutcome> ReinstateAsync(Actor actor, MemberId member, CancellationToken cancellationToken) =>
        MoveAsync(actor, member, MemberState.Active, AuditAction.MemberReinstated, state => state is MemberState.Suspended, cancellationToken);

    /// <summary>Removes a member, or withdraws an invitation. For good: they can only be invited anew.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor may not manage members.</exception>
    public async Task<MemberOutcome> RemoveAsync(Actor actor, MemberId member, CancellationToken cancellationToken)
    {
        var invited = await members.FindAsync(actor.Practice, member, cancellationToken) is { State: MemberState.Invited };
        return await MoveAsync(actor, member, MemberState.Removed, invited ? AuditAction.InvitationWithdrawn : AuditAction.MemberRemoved, _ => true, cancellationToken);
    }

    /// <summary>Gives a member clients, and withdraws others. It counts while the member is Standard; admins see all.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="member">Whose access.</param>
    /// <param name="give">At most <see cref="MostClients"/>; the caller has checked that they are the practice's.</param>
    /// <param name="withdraw">At most <see cref="MostClients"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="UnauthorizedAccessException">The actor may not manage members.</exception>
    public async Task<MemberOutcome> ChangeAccessAsync(
        Actor actor, MemberId member, IReadOnlyCollection<ClientId> give, IReadOnlyCollection<ClientId> withdraw, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageMembers);
        List<ClientId> given = [];
        List<ClientId> withdrawn = [];
        var outcome = await members.ChangeAsync(actor.Practice, member, null, current =>
        {
            if (current.State is MemberState.Removed)
                return (null, new MemberOutcome.WrongState(current.State));
            given = [.. give.Distinct().Where(client => !current.Given.Allows(client))];
            withdrawn = [.. withdraw.Distinct().Where(current.Given.Allows)];
            return given.Count + withdrawn.Count == 0
                ? (null, new MemberOutcome.Done(current))
                : (current with { Given = ClientAccess.Only(current.Given.Given.Except(withdrawn).Union(given)) }, null);
        }, cancellationToken);
        if (outcome is MemberOutcome.Done done)
        {
            foreach (var client in given)
                await audit.RecordAsync(actor, AuditAction.ClientAccessChanged, client, $"{done.Member.Name}: no access", $"{done.Member.Name}: access");
            foreach (var client in withdrawn)
                await audit.RecordAsync(actor, AuditAction.ClientAccessChanged, client, $"{done.Member.Name}: access", $"{done.Member.Name}: no access");
        }
        return outcome;
    }

    /// <summary>A Standard member who adds a client sees it: nobody has to give it to them.</summary>
    public async Task KeepOwnAsync(Actor actor, ClientId client, CancellationToken cancellationToken)
    {
        if (!actor.Clients.Allows(client))
            await members.ChangeAsync(actor.Practice, actor.Member, null, current => (current with { Given = ClientAccess.Only(current.Given.Given.Append(client)) }, null), cancellationToken);
    }

    private async Task<MemberOutcome> MoveAsync(
        Actor actor, MemberId member, MemberState to, AuditAction action, Func<MemberState, bool> from, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageMembers);
        var before = to;
        var outcome = await members.ChangeAsync(actor.Practice, member, null, current =>
        {
            before = current.State;
            return current.State == to ? (null, new MemberOutcome.Done(current))
                : from(current.State) ? (current with { State = to, InvitationHash = null, InvitationEnds = null }, null)
                : (null, new MemberOutcome.WrongState(current.State));
        }, cancellationToken);
        if (outcome is MemberOutcome.Done done && before != to)
            await audit.RecordAsync(actor, action, null, $"{done.Member.Name}: {before}", $"{done.Member.Name}: {to}");
        return outcome;
    }
}
