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
    // They may be as many as the documents, and tell nothing of the chart: read once, kept in what they tell.
    private static readonly LedgerPart[] ManyLinkParts = [LedgerPart.Attachments, LedgerPart.Reconciliation];

    // They are told of by others: held until all of that is known. What tells of them is held as well, since it comes after them; both are small.
    private static readonly LedgerPart[] ChartParts = [LedgerPart.Organisation, LedgerPart.Accounts, LedgerPart.TaxRates];

    /// <inheritdoc />
    public IReadOnlySet<Capability> Capabilities => provider.Capabilities;

    /// <inheritdoc />
    public Uri? PageOf(RecordRef record, string? shortCode) => provider.PageOf(record, shortCode);

    /// <inheritdoc />
    public async Task<string?> OrganisationAsync(CancellationToken cancellationToken)
    {
        // What was copied from a provider that was left stands beside it.
        var own = provider.Datasets.Select(dataset => dataset.Name).ToHashSet(StringComparer.Ordinal);
        var told = (await ledger.CountsAsync(client, cancellationToken)).Where(count => own.Contains(count.Dataset)).Select(count => count.Organisation).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return told.Count == 0 ? null : string.Join(' ', told);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<DatasetCoverage>> CoverageAsync(CancellationToken cancellationToken)
    {
        var held = (await ledger.CountsAsync(client, cancellationToken)).ToDictionary(count => count.Dataset, count => count.UpTo, StringComparer.Ordinal);
        return [.. provider.Datasets.Where(dataset => dataset.Parts.Count > 0).Select(dataset => new DatasetCoverage(dataset.Name, dataset.Title, dataset.Parts, held.GetValueOrDefault(dataset.Name)))];
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<LedgerRecord> ReadAsync(IReadOnlySet<LedgerPart> parts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (links, chart, tellers) = (new LedgerLinks(), new List<(Dataset Dataset, LedgerRecord Record)>(), new List<LedgerRecord>());
        foreach (var dataset in Of(ChartParts).OrderBy(dataset => dataset.Parts.Min()))
        {
            await foreach (var record in RecordsAsync(dataset, cancellationToken))
            {
                links.Add(record);
                chart.Add((dataset, record));
            }
        }
        foreach (var dataset in Of([LedgerPart.Links]))
        {
            await foreach (var record in RecordsAsync(dataset, cancellationToken))
            {
                links.Add(record);
                if (dataset.Parts.Any(parts.Contains))
                    tellers.Add(record);
            }
        }

        foreach (var (dataset, record) in chart)
        {
            if (dataset.Parts.Any(parts.Contains))
                yield return links.Apply(record);
        }
        foreach (var record in tellers)
            yield return record;
        foreach (var dataset in Of(ManyLinkParts))
        {
            await foreach (var record in RecordsAsync(dataset, cancellationToken))
            {
                links.Add(record);
                if (dataset.Parts.Any(parts.Contains))
                    yield return record;
            }
        }
        LedgerPart[] told = [.. ChartParts, LedgerPart.Links, .. ManyLinkParts];
        foreach (var dataset in Of(parts).Where(dataset => !dataset.Parts.Any(told.Contains)).OrderBy(dataset => dataset.Parts.Min()))
        {
            await foreach (var record in RecordsAsync(dataset, cancellationToken))
                yield return links.Apply(record);
        }
    }

    private IEnumerable<Dataset> Of(IEnumerable<LedgerPart> parts) => provider.Datasets.Where(dataset => dataset.Parts.Any(parts.Contains));

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
