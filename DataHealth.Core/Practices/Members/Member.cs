using Azure;

namespace DataHealth.Core.Practices.Members;

/// <summary>A person of a practice.</summary>
/// <param name="Practice">The practice.</param>
/// <param name="Id">The member.</param>
public sealed record Member(PracticeId Practice, MemberId Id)
{
    /// <summary>The name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The address that the invitation is bound to; lower-case.</summary>
    public string Email { get; init; } = "";

    /// <summary>Where the member stands.</summary>
    public MemberState State { get; init; }

    /// <summary>The role.</summary>
    public Role Role { get; init; }

    /// <summary>What a Standard member was given one by one; nothing for the other roles.</summary>
    public Permissions Privileges { get; init; }

    /// <summary>Which clients a Standard member was given; kept for the other roles too, which see all.</summary>
    public ClientAccess Given { get; init; } = ClientAccess.None;

    /// <summary>When the invitation was made.</summary>
    public DateTimeOffset InvitedAt { get; init; }

    /// <summary>Until when the invitation can be accepted.</summary>
    public DateTimeOffset? InvitationEnds { get; init; }

    /// <summary>When the state was entered.</summary>
    public DateTimeOffset Since { get; init; }

    internal string? InvitationHash { get; init; }

    internal string? PersonKey { get; init; }

    internal ETag ETag { get; init; }

    /// <summary>Changes with every change of the member; opaque.</summary>
    public string Version => ETag.ToString();

    /// <summary>What the member may do while active.</summary>
    public Permissions Permissions => RolePermissions.Of(Role, Privileges);

    /// <summary>Which clients exist for the member while active.</summary>
    public ClientAccess Clients => RolePermissions.SeesAllClients(Role) ? ClientAccess.All : Given;

    /// <summary>True for whom a practice must never be without: an active admin (of our staff: anyone).</summary>
    internal bool IsKeeper => State is MemberState.Active && Role is Role.PracticeAdmin or Role.Support;

    internal string Words => Role is Role.Standard && Privileges != Permissions.None ? $"{Role} ({Privileges})" : $"{Role}";
}

/// <summary>Where a member stands.</summary>
public enum MemberState
{
    /// <summary>Invited; nobody has accepted yet.</summary>
    Invited,

    /// <summary>Works in the practice.</summary>
    Active,

    /// <summary>Kept out for a time; can be let in again.</summary>
    Suspended,

    /// <summary>Gone. The row stays, so that what they did keeps its author.</summary>
    Removed,
}

/// <summary>How a change of a member ended.</summary>
public abstract record MemberOutcome
{
    private MemberOutcome()
    {
    }

    /// <summary>Done, also when it was so already.</summary>
    public sealed record Done(Member Member) : MemberOutcome;

    /// <summary>No such member in this practice.</summary>
    public sealed record Unknown : MemberOutcome;

    /// <summary>Nobody would be left who can manage the practice.</summary>
    public sealed record LastAdmin : MemberOutcome;

    /// <summary>Someone else changed the member since it was read.</summary>
    public sealed record Changed : MemberOutcome;

    /// <summary>Not in that state, e.g. letting in somebody who was removed.</summary>
    public sealed record WrongState(MemberState State) : MemberOutcome;

    /// <summary>The practice does not have that role.</summary>
    public sealed record WrongRole : MemberOutcome;

    /// <summary>Privileges were given for a role that takes none.</summary>
    public sealed record NoPrivileges(Role Role) : MemberOutcome;
}
