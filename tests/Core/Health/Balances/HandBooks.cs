using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Tests.Health.Balances;

/// <summary>A chart of accounts and records that a bookkeeper can follow: pounds, a year that ends on 31 March. Accounts are named by their codes.</summary>
internal static class HandBooks
{
    public static BooksFrame Frame(int yearEndMonth = 3, int? yearEndDay = 31, params LedgerAccount[] more)
    {
        var frame = new BooksFrame();
        frame.Add(new Organisation { Id = "us", BaseCurrency = "GBP", YearEndMonth = yearEndMonth, YearEndDay = yearEndDay });
        foreach (var account in new[]
        {
            Account("090", AccountClass.Asset), Account("091", AccountClass.Asset), Account("610", AccountClass.Asset, "DEBTORS"), Account("800", AccountClass.Liability, "CREDITORS"), Account("810", AccountClass.Liability),
            Account("820", AccountClass.Liability, "GST"), Account("860", AccountClass.Liability, "ROUNDING"), Account("960", AccountClass.Equity, "RETAINEDEARNINGS"), Account("200", AccountClass.Revenue),
            Account("429", AccountClass.Expense), Account("477", AccountClass.Expense), Account("499", AccountClass.Expense, "REALISEDCURRENCYGAIN"),
        }.Concat(more))
        {
            frame.Add(account);
        }

        return frame;
    }

    public static LedgerAccount Account(string code, AccountClass of, string? role = null, string? currency = null) =>
        new() { Id = code, Code = code, Name = code, Class = of, Activity = LedgerActivity.Active, SystemRole = role, Currency = currency };

    public static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public static LedgerLine Line(decimal net, string account, decimal? tax = 0m, string? taxType = null) => new() { Net = net, AccountId = account, Tax = tax, TaxType = taxType };

    public static LedgerDocument Document(string id, DocumentKind kind, string date, decimal net, decimal tax = 0m, decimal left = 0m) => new()
    {
        Id = id,
        Kind = kind,
        Status = left == 0m ? LedgerStatus.Paid : LedgerStatus.Posted,
        Date = Day(date),
        Currency = "GBP",
        Net = net,
        Tax = tax,
        Gross = net + tax,
        Outstanding = left,
        Lines = [Line(net, kind is DocumentKind.SalesInvoice or DocumentKind.SalesCreditNote ? "200" : "429", tax, "STD")],
    };

    public static LedgerPayment Payment(string document, DocumentKind settles, string date, decimal amount, MoneyDirection? direction = null) => new()
    {
        Id = $"{document} {date} {amount}",
        Settles = settles,
        Direction = direction ?? (settles == DocumentKind.SalesInvoice ? MoneyDirection.In : MoneyDirection.Out),
        Status = LedgerStatus.Posted,
        Date = Day(date),
        Amount = amount,
        Currency = "GBP",
        AccountId = "090",
        DocumentId = document,
    };

    public static LedgerBankEntry Entry(string id, MoneyDirection direction, string date, decimal net, string account, decimal tax = 0m) => new()
    {
        Id = id,
        Kind = BankEntryKind.Direct,
        Direction = direction,
        Status = LedgerStatus.Posted,
        Date = Day(date),
        Currency = "GBP",
        BankAccountId = "090",
        Net = net,
        Tax = tax,
        Gross = net + tax,
        Lines = [Line(net, account, tax, "STD")],
    };

    public static AccountBalance Figure(BalanceReport report, string account, string asOf, decimal amount, string window, string? from = null) => new()
    {
        Id = $"{report} {account} {asOf} {window}",
        AccountId = account,
        Report = report,
        Kind = report switch { BalanceReport.BalanceSheet => BalanceKind.Balance, BalanceReport.ProfitAndLoss => BalanceKind.Movement, _ => BalanceKind.YearToDate },
        AsOf = Day(asOf),
        From = from is null ? null : Day(from),
        Amount = amount,
        WindowEnd = Day(window),
    };
}
