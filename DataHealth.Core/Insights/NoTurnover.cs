using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Insights;

/// <summary>
/// What <see cref="TaxTotals"/> counts as sold and is no turnover: the business's own assets (on invoices and as money received), and money received without tax on other accounts of the balance sheet (a
/// loan, the owner's). Kept as totals of their own, by the same months and rates, to be taken off. Grows with rates times months.
/// </summary>
internal sealed class NoTurnover(BooksFrame frame)
{
    private readonly Dictionary<(DateOnly MonthEnd, string Rate), decimal> _assets = [];
    private readonly Dictionary<(DateOnly MonthEnd, string Rate), decimal> _money = [];

    /// <summary>Own assets that were sold.</summary>
    public IReadOnlyList<TaxTotal> Assets => Totals(_assets);

    /// <summary>Money that nothing was sold for.</summary>
    public IReadOnlyList<TaxTotal> Money => Totals(_money);

    public void Add(LedgerRecord record)
    {
        switch (record)
        {
            case LedgerDocument { Date: { } date } document when document.Status.IsInTheAccounts() && document.Kind is DocumentKind.SalesInvoice or DocumentKind.SalesCreditNote:
                foreach (var line in document.Lines.Where(line => IsFixedAsset(Account(line))))
                    Put(_assets, date, line, document.Tax, document.Kind.IsCredit() ? -1 : 1, document.CurrencyRate);
                break;
            case LedgerBankEntry { Date: { } date, Direction: MoneyDirection.In } entry when entry.Status.IsInTheAccounts() && entry.Kind != BankEntryKind.Transfer:
                foreach (var line in entry.Lines)
                {
                    if (Account(line) is not { Class: AccountClass.Asset or AccountClass.Liability or AccountClass.Equity } account || frame.Part(account.Id) is AccountPart.Receivable or AccountPart.Payable)
                        continue;
                    if (IsFixedAsset(account))
                        Put(_assets, date, line, entry.Tax, 1, entry.CurrencyRate);
                    else if ((line.Tax ?? entry.Tax) == 0m)
                        Put(_money, date, line, entry.Tax, 1, entry.CurrencyRate);
                }

                break;
        }
    }

    private LedgerAccount? Account(LedgerLine line) => frame.Find(line.AccountId, line.AccountCode);

    private static bool IsFixedAsset(LedgerAccount? account) =>
        string.Equals(account?.Type, "FIXED", StringComparison.OrdinalIgnoreCase) || string.Equals(account?.Type, "Fixed Asset", StringComparison.OrdinalIgnoreCase);

    // By the rate under which the tax totals count it.
    private static void Put(Dictionary<(DateOnly, string), decimal> sums, DateOnly date, LedgerLine line, decimal documentTax, int sign, decimal rate)
    {
        var isTaxed = (line.Tax ?? documentTax) != 0m;
        var key = (new DateOnly(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month)),
            line.Tax is null && !isTaxed ? TaxTotals.Untaxed : line.TaxType ?? (isTaxed ? TaxTotals.NotTold : TaxTotals.Untaxed));
        sums[key] = sums.GetValueOrDefault(key) + (sign * DocumentSides.ToBase(line.Net, rate));
    }

    private static IReadOnlyList<TaxTotal> Totals(Dictionary<(DateOnly MonthEnd, string Rate), decimal> sums) =>
        [.. sums.Where(sum => sum.Value != 0m).Select(sum => new TaxTotal(sum.Key.MonthEnd, sum.Key.Rate, sum.Value, 0m, 0m, 0m))];
}
