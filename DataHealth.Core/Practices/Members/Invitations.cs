using DataHealth.Core.Audit;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Practices.Members;

/// <summary>A new invitation.</summary>
/// <param name="Member">The invited member.</param>
/// <param name="Code">What the link carries; told once, kept as a hash.</param>
public sealed record Invitation(Member Member, string Code);

/// <summary>How inviting ended.</summary>
public abstract record InviteOutcome
{
    private InviteOutcome()
    {
    }

    /// <summary>Invited.</summary>
    public sealed record Invited(Invitation Invitation) : InviteOutcome;

    /// <summary>Somebody with that address is a member, or invited, already.</summary>
    public sealed record Exists(Member Member) : InviteOutcome;

    /// <summary>The practice does not have that role.</summary>
    public sealed record WrongRole : InviteOutcome;

    /// <summary>Privileges were given for a role that takes none.</summary>
    public sealed record NoPrivileges(Role Role) : InviteOutcome;

    /// <summary>The practice has as many members as it can.</summary>
    public sealed record Full : InviteOutcome;

    /// <summary>The member is not invited (any more), so there is nothing to renew.</summary>
    public sealed record NotInvited(MemberState State) : InviteOutcome;

    /// <summary>No such member.</summary>
    public sealed record Unknown : InviteOutcome;
}

/// <summary>Brings people in: a link that is good once, for some days, for whoever has the invited e-mail address.</summary>
public sealed class Invitations(MemberStore members, AuditTrail audit, IOptions<MembersOptions> options, TimeProvider time)
{
    /// <summary>Invites a person.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor may not manage members.</exception>
    public async Task<InviteOutcome> InviteAsync(Actor actor, string email, string name, Role role, Permissions privileges, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageMembers);
        if (!Fits(actor.Practice, role))
            return new InviteOutcome.WrongRole();
        if (privileges is not Permissions.None && !RolePermissions.TakesPrivileges(role))
            return new InviteOutcome.NoPrivileges(role);
        var count = 0;
        await foreach (var other in members.AllAsync(actor.Practice, cancellationToken))
        {
            if (other.State is not MemberState.Removed && other.Email == email)
                return new InviteOutcome.Exists(other);
            if (++count == MemberStore.MostMembers)
                return new InviteOutcome.Full();
        }
        var (member, code) = New(actor.Practice, email, name, role, privileges);
        (member, var isNew) = await members.AddAsync(member, cancellationToken);
        if (!isNew)
            return new InviteOutcome.Exists(member);
        await audit.RecordAsync(actor, AuditAction.MemberInvited, null, after: $"{email} as {member.Words}");
        return new InviteOutcome.Invited(new Invitation(member, code.ToString()));
    }

    /// <summary>Makes a new link for somebody who has not accepted; the one before is no longer good.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor may not manage members.</exception>
    public async Task<InviteOutcome> RenewAsync(Actor actor, MemberId member, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageMembers);
        var code = InvitationCode.New(actor.Practice, member);
        var outcome = await members.ChangeAsync(actor.Practice, member, null, current => current.State is MemberState.Invited
            ? (current with { InvitationHash = code.Hash, InvitationEnds = time.GetUtcNow() + options.Value.InvitationLifetime }, null)
            : (null, new MemberOutcome.WrongState(current.State)), cancellationToken);
        if (outcome is MemberOutcome.WrongState { State: var state })
            return new InviteOutcome.NotInvited(state);
        if (outcome is not MemberOutcome.Done done)
            return new InviteOutcome.Unknown();
        await audit.RecordAsync(actor, AuditAction.MemberInvited, null, after: $"{done.Member.Email} again");
        return new InviteOutcome.Invited(new Invitation(done.Member, code.ToString()));
    }

    /// <summary>The invited person, signed in, accepts. Bringing an accepted code again is refused, also by the same person: a link is good once.</summary>
    public async Task<AcceptOutcome> AcceptAsync(SignedInPerson person, string? text, string requestId, CancellationToken cancellationToken)
    {
        if (!InvitationCode.TryRead(text, out var code)
            || await members.FindAsync(code.Practice, code.Member, cancellationToken) is not { State: MemberState.Invited } invited
            || !code.Matches(invited.InvitationHash) || invited.InvitationEnds <= time.GetUtcNow())
            return new AcceptOutcome.CodeRefused();
        if (!person.Has(invited.Email))
            return new AcceptOutcome.OtherEmail(person.IsEmailVerified);
        foreach (var (practice, other) in await members.MembershipsAsync(person, cancellationToken))
        {
            if (practice == code.Practice && await members.FindAsync(practice, other, cancellationToken) is { State: MemberState.Active or MemberState.Suspended } there && there.PersonKey == person.Key)
                return new AcceptOutcome.IsMember();
        }
        await members.PointAsync(person, invited, cancellationToken);
        var outcome = await members.ChangeAsync(code.Practice, code.Member, null, current => current.State is MemberState.Invited && code.Matches(current.InvitationHash)
            ? (current with { State = MemberState.Active, PersonKey = person.Key, InvitationHash = null, InvitationEnds = null, Name = current.Name.Length > 0 ? current.Name : person.Name }, null)
            : (null, new MemberOutcome.WrongState(current.State)), cancellationToken);
        if (outcome is not MemberOutcome.Done { Member: var member })
            return new AcceptOutcome.CodeRefused();
        await audit.RecordAsync(
            new Actor(member.Practice, member.Id, member.Name, member.Role, member.Permissions, member.Clients, requestId), AuditAction.InvitationAccepted, null, after: member.Words);
        return new AcceptOutcome.Accepted(member);
    }

    internal (Member Member, InvitationCode Code) New(PracticeId practice, string email, string name, Role role, Permissions privileges)
    {
        var id = new MemberId(Identifier.New(time));
        var code = InvitationCode.New(practice, id);
        var now = time.GetUtcNow();
        return (new Member(practice, id)
        {
            Name = name,
            Email = email,
            State = MemberState.Invited,
            Role = role,
            Privileges = RolePermissions.TakesPrivileges(role) ? privileges & RolePermissions.Privileges : Permissions.None,
            InvitedAt = now,
            InvitationEnds = now + options.Value.InvitationLifetime,
            InvitationHash = code.Hash,
            Since = now,
        }, code);
    }

    /// <summary>Our staff has one role, practices the others.</summary>
    internal static bool Fits(PracticeId practice, Role role) => (practice == Practice.Staff) == (role is Role.Support);
}

/// <summary>How accepting ended.</summary>
public abstract record AcceptOutcome
{
    private AcceptOutcome()
    {
    }

    /// <summary>A member now.</summary>
    public sealed record Accepted(Member Member) : AcceptOutcome;

    /// <summary>Not one of ours, used, replaced, withdrawn or too old.</summary>
    public sealed record CodeRefused : AcceptOutcome;

    /// <summary>The invitation is for another address than the one that the provider vouches for.</summary>
    public sealed record OtherEmail(bool IsVerified) : AcceptOutcome;

    /// <summary>The person is a member of that practice already.</summary>
    public sealed record IsMember : AcceptOutcome;
}
