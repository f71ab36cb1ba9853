using DataHealth.Core.Health;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Insights;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Providers.Suite;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Health;

/// <summary>The checks over copies that real syncs of the simulators made, in Azurite.</summary>
public sealed class CopiedBooksTests(AzuriteFixture azurite)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("xero")]
    [InlineData("quickbooks")]
    public async Task A_synced_company_is_judged_on_all_of_its_books_and_the_same_again(string key)
    {
        await using ProviderUnderTest provider = key == "xero" ? await XeroUnderTest.StartAsync() : await QuickBooksUnderTest.StartAsync(new());
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        var books = new LedgerStoreReader(stage.Get<LedgerStore>(), stage.Get<ProviderCatalog>().Get(key), stage.Client);
        var request = HealthRequest.ForLastMonth(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));

        var before = await new HealthEngine().RunAsync(books, request, Stop);
        before.IsComplete.ShouldBeFalse();
        before.Score(ScoreRecipe.Default, _ => true).ShouldBeNull("nothing is copied yet");

        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        await The_chart_comes_first_and_then_what_tells_of_others(books);
        var result = await new HealthEngine().RunAsync(books, request, Stop);
        var again = await new HealthEngine().RunAsync(books, request, Stop);

        result.IsComplete.ShouldBeTrue(string.Join(", ", result.Coverage.Where(dataset => dataset.UpTo is null).Select(dataset => dataset.Title)));
        result.Organisation.BaseCurrency.ShouldNotBeNull();
        result.Outcomes["bank-reconciliation"].ShouldBeOfType<CheckOutcome.Checked>();
        result.Outcomes["duplicate-contacts"].ShouldBeOfType<CheckOutcome.Checked>();
        (result.Outcomes["fixed-assets"] is CheckOutcome.NotAvailable).ShouldBe(key == "quickbooks");
        var score = result.Score(ScoreRecipe.Default, _ => true)!;
        score.Exact.ShouldBeInRange(0m, 100m);
        again.Findings.Select(finding => (finding.Id, finding.Fingerprint)).ShouldBe(result.Findings.Select(finding => (finding.Id, finding.Fingerprint)));
        again.Score(ScoreRecipe.Default, _ => true)!.Exact.ShouldBe(score.Exact);
        result.Findings.Select(finding => finding.Id).ShouldBeUnique();
        await The_insights_ride_along_and_are_all_there(books, request, key, result);
    }

    private static async Task The_insights_ride_along_and_are_all_there(LedgerStoreReader books, HealthRequest request, string key, HealthResult alone)
    {
        var (health, insights) = await new HealthPass().RunAsync(books, request, InsightSettings.Default with { OpenTaxPeriodFrom = request.Period.From }, Stop);

        health.Findings.Select(finding => finding.Id).ShouldBe(alone.Findings.Select(finding => finding.Id));
        (insights.Users.Value is { Total: > 0 }).ShouldBe(key == "xero", insights.Users.Missing);
        insights.Currencies.Value!.SetUp.ShouldNotBeEmpty();
        insights.Volumes.Value!.Sum(month => month.Transactions).ShouldBeGreaterThan(50);
        insights.Turnover.Value!.Taxable.ShouldBeGreaterThan(0m, insights.Turnover.Missing);
        insights.Revenue.Value![^1].LastYear.ShouldNotBeNull(insights.Revenue.Missing);
        insights.Position.Value!.Count.ShouldBe(12, insights.Position.Missing);
        insights.SalesTax.Value!.OnSales.ShouldBeGreaterThan(0m, insights.SalesTax.Missing);
        (insights.Receivables.Value!.NotExplained, insights.Payables.Value!.NotExplained).ShouldBe((0m, 0m), "documents rebuild the control accounts");
        insights.TopCustomers.Value!.ShouldAllBe(share => share.Name != null && share.Share > 0m);
        insights.TopSuppliers.Value!.Count.ShouldBeInRange(2, 10);
        insights.UnusuallyLate.Missing.ShouldBeNull();
        insights.BankAccounts.Value!.Total.ShouldBeGreaterThan(1);
    }

    // Xero names the accounts of items by code: read before the chart, they would name nothing.
    private static async Task The_chart_comes_first_and_then_what_tells_of_others(LedgerStoreReader books)
    {
        var ranks = await books.ReadAsync(Enum.GetValues<LedgerPart>().ToHashSet(), Stop)
            .Select(record => record switch { Organisation or LedgerAccount or TaxRate => 1, Item or PaymentTerms or OrganisationSettings => 2, LedgerAttachment or LedgerClearance or ClearanceWindow => 3, _ => 4 })
            .ToListAsync(Stop);

        ranks.ShouldBeInOrder();
        ranks.ShouldContain(1);
        ranks.ShouldContain(2);
        ranks.ShouldContain(4);
    }
}
