using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;

namespace DataHealth.Functions.Http.Members;

/// <summary>What a Standard member can be given, one by one.</summary>
public enum Privilege
{
    /// <summary>Press Sync.</summary>
    Sync,

    /// <summary>Connect, reconnect and disconnect clients.</summary>
    Connect,

    /// <summary>Dismiss findings and notices.</summary>
    Dismiss,

    /// <summary>Take data out.</summary>
    Export,

    /// <summary>Add and rename clients.</summary>
    ManageClients,
}

/// <summary>Privileges between the API and Core.</summary>
internal static class Privileges
{
    private static readonly (Privilege Name, Permissions Permission)[] Table =
    [
        (Privilege.Sync, Permissions.SyncClients),
        (Privilege.Connect, Permissions.ConnectClients),
        (Privilege.Dismiss, Permissions.DismissFindings),
        (Privilege.Export, Permissions.ExportData),
        (Privilege.ManageClients, Permissions.ManageClients),
    ];

    public static Permissions Of(IEnumerable<Privilege> names) =>
        Table.Where(row => names.Contains(row.Name)).Aggregate(Permissions.None, (sum, row) => sum | row.Permission);

    public static IReadOnlyList<Privilege> Of(Permissions permissions) =>
        [.. Table.Where(row => permissions.HasFlag(row.Permission)).Select(row => row.Name)];
}

/// <summary>Invites a person.</summary>
public sealed record InviteInput(string? Email, string? Name, Role? Role, IReadOnlyList<Privilege>? Privileges);

/// <summary>Changes a member; what is left out stays.</summary>
public sealed record MemberInput(string? Name, Role? Role, IReadOnlyList<Privilege>? Privileges);

/// <summary>Gives and withdraws clients, by their ids.</summary>
public sealed record AccessInput(IReadOnlyList<string>? Give, IReadOnlyList<string>? Withdraw);

/// <summary>Accepts an invitation.</summary>
public sealed record AcceptInput(string? Code);

/// <summary>A member in answers.</summary>
public sealed record MemberBody(
    string Id, string Name, string Email, MemberState State, Role Role, IReadOnlyList<Privilege> Privileges, bool SeesAllClients, int? Clients, DateTimeOffset Since, DateTimeOffset? InvitationEnds)
{
    public static MemberBody Of(Member member) => new(
        member.Id.Value, member.Name, member.Email, member.State, member.Role, Members.Privileges.Of(member.Privileges), member.Clients.IsAll,
        member.Clients.IsAll ? null : member.Given.Given.Count, member.Since.ToUniversalTime(), member.InvitationEnds?.ToUniversalTime());
}

/// <summary>A page of members.</summary>
public sealed record MemberListBody(IReadOnlyList<MemberBody> Items, string? Continuation);

/// <summary>The clients that a Standard member was given.</summary>
public sealed record AccessBody(bool SeesAllClients, IReadOnlyList<string> Clients);

/// <summary>A new invitation: the link, told once, and whether it was mailed to the person; else the admin sends it on.</summary>
public sealed record InvitationBody(MemberBody Member, string Code, Uri? Link, bool IsMailed);

/// <summary>Where a person is a member.</summary>
public sealed record MembershipBody(
    string PracticeId, string PracticeName, string MemberId, MemberState State, Role Role, IReadOnlyList<Privilege> Privileges, IReadOnlyList<string> Permissions, bool SeesAllClients);

/// <summary>Who is signed in.</summary>
public sealed record MeBody(string Name, string? Email, bool IsEmailVerified, IReadOnlyList<MembershipBody> Memberships);
