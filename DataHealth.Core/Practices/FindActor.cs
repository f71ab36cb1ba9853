using DataHealth.Core.Practices.Members;
using DataHealth.Core.Practices.SupportAccess;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Practices;

/// <summary>As whom a signed-in person acts.</summary>
public abstract record ActorOutcome
{
    private ActorOutcome()
    {
    }

    /// <summary>As that member.</summary>
    /// <param name="Actor">The actor, without a request id.</param>
    /// <param name="Until">When to ask again at the latest, where that is known.</param>
    public sealed record Found(Actor Actor, DateTimeOffset? Until = null) : ActorOutcome;

    /// <summary>No practice knows the person (any more), or the one that was named does not.</summary>
    public sealed record NotAMember : ActorOutcome;

    /// <summary>The person is suspended there.</summary>
    public sealed record Suspended : ActorOutcome;

    /// <summary>One of our staff, who has not opened the practice that was named, whether or not there is such a one.</summary>
    public sealed record NotOpen : ActorOutcome;

    /// <summary>The person works for several practices and must name one.</summary>
    public sealed record Several(IReadOnlyList<PracticeId> Practices) : ActorOutcome;
}

/// <summary>A person's place in a practice.</summary>
/// <param name="Member">The member.</param>
/// <param name="PracticeName">The practice's name.</param>
public sealed record Membership(Member Member, string PracticeName);

/// <summary>Finds as whom a signed-in person acts: the one place where a token's person becomes a member.</summary>
public sealed class FindActor(MemberStore members, SupportAccesses accesses, Invitations invitations, IOptions<MembersOptions> options)
{
    /// <summary>Finds the actor.</summary>
    /// <param name="person">Whom the provider vouches for.</param>
    /// <param name="chosen">The practice that the request names; null: the person's only one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ActorOutcome> ExecuteAsync(SignedInPerson person, PracticeId? chosen, CancellationToken cancellationToken)
    {
        var there = await OfAsync(person, cancellationToken);
        if (chosen is not { } practice)
        {
            var active = there.Where(member => member.State is MemberState.Active).ToList();
            return active.Count switch
            {
                1 => new ActorOutcome.Found(ActorOf(active[0])),
                0 when there.Count > 0 => new ActorOutcome.Suspended(),
                0 => new ActorOutcome.NotAMember(),
                _ => new ActorOutcome.Several([.. active.Select(member => member.Practice)]),
            };
        }
        if (there.FirstOrDefault(member => member.Practice == practice) is { } own)
            return own.State is MemberState.Active ? new ActorOutcome.Found(ActorOf(own)) : new ActorOutcome.Suspended();
        if (there.FirstOrDefault(member => member.Practice == Practice.Staff && member.State is MemberState.Active) is not { } staff)
            return new ActorOutcome.NotAMember();
        return await accesses.FindAsync(practice, staff.Id, cancellationToken) is { } access
            ? new ActorOutcome.Found(ActorOf(staff) with { Practice = practice, Permissions = RolePermissions.InsideAnotherPractice, Clients = ClientAccess.All }, access.Until)
            : new ActorOutcome.NotOpen();
    }

    /// <summary>Where the person is a member, suspended or not.</summary>
    public async Task<IReadOnlyList<Membership>> MembershipsAsync(SignedInPerson person, CancellationToken cancellationToken)
    {
        List<Membership> found = [];
        foreach (var member in await OfAsync(person, cancellationToken))
            found.Add(new Membership(member, (await members.FindAsync(member.Practice, cancellationToken))?.Name ?? ""));
        return found;
    }

    private async Task<IReadOnlyList<Member>> OfAsync(SignedInPerson person, CancellationToken cancellationToken)
    {
        List<Member> found = [];
        foreach (var (practice, id) in await members.MembershipsAsync(person, cancellationToken))
        {
            if (await members.FindAsync(practice, id, cancellationToken) is { State: MemberState.Active or MemberState.Suspended } member && member.PersonKey == person.Key)
                found.Add(member);
        }
        return found.Count == 0 && await FirstOfStaffAsync(person, cancellationToken) is { } first ? [first] : found;
    }

    // Somebody must be first, and cannot be invited. Only while our staff has nobody at all.
    private async Task<Member?> FirstOfStaffAsync(SignedInPerson person, CancellationToken cancellationToken)
    {
        if (options.Value.FirstSupportEmail is not { Length: > 0 } email || !person.Has(email) || await members.FindAsync(Practice.Staff, cancellationToken) is not null)
            return null;
        var member = invitations.New(Practice.Staff, email.ToLowerInvariant(), person.Name, Role.Support, Permissions.None).Member
            with
        { State = MemberState.Active, PersonKey = person.Key, InvitationHash = null, InvitationEnds = null };
        await members.PointAsync(person, member, cancellationToken);
        return await members.TryCreateAsync(Practice.Staff, "Support", member, cancellationToken) ? member : null;
    }

    private static Actor ActorOf(Member member) => new(member.Practice, member.Id, member.Name, member.Role, member.Permissions, member.Clients, "");
}
