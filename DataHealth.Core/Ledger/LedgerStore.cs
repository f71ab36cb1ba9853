namespace DataHealth.Core.Ledger;

/// <summary>Reads the copy of a client's books. Order is stable: by partition, then by id.</summary>
public sealed class LedgerStore
{
    /// <summary>A page of a dataset's records, deleted ones included.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="dataset">Which dataset.</param>
    /// <param name="continuation">From the page before; null for the first.</param>
    /// <param name="take">1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<RecordPage> ListAsync(ClientId client, string dataset, string? continuation, int take, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One record, or null.</summary>
    public Task<StoredRecord?> GetAsync(ClientId client, string dataset, string id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>All records of a dataset, deleted ones included, page by page underneath.</summary>
    public IAsyncEnumerable<StoredRecord> StreamAsync(ClientId client, string dataset, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>What changed after a sequence (0 for all), without a scan of the records.</summary>
    public Task<ChangePage> ChangedSinceAsync(ClientId client, string dataset, long sequence, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>What is held, by dataset that was ever begun.</summary>
    public Task<IReadOnlyList<DatasetCount>> CountsAsync(ClientId client, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>What is held of one dataset.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Held">Records that count as records.</param>
/// <param name="Listed">Records that the provider lists, those of deleted status included.</param>
/// <param name="UpTo">Complete up to this time of the provider; null before the first complete pass.</param>
/// <param name="Sequence">The head of its change feed.</param>
public sealed record DatasetCount(string Dataset, int Held, int Listed, DateTimeOffset? UpTo, long Sequence);
