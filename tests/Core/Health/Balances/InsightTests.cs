using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;
using static DataHealth.Core.Tests.Health.Balances.HandBooks;

namespace DataHealth.Core.Tests.Health.Balances;

public sealed class InsightTests
{
    private static readonly DateOnly April = Day("2026-04-30");

    [Fact]
    public void What_is_open_is_sorted_by_its_age_and_credits_lessen_theirs()
    {
        var open = new OpenItemsAt(April,
        [
            Open("today", "2026-04-30", "2026-05-30", 10m), Open("due", "2026-03-31", "2026-04-30", 20m), Open("late", "2026-03-01", "2026-03-31", 40m), Open("credit", "2026-03-01", null, -5m),
            Open("old", "2025-12-31", "2026-01-30", 80m), Open("oldest", "2025-11-30", "2025-12-30", 160m), Open("bill", "2026-04-01", null, 7m, isReceivable: false),
        ]);

        AgedBalances.Of(open, isReceivable: true, AgeFrom.DueDate).ShouldBe(new AgedBalances(30m, 40m, -5m, 80m, 160m));
        AgedBalances.Of(open, isReceivable: true, AgeFrom.Date).ShouldBe(new AgedBalances(10m, 20m, 35m, 0m, 240m));
        AgedBalances.Of(open, isReceivable: false, AgeFrom.Date).Total.ShouldBe(7m);
        // Three months before 30 April is 30 January: what is dated then is not yet older.
        AgedBalances.Overdue(open, 3).Select(item => item.Id).ShouldBe(["oldest", "old"]);
    }

    [Fact]
    public void Turnover_counts_by_tax_treatment()
    {
        TaxTotal[] totals =
        [
            new(April, "STD", 60_000m, 12_000m, 0m, 0m), new(April, "ZERO", 20_000m, 0m, 0m, 0m), new(April, "EXEMPT", 5_000m, 0m, 0m, 0m), new(April, "NONE", 1_000m, 0m, 0m, 0m),
            new(Day("2025-04-30"), "STD", 99_000m, 0m, 0m, 0m), new(Day("2025-05-31"), "STD", 2_000m, 0m, 0m, 0m), new(Day("2026-05-31"), "STD", 99_000m, 0m, 0m, 0m),
        ];
        TaxRate[] rates = [Rate("STD", "OUTPUT"), Rate("ZERO", "OUTPUT"), Rate("EXEMPT", "EXEMPTOUTPUT"), Rate("NONE", "NONE")];

        var turnover = Turnover.Of(totals, rates, isRegistered: true, April);

        (turnover.Taxable, turnover.LeftOut, turnover.DistanceTo(90_000m)).ShouldBe((82_000m, 6_000m, 8_000m));
        Turnover.Of(totals, rates, isRegistered: false, April).Taxable.ShouldBe(83_000m);
    }

    [Fact]
    public void Cash_and_net_assets_are_the_reports()
    {
        var frame = Frame(3, 31, Account("093", AccountClass.Liability) with { IsBankAccount = true }, Account("095", AccountClass.Asset) with { IsBankAccount = true });
        var reported = new MonthEndBalances(frame);
        foreach (var (account, amount) in new[] { ("095", 500m), ("093", -80m), ("610", 100m), ("800", -60m), ("960", -460m) })
            reported.Add(Figure(BalanceReport.BalanceSheet, account, "2026-04-30", amount, "2026-04-30"));

        Position.At(frame, reported, April).ShouldBe(new Position(April, 420m, 460m));
        Position.At(frame, reported, Day("2026-03-31")).ShouldBeNull();
    }

    [Fact]
    public void A_contacts_share_is_of_all_that_was_sold()
    {
        var reliance = new Reliance(Frame(), Day("2025-05-01"), April);
        foreach (var record in new LedgerRecord[]
        {
            Document("1", DocumentKind.SalesInvoice, "2026-04-02", 700m, 140m) with { ContactId = "ann" }, Document("2", DocumentKind.SalesCreditNote, "2026-04-03", 100m) with { ContactId = "ann" },
            Document("3", DocumentKind.SalesInvoice, "2026-04-02", 150m) with { ContactId = "bob" }, Entry("4", MoneyDirection.In, "2026-04-02", 60m, "200", 12m) with { ContactId = "bob" },
            Entry("5", MoneyDirection.Out, "2026-04-02", 10m, "200") with { ContactId = "bob" }, Document("6", DocumentKind.SalesInvoice, "2025-04-30", 999m) with { ContactId = "cy" },
            Document("7", DocumentKind.Bill, "2026-04-30", 50m) with { ContactId = "ann" },
        })
        {
            reliance.Add(record);
        }

        reliance.Top(isSales: true, 5).ShouldBe([new("ann", 600m, 0.75m), new("bob", 200m, 0.25m)]);
        reliance.Top(isSales: false, 5).ShouldBe([new("ann", 50m, 1m)]);
    }

    [Fact]
    public void Volumes_count_what_is_dated_in_each_month()
    {
        var volumes = new Volumes(April, 2);
        foreach (var record in new LedgerRecord[]
        {
            Document("1", DocumentKind.SalesInvoice, "2026-03-31", 1m) with { ContactId = "ann" }, Document("2", DocumentKind.Bill, "2026-04-01", 1m) with { ContactId = "bob" },
            Document("3", DocumentKind.Bill, "2026-04-02", 1m) with { Status = LedgerStatus.Voided }, Document("4", DocumentKind.Bill, "2026-02-28", 1m), Document("5", DocumentKind.Bill, "2026-05-01", 1m),
            Payment("1", DocumentKind.SalesInvoice, "2026-04-05", 1m) with { BatchId = "b", ContactId = "ann" }, Payment("9", DocumentKind.SalesInvoice, "2026-04-05", 1m) with { BatchId = "b", ContactId = "ann" },
            Entry("6", MoneyDirection.In, "2026-04-06", 1m, "200"), new LedgerTransfer { Id = "7", Status = LedgerStatus.Posted, Date = April, Amount = 1m },
            new LedgerJournal { Id = "8", Status = LedgerStatus.Posted, Date = April },
        })
        {
            volumes.Add(record);
        }

        volumes.Months.ShouldBe([new(Day("2026-03-31"), 1, 0, 0, 0, 1), new(April, 0, 1, 4, 1, 2)]);
        volumes.Months[1].Transactions.ShouldBe(6);
    }

    private static OpenItem Open(string id, string date, string? due, decimal open, bool isReceivable = true) =>
        new(id, isReceivable ? DocumentKind.SalesInvoice : DocumentKind.Bill, isReceivable) { Date = Day(date), DueDate = due is null ? null : Day(due), Open = open, OpenInBase = open };

    private static TaxRate Rate(string id, string report) => new() { Id = id, TaxType = id, ReportType = report, Activity = LedgerActivity.Active };
}
