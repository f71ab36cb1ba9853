using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using DataHealth.Local.Sandbox.Books;
using static DataHealth.Sandbox.Tests.Books.GeneratedCompanySpecs;

namespace DataHealth.Sandbox.Tests.Books;

public sealed class TruthSpecs(ITestOutputHelper output)
{
    [Fact]
    public void Every_spelling_of_a_record_has_one_canonical_form()
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 6, Records = 2000 });
        var other = new JsonSpelling { Dates = DateSpelling.WithoutOffset, EscapeSlashes = false };

        foreach (var record in BookCollections.All.SelectMany(name => books.Query(name, All).Records))
            CanonicalJson.Of(Text(record)).ShouldBe(CanonicalJson.Of(Text(record, other)));
    }

    [Fact]
    public void The_canonical_form_is_the_documented_one()
    {
        CanonicalJson.Of("""{"b":1.50,"a":"\/Date(1795465852123+0000)\/","c":null,"d":[{"y":0.00,"x":-2}],"e":"/Date(x)/"}""")
            .ShouldBe("""{"a":"2026-11-23T20:30:52.123Z","b":1.5,"d":[{"x":-2,"y":0}],"e":"/Date(x)/"}""");
    }

    [Fact]
    public void One_changed_field_of_one_record_changes_the_checksum()
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 6, Records = 2000 });
        var truth = books.Truth(BookCollections.Invoices, TruthOptions.Default);
        var records = books.CanonicalRecords(BookCollections.Invoices, TruthOptions.Default).Select(r => r.Json).ToList();

        Checksum(records.AsEnumerable().Reverse()).ShouldBe(truth.Checksum);
        records[17] = records[17].Replace("\"TaxAmount\":", "\"TaxAmount\":1", StringComparison.Ordinal);
        Checksum(records).ShouldNotBe(truth.Checksum);
        truth.Count.ShouldBe(records.Count);
        truth.ControlTotals.Where(t => t.Key.StartsWith("Count/", StringComparison.Ordinal)).Sum(t => t.Value).ShouldBe(truth.Count);
    }

    [Fact]
    public void Large_books_need_little_memory_and_render_fast()
    {
        var before = GC.GetTotalMemory(true);
        var watch = Stopwatch.StartNew();
        var books = new CompanyBooks(new BooksSpec { Seed = 8, Records = BooksSpec.LargeRecords });
        var built = watch.Elapsed;
        var buffer = new ArrayBufferWriter<byte>(8 << 20);
        var (records, bytes) = (0, 0L);
        watch.Restart();
        foreach (var name in new[] { BookCollections.Invoices, BookCollections.Payments, BookCollections.BankTransactions })
        {
            for (var page = 1; page <= 25; page++)
            {
                buffer.ResetWrittenCount();
                using var writer = new Utf8JsonWriter(buffer);
                writer.WriteStartArray();
                foreach (var record in books.Query(name, new BooksQuery { OrderBy = "Id", Page = page, PageSize = 1000 }).Records)
                {
                    record.WriteJson(writer, JsonSpelling.Default);
                    records++;
                }

                writer.WriteEndArray();
                writer.Flush();
                bytes += buffer.WrittenCount;
            }
        }

        var rendered = watch.Elapsed;
        watch.Restart();
        books.Report("TrialBalance", new Dictionary<string, string>()).ShouldNotBeNull();
        var reported = watch.Elapsed;
        var held = GC.GetTotalMemory(true) - before;
        GC.KeepAlive(books);
        output.WriteLine($"built in {built}, {records} records ({bytes >> 20} MB) in {rendered}: {records / rendered.TotalSeconds:N0}/s on one core; "
            + $"report in {reported}; holds {held >> 20} MB");

        records.ShouldBe(75_000);
        held.ShouldBeLessThan(100L << 20);
    }

    private static string Checksum(IEnumerable<string> records)
    {
        var checksum = new CanonicalChecksum();
        foreach (var record in records)
            checksum.Add(record);
        return checksum.ToString();
    }
}
