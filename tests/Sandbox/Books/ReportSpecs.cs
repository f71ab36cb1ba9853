using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Sandbox.Tests.Books;

public sealed class ReportSpecs
{
    private static readonly CompanyBooks Books = new(new BooksSpec { Seed = 11, Records = 5000 });

    [Theory]
    [InlineData("2026-11-23")]
    [InlineData("2026-03-31")]
    [InlineData("2024-01-15")]
    public void The_trial_balance_balances(string date)
    {
        Imbalance(Books, date).ShouldBe(0m);
        Rows(Books.Report("TrialBalance", With("date", date))!).Count.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData("GB")]
    [InlineData("NZ")]
    [InlineData("AU")]
    [InlineData("US")]
    public void Net_assets_equal_equity_in_every_month_and_country(string country)
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 12, Records = 2000, Country = country });

        var rows = Rows(books.Report("BalanceSheet", With("date", "2026-10-31", "periods", "11", "timeframe", "MONTH"))!);

        Cells(rows, "Net Assets").Length.ShouldBe(12);
        Cells(rows, "Net Assets").ShouldBe(Cells(rows, "Total Equity"));
    }

    [Fact]
    public void The_months_of_profit_and_loss_make_up_the_year_and_the_current_year_earnings()
    {
        var months = Cells(Rows(Books.Report("ProfitAndLoss",
            With("fromDate", "2026-03-01", "toDate", "2026-03-31", "periods", "11", "timeframe", "MONTH"))!), "Net Profit");
        var year = Cells(Rows(Books.Report("ProfitAndLoss", With("fromDate", "2025-04-01", "toDate", "2026-03-31"))!), "Net Profit");
        var earned = Cells(Rows(Books.Report("BalanceSheet", With("date", "2026-03-31"))!), "Current Year Earnings");

        months.Length.ShouldBe(12);
        months.Sum().ShouldBe(year[0]);
        earned[0].ShouldBe(year[0]);
    }

    [Fact]
    public void Receivables_in_the_ledger_are_what_documents_leave_unpaid()
    {
        var due = Books.Query(BookCollections.Invoices, GeneratedCompanySpecs.All).Records
            .Where(i => (string)i.Field("Type")! == "ACCREC" && i.Status is "AUTHORISED" or "PAID")
            .Where(i => (string)i.Field("Type")! == "ACCREC").Sum(Base);
        var credit = new[] { BookCollections.CreditNotes, BookCollections.Overpayments, BookCollections.Prepayments }
            .SelectMany(name => Books.Query(name, GeneratedCompanySpecs.All).Records)
            .Where(c => (string)c.Field("Type")! is "ACCRECCREDIT" or "RECEIVE-OVERPAYMENT" or "RECEIVE-PREPAYMENT").Sum(Base);

        var control = Cells(Rows(Books.Report("BalanceSheet", With("date", "2026-11-23"))!), "Accounts Receivable")[0];

        // Foreign invoices are rounded payment by payment.
        control.ShouldBe(due - credit, 1m);
    }

    [Fact]
    public void Bank_summary_closes_where_the_balance_sheet_does()
    {
        var summary = Rows(Books.Report("BankSummary", With("fromDate", "2026-11-01", "toDate", "2026-11-23"))!);
        var sheet = Rows(Books.Report("BalanceSheet", With("date", "2026-11-23"))!);

        Cells(summary, "Total")[3].ShouldBe(Cells(sheet, "Total Bank")[0]);
    }

    [Fact]
    public void Aged_receivables_need_a_contact_and_agree_with_its_balance()
    {
        Should.Throw<ArgumentException>(() => Books.Report("AgedReceivablesByContact", With())).Message.ShouldContain("contactId");
        var invoice = Books.Query(BookCollections.Invoices, new BooksQuery { Filter = i => (string)i.Field("Type")! == "ACCREC" && i.Status == "AUTHORISED" }).Records[0];
        var contact = (Guid)invoice.Field("Contact.ContactID")!;
        var due = Books.Query(BookCollections.Invoices, new BooksQuery
        {
            Filter = i => (string)i.Field("Type")! == "ACCREC" && i.Status == "AUTHORISED" && contact.Equals(i.Field("Contact.ContactID")),
        }).Records.Sum(i => (decimal)i.Field("AmountDue")!);

        var rows = Rows(Books.Report("AgedReceivablesByContact", With("contactId", contact.ToString()))!);

        Cells(rows, "Total")[^1].ShouldBe(due);
    }

    internal static decimal Imbalance(IBooks books, string date = "2026-11-23")
    {
        var total = Rows(books.Report("TrialBalance", With("date", date))!).Single(r => r[0] == "Total");
        return Math.Abs(Number(total[1]) - Number(total[2])) + Math.Abs(Number(total[3]) - Number(total[4]));
    }

    private static decimal Base(BookRecord record) => Math.Round((decimal)record.Field("AmountDue")! / (decimal)record.Field("CurrencyRate")!, 2);

    private static Dictionary<string, string> With(params string[] pairs) => pairs.Chunk(2).ToDictionary(p => p[0], p => p[1]);

    private static decimal Number(string text) => text.Length == 0 ? 0m : decimal.Parse(text, CultureInfo.InvariantCulture);

    private static decimal[] Cells(List<string[]> rows, string name) =>
        [.. rows.Single(r => r[0] == name).Skip(1).Select(c => decimal.TryParse(c, CultureInfo.InvariantCulture, out var v) ? v : 0m)];

    private static List<string[]> Rows(JsonNode node)
    {
        var rows = new List<string[]>();
        foreach (var row in node["Rows"]?.AsArray() ?? [])
        {
            if (row!["Cells"] is JsonArray cells)
                rows.Add([.. cells.Select(c => c!["Value"]!.GetValue<string>())]);
            rows.AddRange(Rows(row));
        }

        return rows;
    }
}
