namespace DataHealth.Core.Ledger;

/// <summary>What writing did. New, changed, unchanged, deleted and skipped add up to the records that came (or, in a sweep, that were marked).</summary>
internal sealed record WriteCounts
{
    public int New { get; init; }

    public int Changed { get; init; }

    public int Unchanged { get; init; }

    public int Deleted { get; init; }

    public int Skipped { get; init; }

    /// <summary>Change of the number of records that the provider lists.</summary>
    public int Listed { get; init; }

    /// <summary>Change of the number of records that count as records.</summary>
    public int Held { get; init; }

    /// <summary>Records that appeared while an earlier pass was being read; see <see cref="PassWindow"/>.</summary>
    public int Appeared { get; init; }

    /// <summary>Records that entered a list of changes, or a copy, while an earlier pass was being read; see <see cref="PassWindow"/>.</summary>
    public int Entered { get; init; }

    public static WriteCounts operator +(WriteCounts left, WriteCounts right) => new()
    {
        New = left.New + right.New,
        Changed = left.Changed + right.Changed,
        Unchanged = left.Unchanged + right.Unchanged,
        Deleted = left.Deleted + right.Deleted,
        Skipped = left.Skipped + right.Skipped,
        Listed = left.Listed + right.Listed,
        Held = left.Held + right.Held,
        Appeared = left.Appeared + right.Appeared,
        Entered = left.Entered + right.Entered,
    };

    /// <summary>One record's share.</summary>
    public static WriteCounts Of(Verdict verdict, Deletion? before, Deletion after)
    {
        var listed = (after != Deletion.ByAbsence ? 1 : 0) - (before is not null and not Deletion.ByAbsence ? 1 : 0);
        var held = (after == Deletion.None ? 1 : 0) - (before == Deletion.None ? 1 : 0);
        return verdict switch
        {
            Verdict.New => new WriteCounts { New = 1, Listed = listed, Held = held },
            Verdict.Changed => new WriteCounts { Changed = 1, Listed = listed, Held = held },
            Verdict.Deleted => new WriteCounts { Deleted = 1, Listed = listed, Held = held },
            Verdict.Skipped => new WriteCounts { Skipped = 1 },
            _ => new WriteCounts { Unchanged = 1 },
        };
    }
}

/// <summary>What becomes of a record that came.</summary>
internal enum Verdict
{
    Unchanged,
    New,
    Changed,
    Deleted,
    Skipped,
}

/// <summary>
/// The time in which a pass of several pages was read. A record that appears in it may have moved another onto a page already read, with
/// a deletion elsewhere hiding the difference in the counts: then the pass proves nothing about what it did not bring.
/// </summary>
/// <param name="From">The provider's time of its first answer.</param>
/// <param name="To">The provider's time of its last answer.</param>
/// <param name="Sequence">The first sequence of the pass: what was added from it on was not known before.</param>
/// <param name="Since">From when on all that changed has to be read again to bring what slipped past; null for a first copy, after which only a full pass does.</param>
/// <param name="IsOfChanges">It read changes: there a record that is edited enters the list as a new one does.</param>
internal sealed record PassWindow(DateTimeOffset From, DateTimeOffset To, long Sequence, DateTimeOffset? Since = null, bool IsOfChanges = false)
{
    /// <summary>True for a time in which it was read, a second on either side.</summary>
    public bool Holds(DateTimeOffset? time) => time >= From.AddSeconds(-1) && time <= To.AddSeconds(1);
}
