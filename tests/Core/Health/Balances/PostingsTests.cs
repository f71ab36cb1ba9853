using CsCheck;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;
using static DataHealth.Core.Tests.Health.Balances.HandBooks;

namespace DataHealth.Core.Tests.Health.Balances;

public sealed class PostingsTests
{
    private static readonly LedgerDocument EuroInvoice = Document("invoice", DocumentKind.SalesInvoice, "2026-01-10", 1000m) with { Currency = "EUR", CurrencyRate = 1.25m };

    [Fact]
    public void An_invoice_and_its_payment_post_to_income_tax_debtors_and_bank() => Months(
        [Document("invoice", DocumentKind.SalesInvoice, "2026-04-10", 1000m, 200m), Payment("invoice", DocumentKind.SalesInvoice, "2026-05-20", 500m)],
        ("2026-04-30", "090 0, 200 -1000, 610 1200, 820 -200"), ("2026-05-31", "090 500, 200 0, 610 700, 820 -200"));

    [Fact]
    public void A_credit_note_takes_back_and_a_refund_pays_it() => Months(
        [Document("credit", DocumentKind.SupplierCreditNote, "2026-04-10", 100m, 20m), Payment("credit", DocumentKind.SupplierCreditNote, "2026-04-20", 120m, MoneyDirection.In)],
        ("2026-04-30", "090 120, 429 -100, 800 0, 820 -20"));

    [Fact]
    public void A_payment_at_another_rate_realises_a_loss()
    {
        // 1,000 EUR invoiced at 1.25 are 800.00; they come in at 1.28 as 781.25.
        LedgerRecord[] records = [EuroInvoice, Payment("invoice", DocumentKind.SalesInvoice, "2026-02-20", 1000m) with { Currency = "EUR", CurrencyRate = 1.28m }];
        Months(records, ("2026-01-31", "090 0, 200 -800, 499 0, 610 800"), ("2026-02-28", "090 781.25, 200 0, 499 18.75, 610 0"));
        Months([.. records.Reverse()], ("2026-02-28", "090 781.25, 200 0, 499 18.75, 610 0"));
    }

    [Fact]
    public void A_payment_whose_document_never_came_realises_nothing() => Months(
        [Payment("elsewhere", DocumentKind.SalesInvoice, "2026-02-20", 128m) with { Currency = "EUR", CurrencyRate = 1.28m }], ("2026-02-28", "090 100, 610 -100"));

    [Fact]
    public void A_credit_in_euros_used_for_an_invoice_of_another_rate_realises_the_difference()
    {
        var credit = Document("credit", DocumentKind.SalesCreditNote, "2026-02-01", 500m) with { Currency = "EUR", CurrencyRate = 1.2m };
        // 500 EUR are 400.00 of the invoice and 416.67 of the credit: 16.67 of it is gained.
        const string Expected = "200 416.67, 499 -16.67, 610 400";
        Months([EuroInvoice, credit with { Allocations = [new("use", "invoice", 500m, Day("2026-02-10"))] }], ("2026-02-28", Expected));
        Months([new LedgerCreditUse { Id = "use", Credit = DocumentKind.SalesCreditNote, CreditId = "credit", DocumentId = "invoice", Amount = 500m, Date = Day("2026-02-10"), Status = LedgerStatus.Posted }, credit, EuroInvoice], ("2026-02-28", Expected));
    }

    [Fact]
    public void The_cents_that_rounding_leaves_have_an_account_of_their_own() => Months(
        // Three lines of 33.33 EUR at 1.3 are 25.64 each, and 99.99 are 76.92: nothing is left; 10.01 and 10.02 at 1.3 are 7.70 and 7.71, and 20.03 are 15.41. At 3: 3.34 + 3.34 of 6.68.
        [Document("invoice", DocumentKind.SalesInvoice, "2026-04-10", 0m) with { Gross = 100m, CurrencyRate = 3m, Currency = "EUR", Lines = [Line(50m, "200"), Line(50m, "200")] }],
        ("2026-04-30", "200 -33.34, 610 33.33, 860 0.01"));

    [Fact]
    public void What_a_document_does_not_tell_is_nobodys_and_is_not_called_rounding() => Months(
        [Document("bill", DocumentKind.Bill, "2026-04-10", 100m) with { Lines = [Line(60m, "429"), Line(30m, "unknown")] }],
        ("2026-04-30", "no account 10, 429 60, 800 -100, unknown 30"));

