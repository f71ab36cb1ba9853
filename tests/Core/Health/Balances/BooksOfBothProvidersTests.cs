using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Providers.Suite;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Health.Balances;

/// <summary>To the cent, for both providers, with foreign currencies: what is rebuilt from documents is what the provider's own reports say, but for what is in its ledger alone (issue 6, must show 2).</summary>
public sealed class BooksOfBothProvidersTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    [Fact]
    public async Task At_Xero_documents_rebuild_the_control_accounts_and_the_tax_and_explain_all_but_what_is_in_the_ledger_alone()
    {
        await using var xero = await XeroUnderTest.StartAsync(records: 1_500);
        await ShouldEqualAsync(xero, xero.LedgerTruth, ("Xero:PageSize", "1000"));
    }

    [Fact]
    public async Task At_QuickBooks_documents_rebuild_the_control_accounts_and_the_tax_and_explain_all_but_what_is_in_the_ledger_alone()
    {
        await using var quickBooks = await QuickBooksUnderTest.StartAsync(new(), records: 1_500);
        await ShouldEqualAsync(quickBooks, quickBooks.LedgerTruth, ("QuickBooks:PageSize", "1000"));
    }

    private async Task ShouldEqualAsync(ProviderUnderTest provider, Func<int, LedgerTruth> truth, (string, string) pages)
    {
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite, pages);
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        var books = await CopiedBooks.OfAsync(stage);
        books.Records.OfType<LedgerDocument>().ShouldContain(document => document.CurrencyRate != 1m && document.Status.IsInTheAccounts(), "books with foreign currency");
        ShouldEqual(books, truth(24), latest: 24);

        // Documents are made, voided, paid and changed, in the past too; only the reports of the latest twelve months are read anew.
        provider.Edit(seed: 5, count: 60);
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        ShouldEqual(await CopiedBooks.OfAsync(stage), truth(12), latest: 12);
    }

    private void ShouldEqual(CopiedBooks books, LedgerTruth truth, int latest)
    {
        // On the first of a month the books end with the month before.
        var months = books.Reported.MonthEnds.Intersect(truth.Months.Select(one => one.Day)).Order().TakeLast(latest).ToList();
        months.Count.ShouldBeGreaterThanOrEqualTo(latest - 1);
        foreach (var month in months)
        {
            var (open, own) = (books.Items.At(month), truth.Months.Single(one => one.Day == month));
            var check = open.Check(books.Reported);
            output.WriteLine($"{month:yyyy-MM-dd}: receivable {check.Receivable} ({check.ReceivableDifference}), payable {check.Payable} ({check.PayableDifference}), {open.Items.Count} open");
            (check.Receivable, check.ReportedReceivable, check.Payable, check.ReportedPayable).ShouldBe((own.Receivable, own.Receivable, own.Payable, own.Payable), $"{month}");
            (check.ReceivableDifference, check.PayableDifference).ShouldBe((0m, 0m));
            open.Items.Count.ShouldBeGreaterThan(3);
        }

        var unexplained = Unexplained.Of(books.Frame, books.Reported, books.Explained).Where(one => months.Contains(one.MonthEnd)).ToList();
        unexplained.Count.ShouldBe(months.Count * books.Frame.Accounts.Count, "every account of every month");
        unexplained.Where(one => one.Unexplained != Planted(books, truth, one)).Select(one => $"{books.CodeOf(one.AccountId)} {one} where {Planted(books, truth, one)} is planted").ShouldBeEmpty();
        unexplained.Count(one => one.Unexplained != 0m).ShouldBeGreaterThan(latest * 5);
        books.Explained.Accounts.ShouldNotContain(ExplainedBalances.NoAccount);

        // What documents of no tax are coded to has no rate at QuickBooks; the generator calls it by the rate of none.
        var none = books.Records.OfType<Core.Ledger.TaxRate>().First(rate => rate.Name == "No VAT").Id;
        books.Tax.Totals.Where(total => truth.Tax.Any(one => one.MonthEnd == total.MonthEnd))
            .SelectMany(total => new[] { (total.MonthEnd, total.RateId, Sales: true, Net: total.SalesNet, Tax: total.SalesTax), (total.MonthEnd, total.RateId, Sales: false, Net: total.PurchaseNet, Tax: total.PurchaseTax) })
            .GroupBy(one => (one.MonthEnd, Rate: (one.RateId == TaxTotals.Untaxed ? none : one.RateId).Replace("taxrate-", "", StringComparison.Ordinal).Replace("taxcode-", "", StringComparison.Ordinal), one.Sales))
            .Select(group => new TaxMonth(group.Key.MonthEnd, group.Key.Rate, group.Key.Sales, group.Sum(one => one.Net), group.Sum(one => one.Tax)))
            .Where(one => one is not { Net: 0m, Tax: 0m }).ShouldBe(truth.Tax.Where(one => one is not { Net: 0m, Tax: 0m }), ignoreOrder: true);
    }

    // What the sandbox put into its ledger alone: what has come together of a balance, what a month moved of income and expenses, and with it what earlier years left.
    private static decimal Planted(CopiedBooks books, LedgerTruth truth, AccountMonth of)
    {
        var own = truth.LedgerOnly.Where(one => one.Code == books.CodeOf(of.AccountId)).ToList();
        if (books.Frame.IsOfTheYear(of.AccountId))
            return own.Where(one => one.MonthEnd == of.MonthEnd).Sum(one => one.Amount);
        var planted = own.Where(one => one.MonthEnd <= of.MonthEnd).Sum(one => one.Amount);
        if (books.Frame.Part(of.AccountId) == AccountPart.RetainedEarnings)
            planted += truth.LedgerOnly.Where(one => one.MonthEnd <= books.Frame.Year!.Value.EndBefore(of.MonthEnd) && books.Frame.IsOfTheYear(books.Frame.Find(null, one.Code)!.Id)).Sum(one => one.Amount);
        return planted;
    }
}
