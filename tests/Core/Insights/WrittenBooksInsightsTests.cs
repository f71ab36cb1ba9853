using System.Text.Json;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Insights;
using DataHealth.Core.Tests.Health;

namespace DataHealth.Core.Tests.Insights;

/// <summary>The insights of the books that were written by hand (<c>Health/Books</c>), one of each provider: every number can be added up from their tables.</summary>
public sealed class WrittenBooksInsightsTests
{
    private static readonly DateOnly March = new(2026, 3, 31);

    [Fact]
    public async Task The_numbers_of_a_Xero_book_are_those_that_a_bookkeeper_adds_up()
    {
        var insights = await OfAsync("harbour-cafe");

        // March: four invoices, 21 bills, six bank entries and five payments, one pay run; four customers and 18 suppliers.
        var march = insights.Volumes.Value![^1];
        march.ShouldBe(new Volume(March, 4, 21, 11, 1, 22));
        (insights.Volumes.Value.Count, insights.Volumes.Value[0].MonthEnd, march.Transactions).ShouldBe((12, new DateOnly(2025, 4, 30), 37));
        // Invoices of 5,695 less credits of 130, and 290 at the till; the 75 in suspense bear no tax and are no sale.
        insights.Turnover.Value.ShouldBe(new TurnoverInsight(March, 5_855m, 0m, IsRegistered: true, 90_000m, 84_145m, "GB, since 1 April 2024: HM Revenue & Customs, VAT thresholds"));
        // The profit and loss of three months; of last year there is none.
        insights.Revenue.Value!.ShouldBe([new(new(2026, 1, 31), 3_000m, null), new(new(2026, 2, 28), 6_000m, null), new(March, 9_000m, null)]);
        insights.Position.Value!.ShouldBe([new(new(2025, 12, 31), 0m, 14_550m), new(March, 12_350m, 26_645m)]);
        // The last quarter of 2025 is filed, so all since New Year is open.
        insights.SalesTax.Value.ShouldBe(new TaxEstimate(new(2026, 1, 1), March, 569m, 1_478m, "The day after the last filed return."));
        insights.SalesTax.Value!.Due.ShouldBe(-909m);
        // I-01 and I-03 are over 90 days past due, the credit K-01 is 34 days old; the control account says 4,000.
        insights.Receivables.Value.ShouldBe(new AgedInsight(AgeFrom.DueDate, new(5_034m, 0m, -96m, 0m, 960m), 5_898m, 6, -1_898m));
        insights.Payables.Value.ShouldBe(new AgedInsight(AgeFrom.DueDate, new(8_030.40m, 120m, 0m, 0m, 0m), 8_150.40m, 20, 849.60m));
        insights.TopCustomers.Value!.ShouldBe([new("JOHN", "John Carter", 2_750m, 0.4697m), new("LATE", "Late Payers plc", 2_220m, 0.3792m), new("ANA", "Ana's Bakery", 540m, 0.0922m), new("JANE", "Jane Carter", 345m, 0.0589m)]);
        insights.TopSuppliers.Value!.Take(3).Select(share => (share.Name, share.Amount)).ShouldBe([("Quay Estates", 6_360m), ("Gadget World", 2_000m), ("Coastal Foods Ltd", 1_508m)]);
        insights.UnusuallyLate.Value!.ShouldBeEmpty("nobody has paid three invoices");
        (insights.BankAccounts.Value!.Total, insights.BankAccounts.Value.Cards).ShouldBe((3, 0));
        insights.BankAccounts.Value.ManualFeeds.Missing.ShouldBe("Not available, needs to know which accounts have no feed, as a setting: no provider tells it.");
        (insights.Currencies.Value!.Base, string.Join(',', insights.Currencies.Value.Used)).ShouldBe(("GBP", "GBP"));
    }

