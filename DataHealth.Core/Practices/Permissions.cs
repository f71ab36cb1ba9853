namespace DataHealth.Core.Practices;

/// <summary>What a member may do. Who may what stands in one table: <see cref="RolePermissions"/>.</summary>
[Flags]
public enum Permissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>See clients and their data, within <see cref="ClientAccess"/>.</summary>
    ViewClients = 1 << 0,

    /// <summary>Add and rename clients, set their account manager.</summary>
    ManageClients = 1 << 1,

    /// <summary>Connect, reconnect, take over and disconnect clients.</summary>
    ConnectClients = 1 << 2,

    /// <summary>Start a sync.</summary>
    SyncClients = 1 << 3,

    /// <summary>Dismiss findings and notices.</summary>
    DismissFindings = 1 << 4,

    /// <summary>Take data out: exports of a client.</summary>
    ExportData = 1 << 5,

    /// <summary>Delete clients and their data.</summary>
    DeleteClients = 1 << 6,

    /// <summary>See who is in the practice and what they may do.</summary>
    ViewMembers = 1 << 7,

    /// <summary>Invite, change, suspend and remove members, and say which clients they may see.</summary>
    ManageMembers = 1 << 8,

    /// <summary>See and change the practice's name, settings, retention and cost ledger.</summary>
    PracticeSettings = 1 << 9,

    /// <summary>Read and export the audit.</summary>
    ViewAudit = 1 << 10,

    /// <summary>Delete the practice.</summary>
    DeletePractice = 1 << 11,

    /// <summary>Our own staff: see, replay, end and skip failed runs across practices, open a time-boxed access to a practice, make practices.</summary>
    Support = 1 << 12,

    /// <summary>Everything of a practice; nothing of our staff.</summary>
    All = ViewClients | ManageClients | ConnectClients | SyncClients | DismissFindings | ExportData | DeleteClients
        | ViewMembers | ManageMembers | PracticeSettings | ViewAudit | DeletePractice,
}
