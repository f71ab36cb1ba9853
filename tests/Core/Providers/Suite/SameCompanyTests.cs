using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Providers.Suite;

/// <summary>The same fictional company, kept at Xero and at QuickBooks, is the same company in our ledger (issue 5, must show 5).</summary>
public sealed class SameCompanyTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_company_has_the_same_receivables_payables_tax_and_trial_balance_at_both_providers()
    {
        await using var xero = await XeroUnderTest.StartAsync();
        await using var quickBooks = await QuickBooksUnderTest.StartAsync(new());

        var (one, ofXero) = await TotalsAsync(xero);
        var (other, ofQuickBooks) = await TotalsAsync(quickBooks);

        output.WriteLine($"Xero:       {one}\nQuickBooks: {other}\n{ofXero.Count} accounts, debits {ofXero.Values.Where(amount => amount > 0).Sum()}");
        other.ShouldBe(one);
        one.Receivable.ShouldBeGreaterThan(0m);
        one.SalesTax.ShouldNotBe(0m);
        ofXero.Count.ShouldBeGreaterThan(40);
        ofQuickBooks.OrderBy(account => account.Key, StringComparer.Ordinal).ShouldBe(ofXero.OrderBy(account => account.Key, StringComparer.Ordinal));
    }

    private async Task<(Totals Totals, IReadOnlyDictionary<string, decimal> TrialBalance)> TotalsAsync(ProviderUnderTest provider)
    {
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        var known = stage.Get<ProviderCatalog>().Get(provider.Key);
        List<LedgerRecord> records = [];
        List<(string Dataset, AccountBalance Balance)> balances = [];
        foreach (var dataset in known.Datasets)
        {
            await foreach (var record in stage.Get<LedgerStore>().StreamAsync(stage.Client, dataset.Name, Stop))
            {
                if (record.IsDeleted)
                    continue;
                var meaning = known.Ledger.Map(dataset, record.Id, record.Json.Span);
                records.AddRange(meaning);
                balances.AddRange(meaning.OfType<AccountBalance>().Select(balance => (dataset.Name, balance)));
            }
        }

        var links = new LedgerLinks();
        records.ForEach(links.Add);
        records = [.. records.Select(links.Apply)];
        var documents = records.OfType<LedgerDocument>().Where(document => document.Status.IsInTheAccounts()).ToList();
        var entries = records.OfType<LedgerBankEntry>().Where(entry => entry.Status.IsInTheAccounts() && entry.Kind == BankEntryKind.Direct).ToList();
        var accounts = records.OfType<LedgerAccount>().ToDictionary(account => account.Id, account => account.Class);
        // QuickBooks names an account below another with both names.
        var names = records.OfType<LedgerAccount>().ToDictionary(account => account.Id, account => account.Name!.Split(':')[^1]);
        var retained = records.OfType<LedgerAccount>().Single(account => string.Equals(account.SystemRole, "RetainedEarnings", StringComparison.OrdinalIgnoreCase)).Id;
        // What is owned and owed as the trial balance says it; what was earned and spent month by month, since the two begin their year differently, and with it what earlier years left.
        // By account, and not by class: a card is a bank account at the one and a liability at the other.
        AccountClass ClassOf(AccountBalance balance) => accounts.GetValueOrDefault(balance.AccountId!);
        var trial = balances.Where(one => one.Dataset == "trial-balance" && one.Balance.Kind == BalanceKind.YearToDate).Select(one => one.Balance).ToList();
        trial.Sum(balance => balance.Amount).ShouldBe(0m, "a trial balance is in balance");
        var figures = trial.Where(balance => ClassOf(balance) is AccountClass.Asset or AccountClass.Liability or AccountClass.Equity && balance.AccountId != retained)
            .Concat(balances.Where(one => one.Dataset == "profit-and-loss" && one.Balance.AccountId is not null).Select(one => one.Balance))
            .GroupBy(balance => names[balance.AccountId!]).ToDictionary(account => account.Key, account => account.Sum(balance => balance.Amount)).Where(account => account.Value != 0);
        decimal Owed(params DocumentKind[] kinds) => documents.Where(document => kinds.Contains(document.Kind)).Sum(document => Math.Round(document.ToBase(document.Outstanding), 2));
        decimal Taxed(params DocumentKind[] kinds) => documents.Where(document => kinds.Contains(document.Kind)).Sum(document => Math.Round(document.ToBase(document.Tax), 2));
        decimal Moved(MoneyDirection direction) => entries.Where(entry => entry.Direction == direction).Sum(entry => Math.Round(entry.CurrencyRate == 0 ? entry.Tax : entry.Tax / entry.CurrencyRate, 2));
        return (new Totals(
            Owed(DocumentKind.SalesInvoice) - Owed(DocumentKind.SalesCreditNote, DocumentKind.SalesOverpayment, DocumentKind.SalesPrepayment),
            Owed(DocumentKind.Bill) - Owed(DocumentKind.SupplierCreditNote, DocumentKind.SupplierOverpayment, DocumentKind.SupplierPrepayment),
            Taxed(DocumentKind.SalesInvoice) - Taxed(DocumentKind.SalesCreditNote) + Moved(MoneyDirection.In),
            Taxed(DocumentKind.Bill) - Taxed(DocumentKind.SupplierCreditNote) + Moved(MoneyDirection.Out)), figures.ToDictionary());
    }

    private sealed record Totals(decimal Receivable, decimal Payable, decimal SalesTax, decimal PurchaseTax);
}
