using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health;

/// <summary>Books to be judged: one client's copy (<see cref="LedgerStoreReader"/>), or books that a test wrote down.</summary>
public interface ILedgerReader
{
    /// <summary>What these books can tell.</summary>
    IReadOnlySet<Capability> Capabilities { get; }

    /// <summary>Where a person sees a record at the provider; null where there is no page for it.</summary>
    Uri? PageOf(RecordRef record, string? shortCode);

    /// <summary>Whose books they are, provider and id; null where nothing was read yet. A copy that is on its way to other books names both.</summary>
    Task<string?> OrganisationAsync(CancellationToken cancellationToken);

    /// <summary>Which datasets there are, and up to when each is complete.</summary>
    Task<IReadOnlyList<DatasetCoverage>> CoverageAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The records of the parts asked for, each dataset once, with what other records tell of them (<see cref="LedgerLinks"/>). The chart comes first (organisation, accounts, tax rates), since all
    /// else is looked up in it; then what tells of other records (<see cref="LedgerPart.Links"/>, attachments, reconciliation); then the other parts in the order of <see cref="LedgerPart"/>. Within a
    /// part the order means nothing. Records that are gone at the provider without a trace do not come; those of a deleted or voided status do.
    /// </summary>
    IAsyncEnumerable<LedgerRecord> ReadAsync(IReadOnlySet<LedgerPart> parts, CancellationToken cancellationToken);
}

/// <summary>How far a dataset is copied.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Title">What a person reads.</param>
/// <param name="Parts">What it makes.</param>
/// <param name="UpTo">Complete up to this time of the provider; null: never copied to its end.</param>
public sealed record DatasetCoverage(string Dataset, string Title, IReadOnlyList<LedgerPart> Parts, DateTimeOffset? UpTo);
