namespace DataHealth.Core.Ledger;

/// <summary>A record of the copy: the provider's own JSON with what we know about it.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="UpdatedAt">The provider's time of last change, where it gives one.</param>
/// <param name="Deletion">Whether and how we know that it is gone.</param>
/// <param name="FirstSeen">The run that brought it.</param>
/// <param name="LastChanged">The run that last changed it here.</param>
/// <param name="Json">The provider's JSON, byte for byte.</param>
public sealed record StoredRecord(string Id, DateTimeOffset? UpdatedAt, Deletion Deletion, RunId FirstSeen, RunId LastChanged, ReadOnlyMemory<byte> Json)
{
    /// <summary>It no longer counts as a record of the books; kept for its history.</summary>
    public bool IsDeleted => Deletion != Deletion.None;
}

/// <summary>How we know that a record is gone.</summary>
public enum Deletion
{
    /// <summary>It is there.</summary>
    None,

    /// <summary>The provider still lists it, with a status that says so.</summary>
    ByStatus,

    /// <summary>The provider no longer lists it: a complete full pass did not bring it, or the provider reported that it is gone. Our copy keeps what it was.</summary>
    ByAbsence,
}

/// <summary>One page of stored records in the copy's stable order.</summary>
/// <param name="Records">The records.</param>
/// <param name="Continuation">Pass it to read on; null at the end.</param>
public sealed record RecordPage(IReadOnlyList<StoredRecord> Records, string? Continuation);

/// <summary>What changed in a dataset after a sequence.</summary>
/// <param name="Changes">Ids, oldest first; an id can come several times, and one whose page was written twice after a crash comes though nothing changed.</param>
/// <param name="Sequence">Ask from here next time.</param>
/// <param name="HasMore">There is more now.</param>
/// <param name="MustRescan">What lies between was compacted away: read the whole dataset, then go on from <paramref name="Sequence"/>.</param>
public sealed record ChangePage(IReadOnlyList<RecordChange> Changes, long Sequence, bool HasMore, bool MustRescan);

/// <summary>One change.</summary>
/// <param name="Id">Which record.</param>
/// <param name="Kind">What happened to it.</param>
public readonly record struct RecordChange(string Id, ChangeKind Kind);

/// <summary>What happened to a record in the copy.</summary>
public enum ChangeKind
{
    /// <summary>It was not there before.</summary>
    New,

    /// <summary>Its content changed.</summary>
    Changed,

    /// <summary>It is gone at the provider.</summary>
    Deleted,
}
