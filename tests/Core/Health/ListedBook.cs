using System.Runtime.CompilerServices;
using DataHealth.Core.Health;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Tests.Health;

/// <summary>Books that a test lists record by record.</summary>
internal sealed class ListedBook(params IEnumerable<LedgerRecord> records) : ILedgerReader
{
    private readonly List<LedgerRecord> _records = [.. records];

    public IReadOnlySet<Capability> Capabilities { get; init; } = Enum.GetValues<Capability>().ToHashSet();

    public IReadOnlyList<DatasetCoverage> Coverage { get; init; } = [new DatasetCoverage("book", "The book", Enum.GetValues<LedgerPart>(), new DateTimeOffset(2026, 4, 6, 0, 0, 0, TimeSpan.Zero))];

    public Uri? PageOf(RecordRef record, string? shortCode) => null;

    public string? Organisation { get; init; }

    public Task<string?> OrganisationAsync(CancellationToken cancellationToken) => Task.FromResult(Organisation);

    public Task<IReadOnlyList<DatasetCoverage>> CoverageAsync(CancellationToken cancellationToken) => Task.FromResult(Coverage);

    public async IAsyncEnumerable<LedgerRecord> ReadAsync(IReadOnlySet<LedgerPart> parts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var record in _records.Where(record => parts.Contains(HealthEngine.PartOf(record))).OrderBy(WrittenBook.Rank))
            yield return record;
    }
}
