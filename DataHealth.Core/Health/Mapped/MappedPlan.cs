using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Health.Mapped;

/// <summary>How one pass reads one dataset: from what is kept and what changed since, or from its rows.</summary>
/// <param name="Dataset">Which.</param>
/// <param name="State">How far it was when the pass began; null where it was never begun.</param>
internal sealed record MappedPlan(Dataset Dataset, DatasetState? State)
{
    /// <summary>Goes on until it is known whether what is kept fits, and what changed since: before that nothing else here may be looked at.</summary>
    public Task Following { get; set; } = Task.CompletedTask;

    /// <summary>What is kept of it; null: its rows are read.</summary>
    public MappedDataset? Kept { get; set; }

    /// <summary>What changed since the kept bodies were written, by stored id; nothing for a record that is gone.</summary>
    public Dictionary<string, IReadOnlyList<LedgerRecord>> Changed { get; } = new(StringComparer.Ordinal);

    /// <summary>Something changed since it was kept.</summary>
    public bool IsMoved { get; set; }

    /// <summary>Its rows, mapped, where they are few: a recalculation asks for the chart twice, first for what day it is there.</summary>
    public List<(string Id, IReadOnlyList<LedgerRecord> Records)>? Few { get; set; }

    /// <summary>Its rows were read: nothing was kept, or it did not fit.</summary>
    public bool IsReadWhole { get; set; }

    /// <summary>Records and lines of what changed: what it takes in memory.</summary>
    public int Lines => Changed.Values.Sum(records => records.Sum(record => 1 + LinesOf(record)));

    /// <summary>What this pass has written of it.</summary>
    public MappedDataset? Written { get; set; }

    /// <summary>
    /// True where what is kept and the change feed together are the dataset: copied to its end once, the same books, no row of the feed gone since, no going back. Where nothing is said to have changed, the counts must be
    /// those of then.
    /// </summary>
    public static bool Fits(MappedDataset kept, DatasetState state) =>
        state.Watermark is not null && kept.Organisation == state.Organisation && kept.Buckets == state.Buckets && kept.Sequence >= state.FeedFloor
        && (kept.Sequence < state.Sequence || (kept.Sequence == state.Sequence && kept.Held == state.Held && kept.Listed == state.Listed));

    /// <summary>Reads its rows after all.</summary>
    public void Forget()
    {
        (Kept, Written, Few, IsMoved) = (null, null, null, false);
        Changed.Clear();
    }

    /// <summary>What is kept of it now.</summary>
    public MappedDataset Describe(IReadOnlyList<string> bodies) => new()
    {
        Name = Dataset.Name,
        Sequence = State!.Sequence,
        Organisation = State.Organisation,
        Buckets = State.Buckets,
        Held = State.Held,
        Listed = State.Listed,
        Bodies = bodies,
    };

    private static int LinesOf(LedgerRecord record) => record switch
    {
        LedgerDocument document => document.Lines.Count,
        LedgerBankEntry entry => entry.Lines.Count,
        LedgerJournal journal => journal.Lines.Count,
        _ => 0,
    };
}
