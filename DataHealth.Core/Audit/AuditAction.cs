namespace DataHealth.Core.Audit;

/// <summary>What a person did. The name is stored and shown; it never changes its meaning.</summary>
public enum AuditAction
{
    /// <summary>Added a client.</summary>
    ClientAdded,

    /// <summary>Gave a client another name.</summary>
    ClientRenamed,

    /// <summary>Changed another field of a client (account manager, favourite).</summary>
    ClientChanged,

    /// <summary>Asked for a client to be deleted.</summary>
    ClientDeleted,

    /// <summary>Asked for a client's data to be deleted; the client stays.</summary>
    ClientDataDeleted,

    /// <summary>Took out everything that is held about a client.</summary>
    ClientExported,

    /// <summary>Began a consent at a provider.</summary>
    ConnectStarted,

    /// <summary>Connected a client to an organisation.</summary>
    Connected,

    /// <summary>Took a connection over that somebody else had authorised.</summary>
    ConnectionTakenOver,

    /// <summary>Disconnected a client.</summary>
    Disconnected,

    /// <summary>Pressed Sync.</summary>
    SyncRequested,

    /// <summary>Replayed a run.</summary>
    RunReplayed,

    /// <summary>Ended a run.</summary>
    RunTerminated,

    /// <summary>Let a paused run go on.</summary>
    RunResumed,

    /// <summary>Let syncs leave out a record.</summary>
    RecordSkipped,

    /// <summary>Let syncs read a record again that was left out.</summary>
    RecordUnskipped,

    /// <summary>Began a replay of many runs.</summary>
    BulkReplayStarted,

    /// <summary>Dismissed a finding.</summary>
    FindingDismissed,

    /// <summary>Opened a dismissed finding again.</summary>
    FindingReopened,

    /// <summary>Made a link that shows a client's overview without a sign-in.</summary>
    OverviewShared,

    /// <summary>Took such a link back.</summary>
    OverviewShareRevoked,

    /// <summary>Took a client's overview or findings out as a file.</summary>
    HealthExported,

    /// <summary>Pressed Recalculate.</summary>
    HealthRecalculated,

    /// <summary>Had past month-ends judged anew by the rules of that day.</summary>
    HistoryRecomputed,

    /// <summary>Set a notice aside.</summary>
    NoticeDismissed,

    /// <summary>Invited a person.</summary>
    MemberInvited,

    /// <summary>Took an invitation back.</summary>
    InvitationWithdrawn,

    /// <summary>Accepted an invitation.</summary>
    InvitationAccepted,

    /// <summary>Changed a member's role or privileges.</summary>
    MemberChanged,

    /// <summary>Suspended a member.</summary>
    MemberSuspended,

    /// <summary>Let a suspended member in again.</summary>
    MemberReinstated,

    /// <summary>Removed a member.</summary>
    MemberRemoved,

    /// <summary>Gave or withdrew a member's access to clients.</summary>
    ClientAccessChanged,

    /// <summary>Made a practice.</summary>
    PracticeCreated,

    /// <summary>Changed the practice's name or settings.</summary>
    PracticeChanged,

    /// <summary>Asked for the practice to be deleted.</summary>
    PracticeDeleted,

    /// <summary>Our support opened the practice, with a reason and until a time.</summary>
    SupportAccessOpened,

    /// <summary>Our support closed the practice again before that time.</summary>
    SupportAccessClosed,

    /// <summary>Took the audit out.</summary>
    AuditExported,
}
