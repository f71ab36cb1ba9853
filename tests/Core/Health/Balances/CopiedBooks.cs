using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Tests.Providers.Suite;

namespace DataHealth.Core.Tests.Health.Balances;

/// <summary>A company's copied books put through the accumulators, each record once.</summary>
internal sealed class CopiedBooks
{
    private CopiedBooks(BooksFrame frame, IEnumerable<LedgerRecord> records)
    {
        (Frame, Records) = (frame, [.. records]);
        Reported = new(frame);
        foreach (var record in Records)
            Reported.Add(record);
        (Items, Tax) = (new(frame, Reported.MonthEnds), new(frame));
        var postings = new Postings(frame);
        foreach (var record in Records)
        {
            Items.Add(record);
            Tax.Add(record);
            postings.Add(record);
        }

        Explained = postings.Complete();
    }

    public BooksFrame Frame { get; }

    public IReadOnlyList<LedgerRecord> Records { get; }

    public MonthEndBalances Reported { get; }

    public OpenItems Items { get; }

    public TaxTotals Tax { get; }

    public ExplainedBalances Explained { get; }

    public string CodeOf(string accountId) => Frame.Find(accountId, null)!.Code!;

    public static async Task<CopiedBooks> OfAsync(SuiteStage stage)
    {
        var provider = stage.Get<ProviderCatalog>().Get(stage.Provider.Key);
        List<LedgerRecord> records = [];
        foreach (var dataset in provider.Datasets)
        {
            await foreach (var record in stage.Get<LedgerStore>().StreamAsync(stage.Client, dataset.Name, TestContext.Current.CancellationToken))
            {
                if (!record.IsDeleted)
                    records.AddRange(provider.Ledger.Map(dataset, record.Id, record.Json.Span));
            }
        }

        return Of(records);
    }

    public static CopiedBooks Of(IReadOnlyCollection<LedgerRecord> records)
    {
        var (links, frame) = (new LedgerLinks(), new BooksFrame());
        foreach (var record in records)
            links.Add(record);
        var linked = records.Select(links.Apply).ToList();
        linked.ForEach(frame.Add);
        return new(frame, linked);
    }
}
