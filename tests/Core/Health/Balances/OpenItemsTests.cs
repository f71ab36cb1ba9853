using CsCheck;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;
using static DataHealth.Core.Tests.Health.Balances.HandBooks;

namespace DataHealth.Core.Tests.Health.Balances;

public sealed class OpenItemsTests
{
    private static readonly DateOnly[] MonthEnds = [Day("2026-01-31"), Day("2026-02-28"), Day("2026-03-31"), Day("2026-04-30")];

    [Fact]
    public void An_invoice_is_open_by_what_had_settled_it_on_that_day()
    {
        // 1,000 and VAT on 10 January; 500 paid on 20 February; a credit note of 100 from 1 March is used on 5 March; the rest is paid on 15 April.
        var items = At(
            [Day("2026-01-09"), .. MonthEnds, Day("2026-03-03")],
            Document("invoice", DocumentKind.SalesInvoice, "2026-01-10", 1000m, 200m),
            Payment("invoice", DocumentKind.SalesInvoice, "2026-02-20", 500m), Payment("invoice", DocumentKind.SalesInvoice, "2026-04-15", 600m),
            Document("credit", DocumentKind.SalesCreditNote, "2026-03-01", 100m) with { Allocations = [new("use", "invoice", 100m, Day("2026-03-05"))] });

        Receivable("2026-01-09").ShouldBe(0m);
        Receivable("2026-01-31").ShouldBe(1200m);
        Receivable("2026-02-28").ShouldBe(700m);
        items.At(Day("2026-03-03")).Items.Select(item => (item.Id, item.Open)).ShouldBe([("credit", -100m), ("invoice", 700m)]);
        Receivable("2026-03-31").ShouldBe(600m);
        items.At(Day("2026-04-30")).Items.ShouldBeEmpty();

        decimal Receivable(string day) => items.At(Day(day)).Receivable;
    }

    [Fact]
    public void A_bill_in_euros_is_open_at_its_own_rate_whatever_it_was_paid_at()
    {
        // 1,000 EUR at 1.25 are 800.00; 400 EUR paid at 1.20 take 320.00 off what is owed, and 13.33 is a loss on exchange.
        var items = At(
            MonthEnds, Document("bill", DocumentKind.Bill, "2026-01-10", 1000m, left: 600m) with { Currency = "EUR", CurrencyRate = 1.25m },
            Payment("bill", DocumentKind.Bill, "2026-02-20", 400m) with { Currency = "EUR", CurrencyRate = 1.2m });

        (items.At(Day("2026-01-31")).Payable, items.At(Day("2026-02-28")).Payable).ShouldBe((800m, 480m));
        items.At(Day("2026-02-28")).Items.Single().ShouldSatisfyAllConditions(item => item.Open.ShouldBe(600m), item => item.Currency.ShouldBe("EUR"), item => item.IsReceivable.ShouldBeFalse());
    }

    [Fact]
    public void Cents_that_rounding_leaves_of_a_document_paid_in_parts_stay_with_it()
    {
        // 100 EUR at 3 are 33.33; paid in two halves they are 16.67 each.
        var items = At(
            MonthEnds, Document("bill", DocumentKind.Bill, "2026-01-10", 100m) with { Currency = "EUR", CurrencyRate = 3m },
            Payment("bill", DocumentKind.Bill, "2026-02-20", 50m) with { Currency = "EUR", CurrencyRate = 3m }, Payment("bill", DocumentKind.Bill, "2026-02-21", 50m) with { Currency = "EUR", CurrencyRate = 3m });

        items.At(Day("2026-02-28")).Items.Single().ShouldSatisfyAllConditions(item => item.Open.ShouldBe(0m), item => item.OpenInBase.ShouldBe(-0.01m));
    }

