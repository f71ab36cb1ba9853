using DataHealth.Core.Health;
using DataHealth.Core.Insights;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Tests.Health;
using static DataHealth.Core.Tests.Health.Balances.HandBooks;

namespace DataHealth.Core.Tests.Insights;

/// <summary>Rules of the insights, each with a few records that a bookkeeper can follow.</summary>
public sealed class InsightRulesTests
{
    private static readonly Organisation Us = new() { Id = "us", Name = "Us Ltd", BaseCurrency = "GBP", Country = "GB", YearEndMonth = 3, YearEndDay = 31, PaysTax = true, SalesTaxBasis = "ACCRUALS", SalesTaxPeriod = "MONTHLY" };
    private static readonly LedgerAccount Bank = Account("090", AccountClass.Asset) with { IsBankAccount = true, Type = "BANK" };
    private static readonly LedgerAccount[] Accounts =
        [Bank, Account("610", AccountClass.Asset, "DEBTORS"), Account("200", AccountClass.Revenue), Account("429", AccountClass.Expense), Account("710", AccountClass.Asset) with { Type = "FIXED" }, Account("835", AccountClass.Liability)];

    [Fact]
    public async Task A_customer_is_unusually_late_by_their_own_habit_and_not_by_others()
    {
        // Ann pays five days late and now is 30 days late. Bob is always 60 days late, and is again. Cy is new.
        var insights = await OfAsync(
        [
            .. Paid("ann", "2025-10-01", "2025-10-06"), .. Paid("ann", "2025-11-01", "2025-11-06"), .. Paid("ann", "2025-12-01", "2025-12-07"), Sale("ann-open", "ann", "2026-03-01", 120m),
            .. Paid("bob", "2025-09-01", "2025-10-31"), .. Paid("bob", "2025-10-01", "2025-11-30"), .. Paid("bob", "2025-11-01", "2025-12-31"), Sale("bob-open", "bob", "2026-01-30", 70m),
            Sale("cy-open", "cy", "2025-12-01", 999m),
            new LedgerContact { Id = "ann", Name = "Ann", Activity = LedgerActivity.Active },
        ]);

        insights.UnusuallyLate.Value!.ShouldBe([new LateCustomer("ann", "Ann", 1, 120m, 30, 5m, 3)]);
    }

    [Theory]
    [InlineData("2026-03-12", true, "19 days late, usual 5: up to 19 nothing is unusual")]
    [InlineData("2026-03-11", false, "20 days late")]
    public async Task Up_to_fourteen_days_over_the_usual_are_nothing_unusual(string due, bool isUsual, string because)
    {
        var insights = await OfAsync(
            [.. Paid("ann", "2025-10-01", "2025-10-06"), .. Paid("ann", "2025-11-01", "2025-11-06"), .. Paid("ann", "2025-12-01", "2025-12-06"), Sale("open", "ann", due, 120m)]);

        (insights.UnusuallyLate.Value!.Count == 0).ShouldBe(isUsual, because);
    }

    [Fact]
    public async Task An_invoice_that_was_paid_after_the_reporting_date_was_late_then_and_is_no_habit_yet()
    {
        var insights = await OfAsync(
        [
            .. Paid("ann", "2025-10-01", "2025-10-01"), .. Paid("ann", "2025-11-01", "2025-11-01"), .. Paid("ann", "2025-12-01", "2025-12-01"),
            .. Paid("ann", "2026-02-01", "2026-05-01"),
        ]);

        insights.UnusuallyLate.Value.ShouldHaveSingleItem().ShouldBe(new LateCustomer("ann", null, 1, 120m, 58, 0m, 3));
    }

