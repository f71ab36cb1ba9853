using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.QuickBooks.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Reports;

/// <summary>Debits less credits of accounts, as reports need them; ids as entities have them.</summary>
internal sealed class LedgerSums(Company company, GeneralLedger ledger)
{
    public IReadOnlyList<LedgerAccount> Accounts => company.Chart.Accounts;

    public string Currency => company.Taxes.Currency;

    public static string Id(LedgerAccount account) => EntityBook.Text(account.Index + 1);

    public static bool IsProfit(LedgerAccount account) => account.Class is "REVENUE" or "EXPENSE";

    public decimal Moved(LedgerAccount account, DateOnly from, DateOnly to) => ledger.Net(account.Index, from, to);

    /// <summary>A balance-sheet account at a day's end; what earlier years earned is in retained earnings.</summary>
    public decimal Balance(LedgerAccount account, DateOnly day, DateOnly yearStart)
    {
        var balance = ledger.Net(account.Index, company.Start, day);
        return account.System == "RETAINEDEARNINGS" ? balance + Earned(company.Start, yearStart.AddDays(-1)) : balance;
    }

    /// <summary>Expenses less income between two days.</summary>
    public decimal Earned(DateOnly from, DateOnly to) => to < from ? 0m : Accounts.Where(IsProfit).Sum(account => ledger.Net(account.Index, from, to));

    public DateOnly YearStart(DateOnly day) => company.YearStart(day);
}
