using System.Text;
using System.Text.Json;
using CsCheck;
using DataHealth.Core.Providers.Xero;

namespace DataHealth.Core.Tests.Providers.Xero;

public class XeroPageTests
{
    private const string Envelope =
        """
        {"Id":"3f0c","Status":"OK","DateTimeUTC":"\/Date(1795465852123)\/","pagination":{"page":1,"pageSize":1000,"pageCount":2,"itemCount":1431},
         "Invoices":[{"InvoiceID":"a-1","Status":"AUTHORISED","UpdatedDateUTC":"\/Date(1793358725417+0000)\/","LineItems":[{"Status":"DELETED","InvoiceID":"inner"}]},
                     {"Status":"DELETED","InvoiceID":"b-2","UpdatedDateUTCString":"2026-10-30T11:12:05Z"}]}
        """;

    private static XeroDataset Invoices => XeroDatasets.All.Single(dataset => dataset.Name == "invoices");

    [Fact]
    public void A_page_gives_records_counts_and_the_services_time()
    {
        var page = Read(Envelope);

        page.ItemCount.ShouldBe(1431);
        page.PageCount.ShouldBe(2);
        page.ServiceTime.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1795465852123));
        page.Records.Select(record => (record.Id, record.IsDeleted)).ShouldBe([("a-1", false), ("b-2", true)]);
        page.Records[0].UpdatedAt.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1793358725417));
        page.Records[1].UpdatedAt.ShouldBe(new DateTimeOffset(2026, 10, 30, 11, 12, 5, TimeSpan.Zero));
    }

    [Fact]
    public void A_page_cut_short_at_any_byte_has_no_rows()
    {
        var whole = Encoding.UTF8.GetBytes(Envelope);
        for (var length = 0; length < whole.Length; length++)
            Should.Throw<JsonException>(() => XeroPage.Read(whole.AsMemory(0, length), Invoices, null), $"cut at {length}");
    }

    [Fact]
    public void Records_are_slices_byte_for_byte() =>
        Gen.Select(Gen.String.Array[0, 6], Gen.Decimal, Gen.Bool, Gen.String).Sample((texts, amount, escaped, junk) =>
        {
            var records = texts.Select((text, index) => JsonSerializer.Serialize(
                new Dictionary<string, object?> { ["Description"] = text, ["InvoiceID"] = $"id-{index}", [$"x{junk}"] = new object?[] { amount, null, text }, ["Total"] = amount },
                escaped ? JsonSerializerOptions.Default : new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true })).ToArray();

            var page = Read($$"""{"Other":{{JsonSerializer.Serialize(junk)}}, "Invoices": [ {{string.Join(" ,\n", records)}} ] }""");

            page.Records.Select(record => Encoding.UTF8.GetString(record.Json.Span)).ShouldBe(records);
            page.Records.Select(record => record.Id).ShouldBe(texts.Select((_, index) => $"id-{index}"));
        });

    [Theory]
    [InlineData("""{"Status":"OK"}""")]
    [InlineData("""{"Invoices":null}""")]
    [InlineData("""{"Invoices":{}}""")]
    [InlineData("""{"Invoices":"none"}""")]
    [InlineData("""{"invoices":[]}""")]
    [InlineData("""{"Invoices":[{"Status":"PAID"}]}""")]
    [InlineData("""{"Invoices":[{"InvoiceID":""}]}""")]
    [InlineData("""{"Invoices":[{"InvoiceID":7}]}""")]
    [InlineData("""{"Invoices":[{"InvoiceID":null}]}""")]
    [InlineData("""{"Invoices":[7]}""")]
    [InlineData("""{"Invoices":[],"pagination":{"itemCount":"12"}}""")]
    [InlineData("""{"Invoices":[],"pagination":{"itemCount":-1}}""")]
    [InlineData("""{"Invoices":[],"pagination":[]}""")]
    [InlineData("""{"Invoices":[]} {}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData("""<html></html>""")]
    public void What_is_not_documented_is_never_no_rows(string body) => Should.Throw<JsonException>(() => Read(body));

    [Theory]
    [InlineData("""{"InvoiceID":"a","UpdatedDateUTC":7}""")]
    [InlineData("""{"UpdatedDateUTC":"yesterday","InvoiceID":"a"}""")]
    [InlineData("""{"UpdatedDateUTC":{"at":["2026-11-23"]},"InvoiceID":"a"}""")]
    [InlineData("""{"InvoiceID":"a","UpdatedDateUTCString":true}""")]
    [InlineData("""{"InvoiceID":"a","Status":3}""")]
    [InlineData("""{"Status":[{"x":1}],"InvoiceID":"a"}""")]
    public void One_record_with_a_plain_id_that_cannot_be_read_is_named_and_its_neighbours_are_read(string record)
    {
        var page = Read($$"""{"Invoices":[{"InvoiceID":"before"},{{record}},{"InvoiceID":"after","Status":"DELETED"}]}""");

        page.Records.Select(one => one.Id).ShouldBe(["before", "a", "after"]);
        page.Records.Select(one => one.Unreadable is null).ShouldBe([true, false, true]);
        page.Records[2].IsDeleted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/Date(1795465852123+0000)/")]
    [InlineData("/Date(1795465852123)/")]
    [InlineData("2026-11-23T20:30:52.123Z")]
    [InlineData("2026-11-23T20:30:52.1230000")]
    [InlineData("2026-11-23T21:30:52.123+01:00")]
    public void Every_spelling_of_an_instant_is_the_same_instant(string spelling) =>
        XeroDate.Parse(Encoding.UTF8.GetBytes(spelling)).ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1795465852123));

    [Theory]
    [InlineData("/Date()/")]
    [InlineData("/Date(abc)/")]
    [InlineData("/Date(1795465852123+00)/")]
    [InlineData("/Date(99999999999999999)/")]
    [InlineData("soon")]
    public void A_date_that_Xero_does_not_document_is_an_error(string spelling) => Should.Throw<JsonException>(() => XeroDate.Parse(Encoding.UTF8.GetBytes(spelling)));

    [Fact]
    public void Every_instant_survives_its_spellings() =>
        Gen.Long[-62_135_596_800_000, 253_402_300_799_999].Sample(milliseconds =>
        {
            var instant = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            XeroDate.Parse(Encoding.UTF8.GetBytes($"/Date({milliseconds}+0000)/")).ShouldBe(instant);
            XeroDate.Parse(Encoding.UTF8.GetBytes(instant.ToString("yyyy-MM-ddTHH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture))).ShouldBe(instant);
        });

    private static XeroPage Read(string json) => XeroPage.Read(Encoding.UTF8.GetBytes(json), Invoices, null);
}