    [Fact]
    public void A_refund_uses_a_credit_up_and_what_was_paid_too_much_is_owed_back()
    {
        var items = At(
            MonthEnds,
            Document("credit", DocumentKind.SalesCreditNote, "2026-01-10", 100m), Payment("credit", DocumentKind.SalesCreditNote, "2026-02-10", 100m, MoneyDirection.Out),
            // Xero: 50 too much came in January, 20 of it went back in March.
            Document("over", DocumentKind.SalesOverpayment, "2026-01-20", 50m, left: 30m) with { Lines = [Line(50m, "610")] }, Payment("over", DocumentKind.SalesOverpayment, "2026-03-10", 20m, MoneyDirection.Out),
            // QuickBooks: the money that made the credit is a payment of it, and settles nothing.
            Document("payment-9-unapplied", DocumentKind.SalesOverpayment, "2026-01-25", 7m, left: 7m) with { Lines = [] }, Payment("payment-9-unapplied", DocumentKind.SalesOverpayment, "2026-01-25", 7m, MoneyDirection.In));

        MonthEnds.Select(day => items.At(day).Receivable).ShouldBe([-157m, -57m, -37m, -37m]);
    }

    [Fact]
    public void Money_that_came_before_its_invoice_is_owed_back_until_then()
    {
        var items = At(MonthEnds, Document("invoice", DocumentKind.SalesInvoice, "2026-03-10", 300m), Payment("invoice", DocumentKind.SalesInvoice, "2026-02-20", 300m));

        MonthEnds.Select(day => items.At(day).Receivable).ShouldBe([0m, -300m, 0m, 0m]);
    }

    [Fact]
    public void A_use_of_a_credit_that_is_a_record_of_its_own_settles_both()
    {
        var items = At(
            MonthEnds, Document("bill", DocumentKind.Bill, "2026-01-10", 300m, left: 210m), Document("credit", DocumentKind.SupplierCreditNote, "2026-02-10", 90m),
            new LedgerCreditUse { Id = "use", Credit = DocumentKind.SupplierCreditNote, CreditId = "credit", DocumentId = "bill", Amount = 90m, Date = Day("2026-03-20"), Status = LedgerStatus.Posted });

        items.At(Day("2026-02-28")).Items.Select(item => item.Open).ShouldBe([300m, -90m]);
        items.At(Day("2026-03-31")).Items.Select(item => (item.Id, item.Open)).ShouldBe([("bill", 210m)]);
        MonthEnds.Select(day => items.At(day).Payable).ShouldBe([300m, 210m, 210m, 210m]);
    }

    [Fact]
    public void A_prepayment_coded_to_an_account_of_its_own_is_in_the_control_account_only_through_what_it_settles()
    {
        var items = At(
            MonthEnds, Document("invoice", DocumentKind.SalesInvoice, "2026-03-10", 100m, left: 60m),
            Document("deposit", DocumentKind.SalesPrepayment, "2026-02-10", 50m, left: 10m) with { Lines = [Line(50m, "810")], Allocations = [new("use", "invoice", 40m, Day("2026-03-12"))] });

        MonthEnds.Select(day => items.At(day).Receivable).ShouldBe([0m, 0m, 60m, 60m]);
        items.At(Day("2026-02-28")).Items.Single().ShouldSatisfyAllConditions(item => item.Open.ShouldBe(-50m), item => item.IsInControl.ShouldBeFalse());
    }

    [Fact]
    public void What_is_voided_or_still_a_draft_was_never_owed()
    {
        var items = At(MonthEnds, Document("void", DocumentKind.SalesInvoice, "2026-01-10", 10m) with { Status = LedgerStatus.Voided }, Document("draft", DocumentKind.Bill, "2026-01-10", 10m, left: 10m) with { Status = LedgerStatus.Draft });

        MonthEnds.ShouldAllBe(day => items.At(day).Items.Count == 0);
    }

    [Fact]
    public void A_journal_to_a_control_account_is_owed_until_a_payment_settles_it()
    {
        var items = At(
            MonthEnds, new LedgerJournal { Id = "journalentry-1", Status = LedgerStatus.Posted, Date = Day("2026-01-05"), Lines = [Line(80m, "610", null), Line(-80m, "200", null)] },
            Payment("journalentry-1", DocumentKind.Unknown, "2026-02-05", 30m, MoneyDirection.In));

        MonthEnds.Select(day => items.At(day).Receivable).ShouldBe([80m, 50m, 50m, 50m]);
    }