    [Fact]
    public void Money_through_the_bank_posts_its_lines_and_a_transfer_moves_it() => Months(
        [
            Entry("fee", MoneyDirection.Out, "2026-04-10", 30m, "429", 6m), Entry("sale", MoneyDirection.In, "2026-04-11", 50m, "200", 10m),
            new LedgerTransfer { Id = "transfer", Status = LedgerStatus.Posted, Date = Day("2026-04-12"), Amount = 15m, FromAccountId = "090", ToAccountId = "091" },
            // One side of that transfer, as a bank entry: the transfer tells it.
            Entry("side", MoneyDirection.Out, "2026-04-12", 15m, "091") with { Kind = BankEntryKind.Transfer },
        ],
        ("2026-04-30", "090 9, 091 15, 200 -50, 429 30, 820 -4"));

    [Fact]
    public void An_overpayment_is_posted_by_the_money_that_brought_it() => Months(
        [
            Entry("money", MoneyDirection.In, "2026-04-10", 50m, "610") with { Kind = BankEntryKind.Overpayment, CreditId = "over" },
            Document("over", DocumentKind.SalesOverpayment, "2026-04-10", 50m) with { Lines = [Line(50m, "610")], Allocations = [new("use", "invoice", 50m, Day("2026-04-12"))] },
        ],
        ("2026-04-30", "090 50, 610 -50"));

    [Fact]
    public void A_prepayment_leaves_the_account_that_it_was_coded_to_as_far_as_it_is_used() => Months(
        // 120 with 20 of VAT, kept as income in advance; half of it is used in May.
        [
            Entry("money", MoneyDirection.In, "2026-04-10", 100m, "810", 20m) with { Kind = BankEntryKind.Prepayment, CreditId = "deposit" },
            Document("deposit", DocumentKind.SalesPrepayment, "2026-04-10", 100m, 20m, 60m) with { Lines = [Line(100m, "810", 20m, "STD")], Allocations = [new("use", "invoice", 60m, Day("2026-05-12"))] },
        ],
        ("2026-04-30", "090 120, 610 0, 810 -100, 820 -20"), ("2026-05-31", "090 120, 610 -60, 810 -50, 820 -10"));

    [Fact]
    public void Money_that_is_not_yet_banked_waits_until_a_deposit_gathers_it()
    {
        var frame = Frame(3, 31, Account("12", AccountClass.Asset, "UndepositedFunds"));
        Months(
            frame,
            [
                Payment("invoice", DocumentKind.SalesInvoice, "2026-04-10", 70m) with { AccountId = null },
                Entry("deposit", MoneyDirection.In, "2026-05-02", 70m, "none") with { Kind = BankEntryKind.Transfer, Lines = [] },
            ],
            ("2026-04-30", "090 0, 12 70, 610 -70"), ("2026-05-31", "090 70, 12 0, 610 -70"));
    }

    [Fact]
    public void Drafts_voids_and_what_was_deleted_or_put_away_post_nothing() => Months(
        [
            Document("draft", DocumentKind.SalesInvoice, "2026-04-10", 10m) with { Status = LedgerStatus.Draft }, Document("void", DocumentKind.Bill, "2026-04-10", 10m) with { Status = LedgerStatus.Voided },
            Payment("void", DocumentKind.Bill, "2026-04-10", 10m) with { Status = LedgerStatus.Deleted },
            new LedgerJournal { Id = "journal", Status = LedgerStatus.Archived, Date = Day("2026-04-10"), Lines = [Line(10m, "429"), Line(-10m, "810")] },
        ],
        ("2026-04-30", ""));

    [Fact]
    public void What_earlier_years_earned_is_in_retained_earnings_also_where_the_year_ends_within_a_month()
    {
        var postings = new Postings(Frame(yearEndMonth: 4, yearEndDay: 5));
        // 40 on the last day of the year, 60 on the first day of the next.
        postings.Add(Entry("old", MoneyDirection.In, "2026-04-05", 40m, "200"));
        postings.Add(Entry("new", MoneyDirection.In, "2026-04-06", 60m, "200"));

        var explained = postings.Complete();

        (explained.Balance("960", Day("2026-03-31")), explained.Balance("960", Day("2026-04-30"))).ShouldBe((0m, -40m));
        (explained.Movement("200", Day("2026-04-30")), explained.YearToDate("200", Day("2026-04-30"))).ShouldBe((-100m, -60m));
        Should.Throw<InvalidOperationException>(() => postings.Add(EuroInvoice));
    }

