namespace DataHealth.Core.Ledger;

/// <summary>A record of the books as the rest of the product sees it: one meaning for every provider. It is mapped from the provider's JSON on read; what is kept of that is kept for one build (<see cref="Health.Mapped.MappedBooks"/>).</summary>
public abstract record LedgerRecord
{
    /// <summary>
    /// By which other ledger records name it. The provider's id; where several of a provider's datasets make the same kind of record (QuickBooks: customers, vendors and employees are contacts),
    /// with the provider's name of the kind in front: <c>customer-58</c>.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>When the provider last changed it, where it says so.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>Maps a provider's own JSON to ledger records. Pure: the same bytes always give the same records.</summary>
public interface ILedgerMapping
{
    /// <summary>Maps one stored record.</summary>
    /// <param name="dataset">One of the provider's datasets.</param>
    /// <param name="id">The record's id as stored (<see cref="Providers.SourceRecord.Id"/>).</param>
    /// <param name="json">The provider's own JSON.</param>
    /// <returns>One record; a report gives one <see cref="AccountBalance"/> for each account and column.</returns>
    /// <exception cref="System.Text.Json.JsonException">The JSON is not what the provider documents.</exception>
    IReadOnlyList<LedgerRecord> Map(Providers.Dataset dataset, string id, ReadOnlySpan<byte> json);
}