    [Fact]
    public async Task A_van_that_is_sold_and_a_loan_are_no_turnover()
    {
        LedgerRecord[] records =
        [
            Document("sold", DocumentKind.SalesInvoice, "2026-03-02", 1_000m, 200m) with { Lines = [Line(1_000m, "200", 200m, "STD")] },
            Document("van", DocumentKind.SalesInvoice, "2026-03-03", 5_000m, 1_000m) with { Lines = [Line(5_000m, "710", 1_000m, "STD")] },
            Entry("loan", MoneyDirection.In, "2026-03-04", 40_000m, "835") with { Lines = [Line(40_000m, "835", 0m, "NONE")] },
            new TaxRate { Id = "NONE", TaxType = "NONE", Name = "No VAT", Activity = LedgerActivity.Active },
        ];

        (await OfAsync(records)).Turnover.Value.ShouldBe(new TurnoverInsight(new(2026, 3, 31), 1_000m, 5_000m, true, 90_000m, 89_000m, "GB, since 1 April 2024: HM Revenue & Customs, VAT thresholds"));
        (await OfAsync(records, organisation: Us with { PaysTax = false })).Turnover.Value!.Taxable.ShouldBe(1_000m, "a loan is no turnover of one who is not registered either");
        (await OfAsync(records, organisation: Us with { PaysTax = null })).Turnover.Missing.ShouldBe("Not available, needs to know whether the business is registered for sales tax, as a setting.");
        (await OfAsync(records, organisation: Us with { BaseCurrency = "EUR" })).Turnover.Value!.ThresholdSource.ShouldBe("Not available, needs the threshold in the base currency, as a setting: it is GBP 90,000.00.");
    }

    [Fact]
    public async Task Revenue_stands_beside_the_same_months_of_the_year_before()
    {
        List<LedgerRecord> records = [];
        for (var month = 0; month < 24; month++)
        {
            var first = new DateOnly(2024, 4, 1).AddMonths(month);
            var last = first.AddMonths(1).AddDays(-1);
            records.Add(Figure(BalanceReport.ProfitAndLoss, "200", $"{last:yyyy-MM-dd}", month < 12 ? -100m : -150m, "2026-03-31", $"{first:yyyy-MM-dd}"));
        }

        var months = (await OfAsync(records)).Revenue.Value!;

        months.Count.ShouldBe(12);
        (months[0], months[^1]).ShouldBe((new RevenueMonth(new(2025, 4, 30), 150m, 100m), new RevenueMonth(new(2026, 3, 31), 1_800m, 1_200m)));
        // In April a new year begins; its report is not there yet.
        (await OfAsync(records, "2026-04-30")).Revenue.Missing.ShouldBe("Not available, needs the profit and loss of April 2026.");
        // Within a month what goes by months ends with the last whole one.
        (await OfAsync(records, "2026-04-15")).Revenue.Value![^1].MonthEnd.ShouldBe(new(2026, 3, 31));
    }

    [Fact]
    public async Task Tax_of_the_open_period_is_of_its_days_alone()
    {
        LedgerRecord[] records =
        [
            Document("feb", DocumentKind.SalesInvoice, "2026-02-28", 500m, 100m), Document("mar", DocumentKind.SalesInvoice, "2026-03-01", 100m, 20m), Document("credit", DocumentKind.SalesCreditNote, "2026-03-02", 10m, 2m),
            Document("bill", DocumentKind.Bill, "2026-03-20", 50m, 10m), Document("later", DocumentKind.SalesInvoice, "2026-03-21", 700m, 140m),
        ];

        var estimate = (await OfAsync(records, "2026-03-20")).SalesTax.Value!;

        (estimate.From, estimate.UpTo, estimate.OnSales, estimate.OnPurchases, estimate.Due).ShouldBe((new(2026, 3, 1), new(2026, 3, 20), 18m, 10m, 8m));
        (await OfAsync(records, "2026-03-20", Us with { SalesTaxPeriod = "QUARTERLY" })).SalesTax.Missing.ShouldStartWith("Not available, needs the first day of the period");
        (await OfAsync(records, "2026-03-20", Us with { SalesTaxPeriod = "QUARTERLY1", Country = "AU" })).SalesTax.Value!.From.ShouldBe(new(2026, 1, 1));
        (await OfAsync(records, "2026-03-20", Us with { SalesTaxBasis = "FLATRATECASH" })).SalesTax.Missing.ShouldBe("Not available, needs sales tax by the date of the document: these books reckon it otherwise (FLATRATECASH).");
    }

