using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Sandbox.Tests.Books;

public sealed class GeneratedCompanySpecs
{
    private static readonly CompanyBooks Medium = new(new BooksSpec { Seed = 7, Records = BooksSpec.MediumRecords });

    [Fact]
    public void The_same_seed_gives_the_same_books_byte_for_byte_and_another_seed_gives_others()
    {
        var (first, second) = (new CompanyBooks(new BooksSpec { Seed = 1 }), new CompanyBooks(new BooksSpec { Seed = 1 }));

        Texts(first).ShouldBe(Texts(second));
        Texts(new CompanyBooks(new BooksSpec { Seed = 2 })).ShouldNotBe(Texts(first));
    }

    [Fact]
    public void A_known_seed_gives_known_books_on_every_machine()
    {
        var checksum = new CanonicalChecksum();
        foreach (var name in BookCollections.All)
            checksum.Add(new CompanyBooks(new BooksSpec { Seed = 1 }).Truth(name, TruthOptions.Default).Checksum);

        checksum.ToString().ShouldBe(KnownChecksum);
    }

    private const string KnownChecksum = "91b2907dd839e43f4a84caeaa0ce2a42";

    [Theory]
    [InlineData(500)]
    [InlineData(20_000)]
    [InlineData(60_000)]
    public void There_are_as_many_records_as_asked_for(int records)
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 3, Records = records });

        BookCollections.All.Sum(name => books.Query(name, All).ItemCount).ShouldBe(records);
    }

    [Fact]
    public void Every_document_adds_up_whatever_the_seed()
    {
        Gen.ULong.Sample(
            seed =>
            {
                var books = new CompanyBooks(new BooksSpec { Seed = seed });
                return Documents(books).All(AddsUp) && InvoicesAgreeWithPayments(books);
            },
            iter: 20);
    }

    [Fact]
    public void Ids_are_unique_and_the_database_orders_them()
    {
        foreach (var name in BookCollections.All)
        {
            var records = Medium.Query(name, All with { OrderBy = "Id" }).Records;

            records.Select(r => r.Id).Distinct().Count().ShouldBe(records.Count, name);
            records.Select(r => DatabaseOrder.Key(r.Id)).ShouldBeInOrder(SortDirection.Ascending);
        }
    }

    [Fact]
    public void The_default_order_is_by_moment_and_pages_hold_every_record_once()
    {
        var seen = new HashSet<Guid>();
        var last = DateTime.MinValue;
        var first = Medium.Query(BookCollections.Invoices, new BooksQuery { Page = 1, PageSize = 1000 });
        for (var page = 1; page <= (first.ItemCount + 999) / 1000; page++)
        {
            foreach (var record in Medium.Query(BookCollections.Invoices, new BooksQuery { Page = page, PageSize = 1000 }).Records)
            {
                seen.Add(record.Id).ShouldBeTrue();
                record.UpdatedUtc.ShouldBeGreaterThanOrEqualTo(last);
                last = record.UpdatedUtc;
            }
        }

        seen.Count.ShouldBe(first.ItemCount);
        last.ShouldBeLessThan(Medium.Spec.Today.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
    }

    [Fact]
    public void A_record_found_by_id_is_the_record_of_the_list()
    {
        foreach (var name in BookCollections.All)
        {
            foreach (var record in Medium.Query(name, All with { Page = 1, PageSize = 50 }).Records)
                Text(Medium.Find(name, record.Id)!).ShouldBe(Text(record));
        }
    }

    [Fact]
    public void Planted_faults_name_records_that_exist()
    {
        var kinds = Medium.Planted.Select(f => f.Kind).Distinct().ToList();

        kinds.Count.ShouldBeGreaterThan(14);
        foreach (var record in Medium.Planted.SelectMany(f => f.Records))
            Medium.Find(record.Collection, record.Id).ShouldNotBeNull(record.ToString());
    }

    [Fact]
    public void One_bill_can_have_five_thousand_lines()
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 5, LongestDocument = 5000 });

        Documents(books).Max(d => d.TryGetProperty("LineItems", out var lines) ? lines.GetArrayLength() : 0).ShouldBe(5000);
    }

    internal static BooksQuery All { get; } = new() { IncludeArchived = true, IncludeDeleted = true };

    internal static string Text(BookRecord record, JsonSpelling? spelling = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            record.WriteJson(writer, spelling ?? JsonSpelling.Default);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal static List<string> Texts(IBooks books) =>
        [.. BookCollections.All.SelectMany(name => books.Query(name, All).Records.Select(r => Text(r)))];

    internal static IEnumerable<JsonElement> Documents(IBooks books) =>
        new[] { BookCollections.Invoices, BookCollections.CreditNotes, BookCollections.BankTransactions, BookCollections.Overpayments, BookCollections.Prepayments }
            .SelectMany(name => books.Query(name, All).Records).Select(r => JsonDocument.Parse(Text(r, new JsonSpelling { UnitDecimals = 4 })).RootElement);

    internal static bool AddsUp(JsonElement d)
    {
        decimal Value(string name) => d.GetProperty(name).GetDecimal();
        decimal Sum(string name, string amount) => d.TryGetProperty(name, out var list) ? list.EnumerateArray().Sum(x => x.GetProperty(amount).GetDecimal()) : 0m;
        var inclusive = d.GetProperty("LineAmountTypes").GetString() == "Inclusive";
        var tax = Sum("LineItems", "TaxAmount");
        var net = Sum("LineItems", "LineAmount") - (inclusive ? tax : 0m);
        var sums = Value("SubTotal") == net && Value("TotalTax") == tax && Value("Total") == net + tax;
        if (!d.TryGetProperty("AmountDue", out _))
            return sums;
        var credited = Sum("CreditNotes", "AppliedAmount") + Sum("Overpayments", "AppliedAmount") + Sum("Prepayments", "AppliedAmount");
        var dead = d.GetProperty("Status").GetString() is "VOIDED" or "DELETED";
        return sums && Value("AmountPaid") == Sum("Payments", "Amount") && Value("AmountCredited") == credited
            && Value("AmountDue") == (dead ? 0m : Value("Total") - Value("AmountPaid") - credited) && Value("AmountDue") >= 0
            && (d.GetProperty("Status").GetString() == "PAID") == (!dead && Value("AmountDue") == 0);
    }

    internal static bool InvoicesAgreeWithPayments(IBooks books)
    {
        var paid = books.Query(BookCollections.Payments, All).Records.Where(p => p.Status == "AUTHORISED")
            .GroupBy(p => (Guid)p.Field("Invoice.InvoiceID")!).ToDictionary(g => g.Key, g => g.Sum(p => (decimal)p.Field("Amount")!));
        var credited = new[] { BookCollections.CreditNotes, BookCollections.Overpayments, BookCollections.Prepayments }
            .SelectMany(name => books.Query(name, All).Records).SelectMany(c => JsonDocument.Parse(Text(c)).RootElement.GetProperty("Allocations").EnumerateArray())
            .GroupBy(a => a.GetProperty("Invoice").GetProperty("InvoiceID").GetGuid()).ToDictionary(g => g.Key, g => g.Sum(a => a.GetProperty("Amount").GetDecimal()));
        return books.Query(BookCollections.Invoices, All).Records.All(i =>
            (decimal)i.Field("AmountPaid")! == paid.GetValueOrDefault(i.Id) && (decimal)i.Field("AmountCredited")! == credited.GetValueOrDefault(i.Id));
    }
}
