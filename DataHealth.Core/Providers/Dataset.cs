namespace DataHealth.Core.Providers;

/// <summary>One kind of record of one provider. A provider declares its datasets as data in one place and derives from this for what only it needs (path, query).</summary>
/// <param name="Name">Stable and lower case, e.g. <c>bank-transactions</c>: part of storage keys and URLs.</param>
/// <param name="Title">What a person reads: <c>Bank transactions</c>.</param>
public abstract record Dataset(string Name, string Title)
{
    /// <summary>Which parts of the ledger it makes; none for what nothing reads.</summary>
    public IReadOnlyList<LedgerPart> Parts { get; init; } = [];

    /// <summary>Comes page by page; else in one answer.</summary>
    public bool IsPaged { get; init; }

    /// <summary>The provider can give only what changed since a time.</summary>
    public bool IsIncremental { get; init; }

    /// <summary>How often a routine sync reads it.</summary>
    public Cadence Cadence { get; init; } = Cadence.EverySync;

    /// <summary>
    /// A record that a complete full pass did not bring is deleted (the provider lists everything that exists). False where absence proves nothing.
    /// </summary>
    public bool AbsenceMeansDeleted { get; init; } = true;

    /// <summary>The provider can count all records in one cheap call, so that drift is noticed (<see cref="IBooksReader.CountAsync"/>).</summary>
    public bool IsCountable { get; init; }

    /// <summary>It is seldom more than a few pages, and small beside the others: where a page does not tell how many records there are, no call asks for it before they are read.</summary>
    public bool IsMinor { get; init; }

    /// <summary>
    /// The reader itself makes sure that no record slips between the pages of a pass (<see cref="PageOutcome.Page.Cursor"/>). What a pass of several pages did not bring is then absent,
    /// without a second look, and what appeared while it was read casts no doubt on it.
    /// </summary>
    public bool HasStablePages { get; init; }

    /// <summary>Changes come that the provider's modified time does not show, so a full pass is due every week within budget.</summary>
    public bool HasSilentChanges { get; init; }

    /// <summary>Not part of the run's success: a missing scope or right leaves it "not available" and the rest goes on. True for all but the few without which nothing makes sense.</summary>
    public bool IsOptional { get; init; } = true;
}

/// <summary>How often a routine sync reads a dataset.</summary>
public enum Cadence
{
    /// <summary>In every sync.</summary>
    EverySync,

    /// <summary>Once a week, on a day spread by client and dataset; always in a first or full sync.</summary>
    Weekly,
}
