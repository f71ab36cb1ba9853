using System.Runtime.CompilerServices;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health;

/// <summary>A client's copy as books to be judged.</summary>
/// <param name="ledger">The copy.</param>
/// <param name="provider">The provider whose books they are.</param>
/// <param name="client">Whose.</param>
public sealed class LedgerStoreReader(LedgerStore ledger, IAccountingProvider provider, ClientId client) : ILedgerReader
{
    private static readonly LedgerPart[] LinkParts = [LedgerPart.Links, LedgerPart.Attachments, LedgerPart.Reconciliation];

    // They tell of others as well, and are told of: held until all is known. A chart is small.
    private static readonly LedgerPart[] ChartParts = [LedgerPart.Accounts, LedgerPart.TaxRates];

    /// <inheritdoc />
    public IReadOnlySet<Capability> Capabilities => provider.Capabilities;

    /// <inheritdoc />
    public Uri? PageOf(RecordRef record, string? shortCode) => provider.PageOf(record, shortCode);

    /// <inheritdoc />
    public async Task<IReadOnlyList<DatasetCoverage>> CoverageAsync(CancellationToken cancellationToken)
    {
        var held = (await ledger.CountsAsync(client, cancellationToken)).ToDictionary(count => count.Dataset, count => count.UpTo, StringComparer.Ordinal);
        return [.. provider.Datasets.Where(dataset => dataset.Parts.Count > 0).Select(dataset => new DatasetCoverage(dataset.Name, dataset.Title, dataset.Parts, held.GetValueOrDefault(dataset.Name)))];
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<LedgerRecord> ReadAsync(IReadOnlySet<LedgerPart> parts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (links, chart) = (new LedgerLinks(), new Dictionary<string, List<LedgerRecord>>(StringComparer.Ordinal));
        foreach (var dataset in provider.Datasets.Where(dataset => dataset.Parts.Any(part => ChartParts.Contains(part))))
        {
            var held = chart[dataset.Name] = [];
            await foreach (var record in RecordsAsync(dataset, cancellationToken))
            {
                links.Add(record);
                held.Add(record);
            }
        }
        foreach (var dataset in provider.Datasets.Where(dataset => dataset.Parts.Any(part => LinkParts.Contains(part))))
        {
            await foreach (var record in RecordsAsync(dataset, cancellationToken))
            {
                links.Add(record);
                if (dataset.Parts.Any(parts.Contains))
                    yield return record;
            }
        }
        foreach (var dataset in provider.Datasets.Where(dataset => dataset.Parts.Any(parts.Contains) && !dataset.Parts.Any(part => LinkParts.Contains(part))).OrderBy(dataset => dataset.Parts.Min()))
        {
            await foreach (var record in chart.TryGetValue(dataset.Name, out var held) ? held.ToAsyncEnumerable() : RecordsAsync(dataset, cancellationToken))
                yield return links.Apply(record);
        }
    }

    private async IAsyncEnumerable<LedgerRecord> RecordsAsync(Dataset dataset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in ledger.StreamAsync(client, dataset.Name, cancellationToken))
        {
            // Our copy keeps what a record was that the provider no longer has.
            if (stored.Deletion == Deletion.ByAbsence)
                continue;
            foreach (var record in provider.Ledger.Map(dataset, stored.Id, stored.Json.Span))
                yield return record;
        }
    }
}
