using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.QuickBooks.Books;

namespace DataHealth.Sandbox.Tests.Books;

public sealed class LedgerTruthSpecs
{
    private static readonly BooksSpec Spec = new() { Seed = 31, Records = 2000 };

    [Fact]
    public void The_control_accounts_at_thirteen_month_ends_are_what_the_balance_sheet_shows()
    {
        var books = new CompanyBooks(Spec);

        var truth = books.LedgerTruth(13);

        truth.Months.Select(month => month.Day).ShouldBe(Enumerable.Range(0, 13).Select(back => new DateOnly(2026, 12, 1).AddMonths(-back).AddDays(-1)));
        foreach (var month in truth.Months)
        {
            month.Accounts.Sum(account => account.Balance).ShouldBe(0m);
            month.Accounts.Sum(account => account.LedgerOnly).ShouldBe(0m);
            month.Accounts.Single(account => account.Code == "610").Balance.ShouldBe(month.Receivable);
        }

        var sheet = books.Report("BalanceSheet", new Dictionary<string, string> { ["date"] = "2026-10-31" })!.ToJsonString();
        sheet.ShouldContain($"\"{truth.Months[1].Receivable}\"");
        sheet.ShouldContain($"\"{truth.Months[1].Payable}\"");
    }

    [Fact]
    public void What_no_document_explains_is_named_by_kind_and_every_set_of_postings_balances()
    {
        var truth = new CompanyBooks(Spec).LedgerTruth(1);

        truth.LedgerOnly.Select(posting => posting.Kind).Distinct().Order().ShouldBe(Enum.GetValues<LedgerOnlyKind>());
        truth.LedgerOnly.GroupBy(posting => (posting.MonthEnd, posting.Kind)).ShouldAllBe(set => set.Sum(posting => posting.Amount) == 0m);
        foreach (var account in truth.Months[0].Accounts)
            truth.LedgerOnly.Where(posting => posting.Account == account.Account).Sum(posting => posting.Amount).ShouldBe(account.LedgerOnly);
    }

    [Fact]
    public void At_QuickBooks_only_what_has_no_entity_is_unexplained_and_the_balances_are_the_same()
    {
        using var realm = new RealmBooks(Spec);
        var (here, there) = (realm.LedgerTruth(13), new CompanyBooks(Spec).LedgerTruth(13));

        here.LedgerOnly.Select(posting => posting.Kind).Distinct().Order().ShouldBe([LedgerOnlyKind.PayRun, LedgerOnlyKind.Revaluation, LedgerOnlyKind.InventoryCost]);
        here.Months.SelectMany(month => month.Accounts.Select(account => (month.Day, account.Code, account.Balance)))
            .ShouldBe(there.Months.SelectMany(month => month.Accounts.Select(account => (month.Day, account.Code, account.Balance))));
        here.Tax.Sum(tax => tax.Tax).ShouldBe(there.Tax.Sum(tax => tax.Tax));
    }

    [Fact]
    public void Tax_by_rate_and_month_adds_up_to_the_movement_of_the_tax_account()
    {
        var truth = new CompanyBooks(Spec).LedgerTruth(13);

        foreach (var month in truth.Months.Take(12).Zip(truth.Months.Skip(1)))
        {
            var due = truth.Tax.Where(tax => tax.MonthEnd == month.First.Day).Sum(tax => tax.Sales ? tax.Tax : -tax.Tax);
            due.ShouldBe(Tax(month.Second) - Tax(month.First));
        }

        static decimal Tax(MonthEnd month) => month.Accounts.Single(account => account.Code == "820").Balance;
    }
}