    [Fact]
    public async Task What_is_not_copied_is_missing_and_the_rest_is_there()
    {
        DatasetCoverage Dataset(string name, bool isThere, params LedgerPart[] parts) => new(name, name, parts, isThere ? DateTimeOffset.UnixEpoch : null);
        var book = new ListedBook([Us, .. Accounts])
        {
            Coverage =
            [
                Dataset("All else", true, [.. Enum.GetValues<LedgerPart>().Except([LedgerPart.Payments, LedgerPart.Users, LedgerPart.Balances])]),
                Dataset("Payments", false, LedgerPart.Payments), Dataset("Users", false, LedgerPart.Users), Dataset("Balance sheet", false, LedgerPart.Balances),
            ],
        };

        var (health, insights) = await new HealthPass().RunAsync(book, Request("2026-03-31"), InsightSettings.Default, TestContext.Current.CancellationToken);

        insights.Receivables.Missing.ShouldBe("Not available, needs a complete copy of: Payments.");
        insights.Users.Missing.ShouldBe("Not available, needs a complete copy of: Users.");
        insights.Position.Missing.ShouldBe("Not available, needs a complete copy of: Balance sheet.");
        insights.Turnover.Value.ShouldNotBeNull();
        health.Coverage.Select(dataset => dataset.Dataset).ShouldBe(["All else", "Payments", "Balance sheet"], "no check reads the users");
    }

    [Fact]
    public async Task Currencies_and_users_are_counted()
    {
        var insights = await OfAsync(
        [
            new Currency { Id = "GBP" }, new Currency { Id = "EUR" }, new Currency { Id = "USD" }, new User { Id = "1", Name = "Mara" }, new User { Id = "2", Name = "Jon" },
            Document("usd", DocumentKind.SalesInvoice, "2026-03-02", 10m) with { Currency = "USD", CurrencyRate = 1.25m }, Document("old", DocumentKind.Bill, "2025-03-31", 10m) with { Currency = "EUR", CurrencyRate = 1.1m },
        ]);

        (string.Join(',', insights.Currencies.Value!.SetUp), string.Join(',', insights.Currencies.Value.Used), insights.Users.Value!.Total).ShouldBe(("EUR,GBP,USD", "USD", 2));
    }

    [Fact]
    public async Task An_empty_company_has_noughts_and_no_exception()
    {
        var insights = await new HealthPass().InsightsAsync(new ListedBook(), Request("2026-03-31"), InsightSettings.Default, TestContext.Current.CancellationToken);

        insights.Receivables.Value!.Total.ShouldBe(0m);
        insights.TopCustomers.Value!.ShouldBeEmpty();
        insights.Volumes.Value!.ShouldAllBe(month => month.Transactions == 0);
        insights.Revenue.Missing.ShouldBe("Not available, needs the end of the financial year, which the books do not say.");
    }

    [Theory]
    [InlineData("GB", "2024-03-31", 85_000)]
    [InlineData("GB", "2024-04-01", 90_000)]
    [InlineData("AU", "2026-01-01", 75_000)]
    [InlineData("US", "2026-01-01", null)]
    public void A_threshold_holds_from_its_day_on(string country, string day, int? amount) => (RegistrationThresholds.Of(country, Day(day))?.Amount).ShouldBe(amount);

    private static HealthRequest Request(string day) => new() { Period = Period.MonthOf(Day(day)), ReportingDate = Day(day) };

    private static Task<ClientInsights> OfAsync(IEnumerable<LedgerRecord> records, string day = "2026-03-31", Organisation? organisation = null) =>
        new HealthPass().InsightsAsync(new ListedBook([organisation ?? Us, .. Accounts, .. records]), Request(day), InsightSettings.Default, TestContext.Current.CancellationToken);

    private static LedgerDocument Sale(string id, string contact, string due, decimal left) =>
        Document(id, DocumentKind.SalesInvoice, $"{Day(due).AddDays(-30):yyyy-MM-dd}", 100m, 20m, left) with { ContactId = contact, DueDate = Day(due) };

    private static IEnumerable<LedgerRecord> Paid(string contact, string due, string on) =>
        [Sale($"{contact} {due}", contact, due, 0m), Payment($"{contact} {due}", DocumentKind.SalesInvoice, on, 120m)];
}
