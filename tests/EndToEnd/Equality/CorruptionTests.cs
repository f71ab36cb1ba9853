using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Azure.Data.Tables;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Equality;

/// <summary>The comparison would notice: it is shown one wrong field, and one record too few (issue 3, must show 2).</summary>
public sealed class CorruptionTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int HeadBytes = 5;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_corrupted_field_and_one_missing_record_in_the_copy_make_the_comparison_fail_and_are_named()
    {
        await using var product = await RunningProduct.StartAsync(new ProductOptions { Azurite = azurite }, Cancelled);
        var organisation = await product.NewOrganisationAsync("small", 110, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        var comparison = new BooksComparison(product);
        (await comparison.CompareAsync(client, organisation, afterFullPass: true, Cancelled)).ShouldBeEqual();
        var ledger = new TableServiceClient(azurite.ConnectionString).GetTableClient(product.Prefix + "ledger");

        var corrupted = await FirstAsync(ledger, client, "invoices");
        Replace(corrupted, "\"CurrencyCode\":\"GBP\"", "\"CurrencyCode\":\"GBQ\"");
        await ledger.UpdateEntityAsync(corrupted, corrupted.ETag, TableUpdateMode.Replace, Cancelled);
        var removed = await FirstAsync(ledger, client, "payments");
        await ledger.DeleteEntityAsync(removed, cancellationToken: Cancelled);
        var compared = await comparison.CompareAsync(client, organisation, afterFullPass: true, Cancelled);

        output.WriteLine(compared.ToString());
        compared.IsEqual.ShouldBeFalse();
        compared.Datasets.Where(dataset => dataset.Wrong > 0).Select(dataset => (dataset.Dataset, dataset.Wrong)).ShouldBe([("invoices", 1), ("payments", 1)]);
        var differences = compared.Datasets.SelectMany(dataset => dataset.First).ToList();
        differences.ShouldBe([
            new Difference("invoices", corrupted.RowKey, "CurrencyCode", "\"GBP\"", "\"GBQ\""),
            new Difference("payments", removed.RowKey, "", "the record", "nothing"),
        ]);
        Should.Throw<ShouldAssertException>(compared.ShouldBeEqual).Message.ShouldContain(corrupted.RowKey);
    }

    private static async Task<TableEntity> FirstAsync(TableClient ledger, string client, string dataset)
    {
        await foreach (var row in ledger.QueryAsync<TableEntity>($"PartitionKey eq '{client}|{dataset}|00' and RowKey lt '~'", 1, cancellationToken: Cancelled))
            return row;
        throw new InvalidOperationException($"No record of {dataset} is stored.");
    }

    // As the ledger stores a body: a byte of format (0 plain, 1 Brotli), the length, the bytes.
    private static void Replace(TableEntity row, string old, string changed)
    {
        var stored = row.GetBinary("B0");
        var json = stored[HeadBytes..];
        if (stored[0] == 1)
        {
            json = new byte[BinaryPrimitives.ReadInt32LittleEndian(stored.AsSpan(1))];
            BrotliDecoder.TryDecompress(stored.AsSpan(HeadBytes), json, out _).ShouldBeTrue();
        }
        var text = Encoding.UTF8.GetString(json);
        text.ShouldContain(old);
        var body = Encoding.UTF8.GetBytes(text.Replace(old, changed, StringComparison.Ordinal));
        var packed = new byte[HeadBytes + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(1), body.Length);
        body.CopyTo(packed, HeadBytes);
        row["B0"] = packed;
    }
}
