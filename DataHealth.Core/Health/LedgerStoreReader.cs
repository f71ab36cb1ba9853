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

    // Where mapped records come from; null: from the rows.
    private IRecordSource? _source;

    internal IAccountingProvider Provider => provider;

    internal ClientId Client => client;

    internal LedgerStore Ledger => ledger;

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
        // Whatever tells of others is read whoever asks; of the rest what is asked for.
        var order = InTurn(provider.Datasets.Where(dataset => dataset.Parts.Count > 0 && (StageOf(dataset) != Stage.Others || dataset.Parts.Any(parts.Contains)))).ToList();
        var stages = order.ToLookup(StageOf);
        await using var reading = _source?.Begin(order, cancellationToken);
        foreach (var dataset in stages[Stage.Chart])
        {
            await foreach (var record in RecordsAsync(reading, dataset, cancellationToken))
            {
                links.Add(record);
                chart.Add((dataset, record));
            }
        }
        foreach (var dataset in stages[Stage.Links])
        {
            await foreach (var record in RecordsAsync(reading, dataset, cancellationToken))
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
        foreach (var dataset in stages[Stage.ManyLinks])
        {
            await foreach (var record in RecordsAsync(reading, dataset, cancellationToken))
            {
                links.Add(record);
                if (dataset.Parts.Any(parts.Contains))
                    yield return record;
            }
        }
        foreach (var dataset in stages[Stage.Others])
        {
            await foreach (var record in RecordsAsync(reading, dataset, cancellationToken))
                yield return links.Apply(record);
        }
    }

    /// <summary>Datasets in the order in which they are read: the chart, what tells of other records, the others, each stage by its parts.</summary>
    internal static IEnumerable<Dataset> InTurn(IEnumerable<Dataset> datasets) => datasets.OrderBy(StageOf).ThenBy(dataset => dataset.Parts.Min());

    /// <summary>The same books, their records taken from somewhere else.</summary>
    internal LedgerStoreReader From(IRecordSource source) => new(ledger, provider, client) { _source = source };

    /// <summary>What a dataset's rows hold: each stored record's id with what the provider's mapping makes of it.</summary>
    internal async IAsyncEnumerable<(string Id, IReadOnlyList<LedgerRecord> Records)> RowsAsync(Dataset dataset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in ledger.StreamAsync(client, dataset.Name, cancellationToken))
        {
            if (Map(dataset, stored) is { Count: > 0 } records)
                yield return (stored.Id, records);
        }
    }

    /// <summary>What the provider's mapping makes of a stored record; of one that the provider no longer has nothing: our copy keeps what it was.</summary>
    internal IReadOnlyList<LedgerRecord> Map(Dataset dataset, StoredRecord stored) => stored.Deletion == Deletion.ByAbsence ? [] : provider.Ledger.Map(dataset, stored.Id, stored.Json.Span);

    private static Stage StageOf(Dataset dataset) =>
        dataset.Parts.Any(ChartParts.Contains) ? Stage.Chart
        : dataset.Parts.Contains(LedgerPart.Links) ? Stage.Links
        : dataset.Parts.Any(ManyLinkParts.Contains) ? Stage.ManyLinks
        : Stage.Others;

    private IAsyncEnumerable<LedgerRecord> RecordsAsync(IRecordReading? reading, Dataset dataset, CancellationToken cancellationToken) =>
        reading?.RecordsAsync(dataset, cancellationToken) ?? RecordsAsync(dataset, cancellationToken);

    private async IAsyncEnumerable<LedgerRecord> RecordsAsync(Dataset dataset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (_, records) in RowsAsync(dataset, cancellationToken))
        {
            foreach (var record in records)
                yield return record;
        }
    }

    private enum Stage
    {
        Chart,
        Links,
        ManyLinks,
        Others,
    }
}