    [Fact]
    public void What_no_document_explains_is_left_over_by_account_and_month()
    {
        // The report has wages of 900 that no document shows, and everything else as documents make it.
        var frame = Frame();
        var (reported, postings) = (new MonthEndBalances(frame), new Postings(frame));
        postings.Add(Document("bill", DocumentKind.Bill, "2026-04-10", 100m, 20m));
        foreach (var (account, amount) in new[] { ("800", -120m), ("820", 20m), ("810", -900m) })
            reported.Add(Figure(BalanceReport.BalanceSheet, account, "2026-04-30", amount, "2026-04-30"));
        foreach (var (account, amount) in new[] { ("429", 100m), ("477", 900m) })
            reported.Add(Figure(BalanceReport.ProfitAndLoss, account, "2026-04-30", amount, "2026-04-30", "2026-04-01"));

        Unexplained.Of(frame, reported, postings.Complete()).Where(one => one.Unexplained != 0m).Select(one => (one.AccountId, one.MonthEnd, one.Unexplained))
            .ShouldBe([("477", Day("2026-04-30"), 900m), ("810", Day("2026-04-30"), -900m)]);
    }

    [Fact]
    public void Whatever_is_posted_balances_and_the_order_of_records_does_not_matter() =>
        Gen.Select(GenRecords, Gen.Int[0, 1000]).Sample((records, seed) =>
        {
            var order = records.ToArray();
            new Random(seed).Shuffle(order);
            var (one, other) = (Explain(Frame(), [.. records]), Explain(Frame(), order));

            other.Accounts.ShouldBe(one.Accounts);
            var end = Day("2027-12-31");
            foreach (var account in one.Accounts)
                (other.Balance(account, end), other.YearToDate(account, Day("2026-03-31")), other.Movement(account, Day("2026-02-28"))).ShouldBe((one.Balance(account, end), one.YearToDate(account, Day("2026-03-31")), one.Movement(account, Day("2026-02-28"))));
            // At the end of 2027 all that was earned before is in retained earnings.
            one.Accounts.Append("960").Distinct().Sum(account => one.Balance(account, end) ?? 0m).ShouldBe(0m);
        }, iter: 300);

    private static Gen<List<LedgerRecord>> GenRecords =>
        Gen.Select(Gen.Int[0, 100], Gen.Decimal[0.01m, 500m], Gen.Int[0, 6], Gen.Bool, Gen.Int[0, 5]).List[1, 15].Select(drawn => drawn.Index().Select(pair =>
        {
            var (number, (days, raw, kind, isForeign, of)) = pair;
            var (date, amount) = (Day("2026-01-01").AddDays(days), Math.Round(raw, 2));
            var (currency, rate) = isForeign ? ("EUR", 1.1m + (days / 1000m)) : ("GBP", 1m);
            LedgerRecord record = kind switch
            {
                0 => Document($"{number}", DocumentKind.SalesInvoice, "2026-01-01", amount, Math.Round(amount / 5, 2)) with { Date = date, Currency = currency, CurrencyRate = rate },
                1 => Document($"{number}", DocumentKind.Bill, "2026-01-01", amount) with { Date = date, Currency = currency, CurrencyRate = rate },
                2 => Document($"{number}", DocumentKind.SalesCreditNote, "2026-01-01", amount) with { Date = date, Currency = currency, CurrencyRate = rate, Allocations = [new(null, $"{of}", amount / 2, date.AddDays(3))] },
                3 => Payment($"{of}", DocumentKind.SalesInvoice, "2026-01-01", amount) with { Id = $"{number}", Date = date, Currency = currency, CurrencyRate = rate },
                4 => Document($"{number}", DocumentKind.SalesPrepayment, "2026-01-01", amount) with { Date = date, Currency = currency, CurrencyRate = rate, Lines = [Line(amount, "810")], Allocations = [new(null, $"{of}", amount / 3, date)] },
                5 => Entry($"{number}", MoneyDirection.Out, "2026-01-01", amount, "429", 1m) with { Date = date, Currency = currency, CurrencyRate = rate },
                _ => new LedgerCreditUse { Id = $"{number}", Credit = DocumentKind.SupplierCreditNote, CreditId = $"{of}", DocumentId = $"{of + 1}", Amount = amount, Date = date, Status = LedgerStatus.Posted },
            };
            return record;
        }).ToList());

    private static ExplainedBalances Explain(BooksFrame frame, params LedgerRecord[] records)
    {
        var postings = new Postings(frame);
        foreach (var record in records)
            postings.Add(record);
        return postings.Complete();
    }

    private static void Months(LedgerRecord[] records, params (string MonthEnd, string Accounts)[] expected) => Months(Frame(), records, expected);

    // Balances; of income and expenses the month's movement.
    private static void Months(BooksFrame frame, LedgerRecord[] records, params (string MonthEnd, string Accounts)[] expected)
    {
        var explained = Explain(frame, records);
        foreach (var (monthEnd, accounts) in expected)
        {
            string.Join(", ", explained.Accounts.Select(account => string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"{(account.Length == 0 ? "no account" : account)} {explained.Movement(account, Day(monthEnd)) ?? explained.Balance(account, Day(monthEnd)):0.##}"))).ShouldBe(accounts);
        }
    }
}
