using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using static DataHealth.Sandbox.Tests.QuickBooks.QuickBooksVisitor;

namespace DataHealth.Sandbox.Tests.QuickBooks;

/// <summary>The fictional company of one seed has the same ledger in both sandboxes.</summary>
public sealed class SameCompanySpecs
{
    private const string Today = "2026-11-23";

    [Theory]
    [InlineData(500, "GB", true)]
    [InlineData(3000, "GB", false)]
    [InlineData(3000, "NZ", true)]
    [InlineData(3000, "US", true)]
    public async Task Both_trial_balances_hold_the_same_amounts(int records, string country, bool multiCurrency)
    {
        var spec = new BooksSpec { Seed = 21, Records = records, Country = country, MultiCurrency = multiCurrency };
        var xero = XeroTrialBalance(new CompanyBooks(spec));
        await using var visitor = await CompanyAsync(spec);
        var yearStart = country == "US" ? "2026-01-01" : "2026-04-01";

        var rows = Rows(await visitor.JsonAsync($"reports/TrialBalance?start_date={yearStart}&end_date={Today}&accounting_method=Accrual", "77"));

        var quickBooks = rows.Where(row => row.Cells[0].Length > 0 && row.Cells[0] != "TOTAL").ToDictionary(row => row.Cells[0], row => Number(row.Cells[1]) - Number(row.Cells[2]));
        quickBooks.ShouldBe(xero, ignoreOrder: true);
        var total = rows.Single(row => row.Cells[0] == "TOTAL").Cells;
        total[1].ShouldBe(total[2]);
    }

    [Fact]
    public async Task Receivables_payables_and_tax_follow_from_the_entities_alone()
    {
        var spec = new BooksSpec { Seed = 22, Records = 3000 };
        var ledger = XeroTrialBalance(new CompanyBooks(spec));
        await using var visitor = await CompanyAsync(spec);
        var all = new Dictionary<string, List<JsonObject>>();
        foreach (var entity in EntityNames.Transactions)
        {
            all[entity] = [];
            for (var start = 1; ; start += 1000)
            {
                var page = (await visitor.QueryAsync($"select * from {entity} ORDERBY Id STARTPOSITION {start} MAXRESULTS 1000", "77"))[entity]?.AsArray() ?? [];
                all[entity].AddRange(page.Select(node => node!.AsObject()));
                if (page.Count < 1000)
                    break;
            }
        }

        // A foreign document is rounded part by part in the ledger and as a whole in HomeBalance.
        var receivable = all["Invoice"].Sum(Balance) - all["CreditMemo"].Sum(Balance) - all["Payment"].Sum(payment => (decimal)payment["UnappliedAmt"]!);
        receivable.ShouldBe(ledger["Accounts Receivable"], 1m);
        var payable = all["Bill"].Sum(Balance) - all["VendorCredit"].Sum(Balance)
            - all["BillPayment"].Sum(payment => (decimal)payment["TotalAmt"]! == 0 ? 0m : (decimal)payment["TotalAmt"]! - payment["Line"]!.AsArray().Sum(line => (decimal)line!["Amount"]!));
        payable.ShouldBe(-ledger["Accounts Payable"], 1m);
        decimal Tax(string entity) => all[entity].Sum(document => (decimal?)document["TxnTaxDetail"]?["TotalTax"] ?? 0m);
        var refunds = all["Purchase"].Where(purchase => (bool)purchase["Credit"]!).Sum(purchase => 2 * (decimal)purchase["TxnTaxDetail"]!["TotalTax"]!);
        var tax = Tax("Invoice") + Tax("SalesReceipt") + Tax("Deposit") - Tax("CreditMemo") - Tax("RefundReceipt") - Tax("Bill") + Tax("VendorCredit") - Tax("Purchase") + refunds;
        tax.ShouldBe(-ledger["VAT"]);
    }

    [Fact]
    public async Task Every_account_can_be_added_up_from_the_entities_and_what_has_none()
    {
        var spec = new BooksSpec { Seed = 23, Records = 2000, MultiCurrency = false };
        using var books = new RealmBooks(spec);
        var postings = new Postings(books);
        await using var visitor = await CompanyAsync(spec);
        var sums = new Dictionary<string, decimal>();
        foreach (var entity in EntityNames.Transactions)
        {
            foreach (var record in books.CanonicalRecords(entity, false, false).Select(record => JsonNode.Parse(record.Json)!.AsObject()))
                postings.Of(entity, record, (account, amount) => sums[account] = sums.GetValueOrDefault(account) + amount);
        }

        // Paychecks, revaluations and the cost of stock have no entity.
        foreach (var hidden in books.LedgerTruth(1).LedgerOnly)
            sums[hidden.Account] = sums.GetValueOrDefault(hidden.Account) + hidden.Amount;
        var rows = Rows(await visitor.JsonAsync($"reports/TrialBalance?start_date=2020-01-01&end_date=2030-01-01", "77"));
        var ledger = rows.Where(row => row.Cells[0].Length > 0 && row.Cells[0] != "TOTAL").ToDictionary(row => row.Id!, row => Number(row.Cells[1]) - Number(row.Cells[2]));
        foreach (var (account, amount) in ledger.Where(pair => pair.Key != postings.Tax))
            sums.GetValueOrDefault(account).ShouldBe(amount, account);
    }

