using System.Diagnostics;
using Azure.Data.Tables;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Ledger;

[Trait("Run", "Long")]
public sealed class WriteThroughputTests(AzuriteFixture azurite)
{
    private const int Pages = 20;

    [Fact]
    public async Task Five_writers_reach_half_of_raw_batches()
    {
        // Both halves of a comparison must meet the same machine: one that something else disturbs is made again.
        var share = 0.0;
        for (var attempt = 1; share <= 0.5 && attempt <= 5; attempt++)
            share = await CompareAsync();

        share.ShouldBeGreaterThan(0.5);
    }

    private async Task<double> CompareAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient(Azurite.NewPrefix());
        await table.CreateAsync(stop);
        var pages = Enumerable.Range(0, Pages).Select(_ => Enumerable.Range(0, 1000).Select(_ => Invoice()).ToList()).ToList();

        var scope = new LedgerScope(new ClientId("c0ffee"), "invoices", 5);
        var writer = await LedgerWriter.OpenAsync(table, scope, 10, 1, 0, stop);
        await writer.WriteAsync([Invoice()], new PageWrite("r1", 0, true, null, null), stop);
        var ours = Stopwatch.StartNew();
        for (var page = 0; page < Pages; page++)
            await writer.WriteAsync(pages[page], new PageWrite("r1", page + 1, true, null, null), stop);
        ours.Stop();

        var entities = pages.SelectMany(page => page).Select((record, n) => new RecordRow(record.Id, "hash-of-22-characters-", null, Deletion.None, new string('a', 32), new string('a', 32), 1, 1, null, 0).ToRows($"raw{n % 5}", record)[0]).ToList();
        var raw = Stopwatch.StartNew();
        await Parallel.ForEachAsync(entities.GroupBy(row => row.PartitionKey), new ParallelOptions { MaxDegreeOfParallelism = 5, CancellationToken = stop }, async (rows, cancel) =>
        {
            foreach (var batch in rows.Chunk(100))
                await table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancel);
        });
        raw.Stop();

        var share = raw.Elapsed / ours.Elapsed;
        TestContext.Current.SendDiagnosticMessage($"ledger {Pages * 1000 / ours.Elapsed.TotalSeconds:F0} records/s, raw batches {Pages * 1000 / raw.Elapsed.TotalSeconds:F0} rows/s, share {share:P0}");
        return share;
    }

    private static SourceRecord Invoice()
    {
        var id = Guid.NewGuid().ToString();
        var lines = string.Join(',', Enumerable.Range(0, 3).Select(n => $$"""{"LineItemID":"{{Guid.NewGuid()}}","Description":"Flyers {{n}}","Quantity":1.0000,"UnitAmount":120.00,"LineAmount":120.00,"AccountCode":"400","TaxType":"INPUT2","TaxAmount":24.00,"Tracking":[]}"""));
        return new SourceRecord(id, DateTimeOffset.UnixEpoch, false, System.Text.Encoding.UTF8.GetBytes(
            $$"""{"InvoiceID":"{{id}}","Type":"ACCPAY","InvoiceNumber":"B-7781","Status":"AUTHORISED","Contact":{"ContactID":"{{Guid.NewGuid()}}","Name":"Harbour Print"},"Date":"\/Date(1793318400000+0000)\/","LineItems":[{{lines}}],"SubTotal":120.00,"TotalTax":24.00,"Total":144.00}"""));
    }
}
