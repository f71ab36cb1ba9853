using CsCheck;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;
using static DataHealth.Core.Tests.Health.Balances.HandBooks;

namespace DataHealth.Core.Tests.Health.Balances;

public sealed class TaxTotalsTests
{
    private static readonly DateOnly April = Day("2026-04-30");

    [Fact]
    public void Lines_tell_net_and_tax_of_their_rates_and_credits_lessen_their_own_side() => Totals(
        Document("invoice", DocumentKind.SalesInvoice, "2026-04-02", 150m, 20m) with { Lines = [Line(100m, "200", 20m, "STD"), Line(50m, "200", 0m, "ZERO")] },
        Document("credit", DocumentKind.SalesCreditNote, "2026-04-20", 10m, 2m), Document("bill", DocumentKind.Bill, "2026-04-20", 30m, 6m))
        .ShouldBe([new(April, "STD", 90m, 18m, 30m, 6m), new(April, "ZERO", 50m, 0m, 0m, 0m)]);

    [Fact]
    public void A_suppliers_refund_lessens_purchases_and_a_customers_lessens_sales() => Totals(
        Entry("bought", MoneyDirection.Out, "2026-04-02", 100m, "429", 20m), Entry("back", MoneyDirection.In, "2026-04-03", 10m, "429", 2m),
        Entry("sold", MoneyDirection.In, "2026-04-04", 200m, "200", 40m), Entry("refund", MoneyDirection.Out, "2026-04-05", 50m, "200", 10m))
        .ShouldBe([new(April, "STD", 150m, 30m, 90m, 18m)]);

    [Fact]
    public void Where_the_document_tells_tax_by_rate_its_lines_are_not_asked() => Totals(
        Document("invoice", DocumentKind.SalesInvoice, "2026-04-02", 150m, 20m) with
        {
            Lines = [Line(100m, "200", null, "5"), Line(30m, "200", null, "6"), Line(20m, "200", null)],
            TaxParts = [new("taxrate-5", 100m, 20m), new("taxrate-6", 30m, 0m)],
        })
        .ShouldBe([new(April, "taxrate-5", 100m, 20m, 0m, 0m), new(April, "taxrate-6", 30m, 0m, 0m, 0m), new(April, TaxTotals.Untaxed, 20m, 0m, 0m, 0m)]);

    [Fact]
    public void Of_one_rate_alone_the_net_is_what_its_lines_post() => Totals(
        Document("invoice", DocumentKind.SalesInvoice, "2026-04-02", 20m) with { Currency = "EUR", CurrencyRate = 3m, Lines = [Line(10m, "200", null, "5"), Line(10m, "200", null, "5")], TaxParts = [new("taxrate-5", 20m, 4m)] })
        .ShouldBe([new(April, "taxrate-5", 6.66m, 1.33m, 0m, 0m)]);

    [Fact]
    public void Tax_of_which_nobody_tells_the_rate_is_said_to_be_not_told() => Totals(
        Document("bill", DocumentKind.Bill, "2026-04-02", 100m, 20m) with { Lines = [Line(100m, "429", null, "5")] },
        Document("none", DocumentKind.Bill, "2026-04-02", 40m) with { Lines = [Line(40m, "429", null, "5")] })
        .ShouldBe([new(April, TaxTotals.NotTold, 0m, 0m, 100m, 20m), new(April, TaxTotals.Untaxed, 0m, 0m, 40m, 0m)]);

    [Fact]
    public void Foreign_amounts_are_in_base_currency_line_by_line() => Totals(
        Document("bill", DocumentKind.Bill, "2026-04-02", 20m) with { Currency = "EUR", CurrencyRate = 3m, Lines = [Line(10m, "429", 2m, "STD"), Line(10m, "429", 2m, "STD")] })
        .ShouldBe([new(April, "STD", 0m, 0m, 6.66m, 1.34m)]);

    [Fact]
    public void Money_to_a_control_account_is_no_supply_and_a_taxed_prepayment_is_taken_back_as_far_as_it_is_used() => Totals(
        Entry("over", MoneyDirection.In, "2026-04-02", 500m, "610") with { Kind = BankEntryKind.Overpayment },
        Entry("deposit", MoneyDirection.In, "2026-04-02", 100m, "200", 20m) with { Kind = BankEntryKind.Prepayment },
        Document("credit", DocumentKind.SalesPrepayment, "2026-04-02", 100m, 20m) with { Lines = [Line(100m, "200", 20m, "STD")], Allocations = [new("use", "invoice", 30m, Day("2026-05-02"))] })
        .ShouldBe([new(April, "STD", 100m, 20m, 0m, 0m), new(Day("2026-05-31"), "STD", -25m, -5m, 0m, 0m)]);

    [Fact]
    public void A_journal_counts_by_the_tax_codes_of_its_lines() => Totals(
        new LedgerJournal { Id = "journal", Status = LedgerStatus.Posted, Date = Day("2026-04-02"), Lines = [Line(50m, "429", 10m, "STD"), Line(-40m, "200", -8m, "STD"), Line(-12m, "810", null)] })
        .ShouldBe([new(April, "STD", 40m, 8m, 50m, 10m)]);

    [Fact]
    public void The_order_of_records_does_not_matter()
    {
        LedgerRecord[] records =
        [
            Document("a", DocumentKind.SalesInvoice, "2026-04-02", 33.33m, 6.67m), Document("b", DocumentKind.Bill, "2026-05-02", 10m, 2m), Entry("c", MoneyDirection.Out, "2026-04-05", 5m, "200", 1m),
            Document("d", DocumentKind.SupplierCreditNote, "2026-04-09", 3m, 0.6m) with { Currency = "EUR", CurrencyRate = 1.17m },
        ];
        var expected = Totals(records);
        Gen.Shuffle(records).Sample(order => Totals(order).ShouldBe(expected), iter: 24);
    }

    private static IReadOnlyList<TaxTotal> Totals(params LedgerRecord[] records)
    {
        var totals = new TaxTotals(Frame());
        foreach (var record in records)
            totals.Add(record);
        return totals.Totals;
    }
}
