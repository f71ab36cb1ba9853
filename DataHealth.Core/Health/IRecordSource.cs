using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health;

/// <summary>Where the reader of a client's copy takes mapped records from, in place of the copy's rows.</summary>
internal interface IRecordSource
{
    /// <summary>Begins to read.</summary>
    /// <param name="order">The datasets, in the order in which they must be asked for, each to its end; whoever asks may stop early.</param>
    /// <param name="cancellationToken">Stops what is read ahead.</param>
    IRecordReading Begin(IReadOnlyList<Dataset> order, CancellationToken cancellationToken);
}

/// <summary>One reading.</summary>
internal interface IRecordReading : IAsyncDisposable
{
    /// <summary>All records of a dataset, as its provider's mapping makes them, without what other records tell of them.</summary>
    IAsyncEnumerable<LedgerRecord> RecordsAsync(Dataset dataset, CancellationToken cancellationToken);
}