    [Fact]
    public async Task The_numbers_of_a_QuickBooks_book_say_what_QuickBooks_cannot_tell()
    {
        var insights = await OfAsync("maple-joinery");

        // Three invoices and a sales receipt, none with tax.
        insights.Turnover.Value.ShouldBe(new TurnoverInsight(March, 0m, 5_890m, IsRegistered: true, null, null, "Not available, needs the threshold that applies to this business, as a setting."));
        insights.Receivables.Value.ShouldBe(new AgedInsight(AgeFrom.DueDate, new(800m, 0m, 0m, 0m, 600m), 1_400m, 2, 0m));
        insights.Payables.Value.ShouldBe(new AgedInsight(AgeFrom.DueDate, new(3_295m, 0m, 0m, 0m, 0m), 3_295m, 5, -3_495m));
        // The checking account less the card; what is undeposited is no bank account.
        insights.Position.Value![^1].ShouldBe(new Position(March, 480m, 8_170m));
        insights.TopCustomers.Value![0].ShouldBe(new("customer-2", "Pine Grove", 4_800m, 0.8149m));
        (insights.BankAccounts.Value!.Total, insights.BankAccounts.Value.Cards).ShouldBe((2, 1));
        insights.Users.Missing.ShouldBe("Not available, needs the people with access to the books, which this provider does not tell.");
        insights.SalesTax.Missing.ShouldBe("Not available, needs the first day of the period that is not filed yet, as a setting or from a filed return.");
        insights.Revenue.Missing.ShouldBe("Not available, needs the profit and loss of January 2026.");
    }

    [Fact]
    public async Task What_a_practice_sets_is_used_where_the_books_are_silent()
    {
        var insights = await OfAsync("maple-joinery", settings: new InsightSettings
        {
            RegistrationThreshold = 10_000m,
            IsRegistered = false,
            OpenTaxPeriodFrom = new(2026, 3, 1),
            ManualFeeds = ["36"],
            TopContacts = 1,
            AgeFrom = AgeFrom.Date,
        });

        insights.Turnover.Value.ShouldBe(new TurnoverInsight(March, 5_890m, 0m, IsRegistered: false, 10_000m, 4_110m, "As set."));
        insights.SalesTax.Missing.ShouldBe("Not applicable: the business is not registered for sales tax.");
        insights.BankAccounts.Value!.ManualFeeds.Value!.Accounts.ShouldBe(["36 Visa card"]);
        insights.TopSuppliers.Value!.Count.ShouldBe(1);
        // By its own date the invoice of 18 March is 13 days old.
        insights.Receivables.Value!.Balances.ShouldBe(new(0m, 800m, 0m, 0m, 600m));
    }

    [Theory]
    [InlineData("harbour-cafe")]
    [InlineData("maple-joinery")]
    [InlineData("fjord-design")]
    public async Task Promise_10_The_numbers_are_the_same_in_any_order_of_rows_and_beside_the_checks(string book)
    {
        var alone = Text(await OfAsync(book));

        foreach (var shuffle in Enumerable.Range(1, 3))
            Text(await OfAsync(book, shuffle)).ShouldBe(alone);
        var (health, beside) = await new HealthPass().RunAsync(WrittenBook.Open(book, shuffle: 4), Request(book), InsightSettings.Default, TestContext.Current.CancellationToken);
        Text(beside).ShouldBe(alone);
        var checks = await new HealthEngine().RunAsync(WrittenBook.Open(book), Request(book), TestContext.Current.CancellationToken);
        health.Findings.Select(finding => (finding.Id, finding.Fingerprint)).ShouldBe(checks.Findings.Select(finding => (finding.Id, finding.Fingerprint)));
    }

    private static HealthRequest Request(string book) => new() { Period = Period.MonthOf(March), ReportingDate = March, Settings = WrittenBook.Open(book).Settings };

    private static Task<ClientInsights> OfAsync(string book, int shuffle = 0, InsightSettings? settings = null) =>
        new HealthPass().InsightsAsync(WrittenBook.Open(book, shuffle: shuffle), Request(book), settings ?? InsightSettings.Default, TestContext.Current.CancellationToken);

    private static string Text(ClientInsights insights) => JsonSerializer.Serialize(insights, InsightsJson.Default.ClientInsights);
}