    [Fact]
    public async Task Assets_equal_liabilities_and_equity_and_months_make_up_the_year()
    {
        await using var visitor = await ConnectedAsync();
        var sheet = Rows(await visitor.JsonAsync($"reports/BalanceSheet?start_date=2026-04-01&end_date={Today}&summarize_column_by=Month"));
        var profit = Rows(await visitor.JsonAsync($"reports/ProfitAndLoss?start_date=2026-04-01&end_date={Today}&summarize_column_by=Month"));

        sheet.Single(row => row.Cells[0] == "Total ASSETS").Cells[1..].ShouldBe(sheet.Single(row => row.Cells[0] == "Total LIABILITIES AND EQUITY").Cells[1..]);
        var net = profit.Single(row => row.Cells[0] == "Net Income").Cells[1..];
        net.Length.ShouldBe(9);
        net[..^1].Sum(Number).ShouldBe(Number(net[^1]));
        Number(net[^1]).ShouldBe(Number(sheet.Single(row => row.Cells[0] == "Net Income").Cells[^1]));
    }

    [Fact]
    public async Task Aged_details_add_up_to_the_control_accounts_and_a_report_that_is_too_large_is_cut()
    {
        await using var visitor = await ConnectedAsync(OneCurrency);
        var balance = Rows(await visitor.JsonAsync($"reports/TrialBalance?end_date={Today}", OneCurrency));
        decimal Control(string name) => balance.Where(row => row.Cells[0] == name).Sum(row => Number(row.Cells[1]) - Number(row.Cells[2]));

        var receivable = Rows(await visitor.JsonAsync($"reports/AgedReceivableDetail?report_date={Today}", OneCurrency)).Single(row => row.Cells[0] == "TOTAL").Cells;
        var payable = Rows(await visitor.JsonAsync($"reports/AgedPayableDetail?report_date={Today}", OneCurrency)).Single(row => row.Cells[0] == "TOTAL").Cells;
        await visitor.ControlAsync(HttpMethod.Patch, "switches", new { reportCells = 90 });
        var cut = Rows(await visitor.JsonAsync("reports/TransactionList?start_date=2023-01-01&end_date=2026-11-23", OneCurrency));

        Number(receivable[^1]).ShouldBe(Control("Accounts Receivable"));
        Number(payable[^1]).ShouldBe(-Control("Accounts Payable"));
        cut.Count.ShouldBe(11);
        cut[^1].Cells[0].ShouldStartWith("Unable to display more data");
    }

    [Fact]
    public void The_same_edits_on_the_same_seed_give_the_same_books()
    {
        RealmBooks Edited()
        {
            var books = new RealmBooks(new BooksSpec { Seed = 5, Records = 800 });
            books.ApplyRandom(9, 200, EditMix.Default, new DateTime(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc)).Count.ShouldBe(200);
            return books;
        }

        using var first = Edited();
        using var second = Edited();
        using var replayed = new RealmBooks(first.Spec);
        foreach (var edit in first.Journal)
            replayed.Apply(edit);

        foreach (var entity in EntityNames.All)
        {
            var truth = first.Truth(entity, false, false);
            second.Truth(entity, false, false).Checksum.ShouldBe(truth.Checksum, entity);
            replayed.Truth(entity, false, false).Checksum.ShouldBe(truth.Checksum, entity);
        }
    }

    private static async Task<QuickBooksVisitor> CompanyAsync(BooksSpec spec)
    {
        var visitor = await StartAsync();
        await visitor.ControlAsync(HttpMethod.Post, "organisations", new
        {
            name = spec.Name,
            size = spec.Records.ToString(CultureInfo.InvariantCulture),
            seed = spec.Seed,
            country = spec.Country,
            multiCurrency = spec.MultiCurrency,
            tenantId = "77",
            today = Today,
        });
        await visitor.ConnectAsync("77");
        return visitor;
    }

    private static Dictionary<string, decimal> XeroTrialBalance(CompanyBooks books)
    {
        var balances = new Dictionary<string, decimal>();
        foreach (var cells in XeroRows(books.Report("TrialBalance", new Dictionary<string, string> { ["date"] = Today })!))
        {
            if (cells[0].EndsWith(')') && Number(cells[3]) - Number(cells[4]) is var amount && amount != 0)
                balances[cells[0][..cells[0].LastIndexOf(" (", StringComparison.Ordinal)]] = amount;
        }

        return balances;
    }

    private static IEnumerable<string[]> XeroRows(JsonNode node)
    {
        foreach (var row in node["Rows"]?.AsArray() ?? [])
        {
            if (row!["Cells"] is JsonArray cells)
                yield return [.. cells.Select(cell => (string)cell!["Value"]!)];
            foreach (var inner in XeroRows(row))
                yield return inner;
        }
    }

    private static List<(string[] Cells, string? Id)> Rows(JsonNode report)
    {
        var rows = new List<(string[], string?)>();
        void Take(JsonNode? node)
        {
            foreach (var row in node?["Row"]?.AsArray() ?? [])
            {
                foreach (var cells in new[] { row!["ColData"], row["Header"]?["ColData"] })
                    Add(cells);
                Take(row["Rows"]);
                Add(row["Summary"]?["ColData"]);
            }
        }

        void Add(JsonNode? cells)
        {
            if (cells is JsonArray list)
                rows.Add(([.. list.Select(cell => (string)cell!["value"]!)], (string?)list[0]!["id"]));
        }

        Take(report["Rows"]);
        return rows;
    }

    private static decimal Balance(JsonObject document) => (decimal)(document["HomeBalance"] ?? document["Balance"])!;

    private static decimal Number(string text) => text.Length == 0 ? 0m : decimal.Parse(text, CultureInfo.InvariantCulture);
}