    [Fact]
    public void The_difference_to_the_control_account_is_shown()
    {
        var frame = Frame();
        var reported = new MonthEndBalances(frame);
        reported.Add(Figure(BalanceReport.BalanceSheet, "610", "2026-01-31", 1250m, "2026-01-31"));
        reported.Add(Figure(BalanceReport.BalanceSheet, "800", "2026-01-31", -40m, "2026-01-31"));
        var items = At(MonthEnds, Document("invoice", DocumentKind.SalesInvoice, "2026-01-10", 1200m, left: 1200m), Document("bill", DocumentKind.Bill, "2026-01-10", 40m, left: 40m));

        var check = items.At(Day("2026-01-31")).Check(reported);
        (check.Receivable, check.ReportedReceivable, check.ReceivableDifference, check.Payable, check.PayableDifference).ShouldBe((1200m, 1250m, 50m, 40m, 0m));
        items.At(Day("2026-02-28")).Check(reported).ReceivableDifference.ShouldBeNull("no report covers it");
    }

    [Fact]
    public void What_was_settled_before_the_first_day_is_not_held()
    {
        var items = new OpenItems(Frame(), MonthEnds);
        for (var number = 0; number < 1_000; number++)
        {
            items.Add(Payment($"{number}", DocumentKind.SalesInvoice, "2026-01-31", 10m));
            items.Add(Document($"{number}", DocumentKind.SalesInvoice, "2025-12-31", 10m) with { PaidOn = Day("2026-01-31") });
        }

        items.Add(Document("open", DocumentKind.SalesInvoice, "2025-12-31", 10m, left: 10m));
        (items.Count, items.At(MonthEnds[0]).Items.Count).ShouldBe((1, 1));
    }

    [Fact]
    public void Whatever_order_records_come_in_the_same_is_open_and_it_is_what_a_plain_count_says() =>
        Gen.Select(GenBooks, Gen.Int[0, 1000]).Sample((books, seed) =>
        {
            var order = books.ToArray();
            new Random(seed).Shuffle(order);
            var (one, other) = (At(MonthEnds, [.. books]), At(MonthEnds, order));
            foreach (var day in MonthEnds)
            {
                other.At(day).Items.ShouldBe(one.At(day).Items);
                other.At(day).Items.Sum(item => item.Open).ShouldBe(Plain(books, day));
            }
        }, iter: 300);

    // Invoices of 1 to 500 pounds or euros, each paid in up to three parts on days around and after its date; what is left is what is left.
    private static Gen<List<LedgerRecord>> GenBooks =>
        Gen.Select(Gen.Int[0, 119], Gen.Decimal[1m, 500m], Gen.Bool, Gen.Bool, Gen.Int[0, 99].Array[0, 3], Gen.Int[-10, 120].Array[3]).List[1, 12].Select(documents =>
        {
            List<LedgerRecord> records = [];
            foreach (var (number, (day, amount, isForeign, tellsPaidOn, shares, days)) in documents.Index())
            {
                var (date, gross, left) = (Day("2026-01-01").AddDays(day), Math.Round(amount, 2), Math.Round(amount, 2));
                List<LedgerPayment> payments = [];
                foreach (var (part, share) in shares.Index())
                {
                    var paid = part == 2 ? left : Math.Round(left * share / 100m, 2);
                    left -= paid;
                    payments.Add(Payment($"{number}", DocumentKind.SalesInvoice, "2026-01-01", paid) with
                    {
                        Id = $"{number}-{part}",
                        Date = date.AddDays(days[part]),
                        Currency = isForeign ? "EUR" : "GBP",
                        CurrencyRate = isForeign ? 1.17m : 1m,
                    });
                }

                records.Add(Document($"{number}", DocumentKind.SalesInvoice, "2026-01-01", gross, left: left) with
                {
                    Date = date,
                    Currency = isForeign ? "EUR" : "GBP",
                    CurrencyRate = isForeign ? 1.2m : 1m,
                    PaidOn = tellsPaidOn && left == 0m && payments.Count > 0 ? payments.Max(payment => payment.Date) : null,
                });
                records.AddRange(payments);
            }

            return records;
        });

    private static decimal Plain(List<LedgerRecord> books, DateOnly day) =>
        books.OfType<LedgerDocument>().Where(document => document.Date <= day).Sum(document => document.Gross) - books.OfType<LedgerPayment>().Where(payment => payment.Date <= day).Sum(payment => payment.Amount);

    private static OpenItems At(DateOnly[] days, params LedgerRecord[] records)
    {
        var items = new OpenItems(Frame(), days);
        foreach (var record in records)
            items.Add(record);
        return items;
    }
}
