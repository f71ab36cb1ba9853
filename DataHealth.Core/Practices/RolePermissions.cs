using static DataHealth.Core.Practices.Permissions;

namespace DataHealth.Core.Practices;

/// <summary>The one table of who may what. Every decision reads it; tests hold every endpoint to a list of expectations that was written without it.</summary>
public static class RolePermissions
{
    /// <summary>What a Standard member can be given, one by one.</summary>
    public const Permissions Privileges = ManageClients | ConnectClients | SyncClients | DismissFindings | ExportData;

    /// <summary>What our staff may do in a practice that they opened with a reason: look at it and mend its syncs. They connect, change, export and delete nothing.</summary>
    public const Permissions InsideAnotherPractice = ViewClients | SyncClients | ViewMembers | Support;

    /// <summary>What the role brings by itself. Support: in our own staff's practice, which has members and an audit but no clients.</summary>
    public static Permissions Of(Role role) => role switch
    {
        Role.Standard => ViewClients,
        Role.ClientAdmin => ViewClients | ManageClients | ConnectClients | SyncClients | DismissFindings | ExportData | DeleteClients | ViewMembers,
        Role.PracticeAdmin => ViewClients | ManageClients | ConnectClients | SyncClients | DismissFindings | ExportData | DeleteClients | ViewMembers | ManageMembers | PracticeSettings | ViewAudit | DeletePractice,
        Role.Support => Support | ViewMembers | ManageMembers | ViewAudit,
        _ => None,
    };

    /// <summary>What a member may do: the role's, and for Standard the privileges given.</summary>
    public static Permissions Of(Role role, Permissions privileges) =>
        TakesPrivileges(role) ? Of(role) | (privileges & Privileges) : Of(role);

    /// <summary>True when the role is given privileges one by one; the others have what their role brings, no more and no less.</summary>
    public static bool TakesPrivileges(Role role) => role is Role.Standard;

    /// <summary>True when the role sees every client of its practice.</summary>
    public static bool SeesAllClients(Role role) => role is Role.PracticeAdmin or Role.ClientAdmin;

    /// <summary>Who can: the roles of a practice (for what only our staff does, of our staff) that bring all of <paramref name="wanted"/> by themselves, least powerful first.</summary>
    public static IReadOnlyList<Role> With(Permissions wanted) =>
        [.. Enum.GetValues<Role>().Where(role => (Of(role) & wanted) == wanted && (role is Role.Support) == wanted.HasFlag(Support))];
}
