using System.Text;
using Azure.Data.Tables;
using CsCheck;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Ledger;

public sealed class LedgerWriterTests(AzuriteFixture azurite)
{
    private static readonly LedgerScope Scope = new(new ClientId("c0ffee"), "invoices", 5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_body_comes_back_as_it_went_in_whatever_its_length() =>
        Gen.Select(Gen.OneOf(Gen.Int[0, 200], Gen.Int[0, 5].Select(n => new[] { 65_530, 65_531, 65_532, 65_536, 65_541, 131_072 }[n])), Gen.Int[0, 1_000_000], Gen.Bool).Sample((length, seed, isText) =>
        {
            var json = Bytes(length, seed, isText);
            var packed = Payload.Pack(json);
            Payload.Unpack(packed).ToArray().ShouldBe(json);
            var row = new TableEntity("p", "r");
            EntityBody.Write(row, packed);
            EntityBody.Read(row).ShouldBe(packed.ToArray());
        }, iter: 200);

    [Fact]
    public async Task Records_around_every_boundary_of_a_row_come_back_whole_and_are_replaced_whole()
    {
        var table = await TableAsync();
        var sizes = (int[])[0, 1, 65_530, 65_531, 65_532, 720_890, 720_891, 720_892, 720_896, 1_000_000, 1_441_787, 1_441_788, 2_500_000];
        var records = sizes.Select((size, n) => new SourceRecord($"id/{n}?#~", null, false, Bytes(size, n, false))).ToList();
        var writer = await LedgerWriter.OpenAsync(table, Scope, 2, 1, 0, Stop);
        await writer.WriteAsync(records, new PageWrite("r1", 1, true, null, null), Stop);
        await ShouldHoldAsync(table, records);

        var next = await LedgerWriter.OpenAsync(table, Scope, 2, 2, writer.Sequence, Stop);
        records = [.. records.Select((record, n) => record with { Json = Bytes(sizes[sizes.Length - 1 - n], n + 50, false) })];
        var counts = await next.WriteAsync(records, new PageWrite("r2", 1, false, null, null), Stop);

        counts.Changed.ShouldBe(sizes.Length);
        await ShouldHoldAsync(table, records);
    }

    [Fact]
    public async Task A_record_that_is_reported_as_gone_keeps_its_content_and_one_that_was_never_held_is_not_made_up()
    {
        var table = await TableAsync();
        var at = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
        var writer = await LedgerWriter.OpenAsync(table, Scope, 1, 1, 0, Stop);
        await writer.WriteAsync([new("7", at, false, "{\"Id\":\"7\"}"u8.ToArray()), new("8", at, false, "{\"Id\":\"8\"}"u8.ToArray())], new PageWrite("r1", 1, true, null, null), Stop);

        var next = await LedgerWriter.OpenAsync(table, Scope, 1, 2, writer.Sequence, Stop);
        var counts = await next.WriteAsync([SourceRecord.Gone("7", at.AddMinutes(1)), SourceRecord.Gone("9", at), SourceRecord.Gone("8", at.AddMinutes(-1))], new PageWrite("r2", 1, false, null, null), Stop);
        var again = await next.WriteAsync([SourceRecord.Gone("7", at.AddMinutes(1))], new PageWrite("r2", 2, false, null, null), Stop);

        (counts.Deleted, counts.Unchanged, counts.Skipped, counts.Held, counts.Listed).ShouldBe((1, 1, 1, -1, -1));
        again.Held.ShouldBe(0, "told twice, counted once");
        var rows = await next.HeadsAsync(0, Stop).ToDictionaryAsync(row => row.Id, cancellationToken: Stop);
        rows.Keys.ShouldBe(["7", "8"], ignoreOrder: true);
        (rows["7"].Deletion, rows["8"].Deletion).ShouldBe((Deletion.ByAbsence, Deletion.None));
        var head = await table.GetEntityAsync<TableEntity>(LedgerKeys.Bucket(Scope.Client, Scope.Dataset, 0), "7", cancellationToken: Stop);
        Encoding.UTF8.GetString(Payload.Unpack(EntityBody.Read(head.Value)).Span).ShouldBe("{\"Id\":\"7\"}");

        // Made again under the same id, it is there again.
        var back = await LedgerWriter.OpenAsync(table, Scope, 1, 3, next.Sequence, Stop);
        (await back.WriteAsync([new("7", at.AddMinutes(2), false, "{\"Id\":\"7\"}"u8.ToArray())], new PageWrite("r3", 1, false, null, null), Stop)).Held.ShouldBe(1);
    }

    [Fact]
    public async Task A_document_of_five_thousand_lines_fits()
    {
        var lines = string.Join(',', Enumerable.Range(0, 5000).Select(n => $$"""{"LineItemID":"{{Guid.NewGuid()}}","Description":"Line {{n}} {{Guid.NewGuid()}}","Quantity":1.0000,"UnitAmount":{{n}}.13,"LineAmount":{{n}}.13,"AccountCode":"400","TaxType":"INPUT2"}"""));
        var record = new SourceRecord(Guid.NewGuid().ToString(), null, false, Encoding.UTF8.GetBytes($$"""{"LineItems":[{{lines}}]}"""));
        var table = await TableAsync();
        var writer = await LedgerWriter.OpenAsync(table, Scope, 1, 1, 0, Stop);

        await writer.WriteAsync([record], new PageWrite("r1", 1, true, null, null), Stop);

        record.Json.Length.ShouldBeGreaterThan(900_000);
        await ShouldHoldAsync(table, [record], buckets: 1);
    }

    [Fact]
    public async Task A_writer_whose_partition_was_taken_over_writes_nothing()
    {
        var table = await TableAsync();
        var old = await LedgerWriter.OpenAsync(table, Scope, 2, 1, 0, Stop);
        await LedgerWriter.OpenAsync(table, Scope, 2, 2, 0, Stop);

        await Should.ThrowAsync<FencedOutException>(() => old.WriteAsync([new SourceRecord("a", null, false, Bytes(10, 1, true))], new PageWrite("r1", 1, true, null, null), Stop));
        await Should.ThrowAsync<FencedOutException>(() => LedgerWriter.OpenAsync(table, Scope, 2, 1, 0, Stop));

        var rows = await table.QueryAsync<TableEntity>(cancellationToken: Stop).ToListAsync(Stop);
        rows.Select(row => row.RowKey).ShouldAllBe(key => key == "~fence");
    }

    [Fact]
    public async Task Writing_a_page_again_after_a_crash_counts_it_once_and_keeps_its_changes_in_the_feed()
    {
        var table = await TableAsync();
        var records = Enumerable.Range(0, 300).Select(n => new SourceRecord($"{n}", null, false, Bytes(100, n, true))).ToList();
        var first = await LedgerWriter.OpenAsync(table, Scope, 3, 1, 0, Stop);
        await first.WriteAsync(records, new PageWrite("r1", 1, true, null, null), Stop);

        // No checkpoint: the successor opens at sequence 0 again.
        var second = await LedgerWriter.OpenAsync(table, Scope, 3, 2, 0, Stop);
        var counts = await second.WriteAsync(records, new PageWrite("r1", 1, true, null, null), Stop);
        var third = await LedgerWriter.OpenAsync(table, Scope, 3, 3, second.Sequence, Stop);
        var again = await third.WriteAsync(records, new PageWrite("r2", 1, false, null, null), Stop);

        (second.Settled.New, second.Settled.Held, second.Settled.Listed).ShouldBe((300, 300, 300));
        counts.ShouldBe(new WriteCounts(), "they are counted already");
        third.Settled.ShouldBe(new WriteCounts());
        (again.Unchanged, again.New, again.Held, third.Sequence).ShouldBe((300, 0, 0, second.Sequence));
    }

    private async Task<TableClient> TableAsync()
    {
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient(Azurite.NewPrefix());
        await table.CreateAsync(Stop);
        return table;
    }

    private static async Task ShouldHoldAsync(TableClient table, IReadOnlyList<SourceRecord> records, int buckets = 2)
    {
        foreach (var record in records)
        {
            var partition = LedgerKeys.Bucket(Scope.Client, Scope.Dataset, LedgerKeys.BucketOf(record.Id, buckets));
            var head = (await table.GetEntityAsync<TableEntity>(partition, TableKey.Escape(record.Id), cancellationToken: Stop)).Value;
            var row = RecordRow.From(head);
            row.Id.ShouldBe(record.Id);
            using var body = new MemoryStream();
            EntityBody.Read(head, body);
            var parts = await table.QueryAsync<TableEntity>($"PartitionKey eq '{partition}' and RowKey ge '~part~{head.RowKey}~' and RowKey lt '~part~{head.RowKey}~~'", cancellationToken: Stop).ToListAsync(Stop);
            parts.Count.ShouldBe(row.Parts);
            parts.ForEach(part => EntityBody.Read(part, body));
            Payload.Unpack(body.ToArray()).Span.SequenceEqual(record.Json.Span).ShouldBeTrue();
        }
    }

    private static byte[] Bytes(int length, int seed, bool isText)
    {
        var bytes = new byte[length];
        if (isText)
            Array.Fill(bytes, (byte)'x');
        else
            new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
