namespace DataHealth.Local.Sandbox.Books;

/// <summary>How truth is spelled.</summary>
public sealed record TruthOptions
{
    public static TruthOptions Default { get; } = new();

    /// <summary>Decimals of UnitAmount that the reader asks for.</summary>
    public int UnitDecimals { get; init; } = 4;

    /// <summary>Leaves out the fields whose changes do not move UpdatedDateUTC (facts 2.4), which an incremental reader cannot know.</summary>
    public bool WithoutSilentFields { get; init; }

    /// <summary>Only the default list (no archived contacts, no deleted transfers).</summary>
    public bool DefaultListOnly { get; init; }
}

/// <summary>The truth of one collection.</summary>
/// <param name="Collection">Its name.</param>
/// <param name="Count">Records of the widest list (archived and deleted included).</param>
/// <param name="DefaultCount">Records of the list without any parameter.</param>
/// <param name="Checksum">Order-independent checksum over the canonical records, 32 hex digits (see <see cref="CanonicalChecksum"/>).</param>
/// <param name="ControlTotals">Sums by a name such as <c>Total/ACCREC/PAID</c> and counts such as <c>Count/ACCREC/PAID</c>.</param>
public sealed record CollectionTruth(
    string Collection, int Count, int DefaultCount, string Checksum, IReadOnlyDictionary<string, decimal> ControlTotals);

public sealed record CanonicalRecord(Guid Id, string Json);

/// <summary>A fault that the generator planted for the health checks, or what looks like one and is none.</summary>
/// <param name="Kind">The check that it is for, in kebab case, e.g. <c>duplicate-contacts</c>.</param>
/// <param name="Records">The records that make it up; none where it is about the organisation.</param>
/// <param name="Note">In words.</param>
/// <param name="Amount">The gross amount in question in base currency; null where a bookkeeper could name none.</param>
/// <param name="Subject">What it is about where no record is, e.g. <c>period-lock</c>.</param>
/// <param name="IsOfXero">QuickBooks' books cannot show it, though they can show others of its kind.</param>
public sealed record PlantedFault(string Kind, IReadOnlyList<RecordRef> Records, string Note, decimal? Amount = null, string? Subject = null, bool IsOfXero = false);
