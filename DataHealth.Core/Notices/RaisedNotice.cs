namespace DataHealth.Core.Notices;

/// <summary>What can need a person.</summary>
public enum NoticeKind
{
    /// <summary>The connection is proven dead; a new consent mends it.</summary>
    ReconnectNeeded,

    /// <summary>The access or the consent ends soon.</summary>
    AccessExpiring,

    /// <summary>Syncs failed on three days in a row.</summary>
    FailedThreeNights,

    /// <summary>A sync has been waiting for a limit for more than a day.</summary>
    PausedForADay,

    /// <summary>The client's and the organisation's names differ: probably the wrong books.</summary>
    NameMismatch,
}

/// <summary>A notice as it stands on its client's summary.</summary>
/// <param name="Kind">What needs a person.</param>
/// <param name="RaisedAt">When it was first seen; it is raised once and stays until its cause is gone.</param>
public sealed record RaisedNotice(NoticeKind Kind, DateTimeOffset RaisedAt);
