namespace DataHealth.Local.Sandbox.Books;

public sealed partial class CompanyBooks
{
    private static readonly string[] Taxed = [BookCollections.Invoices, BookCollections.CreditNotes, BookCollections.BankTransactions];

    public LedgerTruth LedgerTruth(int months) => LedgerTruth(months, account => account.Id.ToString(), tax => tax.Type, _ => true);

    /// <summary>The same with a provider's own ids, and with only those postings that have no record there.</summary>
    internal LedgerTruth LedgerTruth(int months, Func<LedgerAccount, string> idOf, Func<TaxRate, string> typeOf, Func<LedgerOnlyKind, bool> isHidden)
    {
        if (months is < 1 or > Company.Months)
            throw new ArgumentException($"months must be from 1 to {Company.Months}.", nameof(months));
        var hidden = _company.LedgerOnly().Where(posting => isHidden(posting.Kind))
            .SelectMany(p => new[] { (Account: _company.Chart[p.Debit], p.Day, p.Kind, p.Amount), (Account: _company.Chart[p.Credit], p.Day, p.Kind, Amount: -p.Amount) }).ToList();
        var ends = Enumerable.Range(0, months).Select(back => EndOfMonth(_company.LastDay).AddDays(1).AddMonths(-back).AddDays(-1)).ToList();
        lock (_gate)
        {
            var ledger = Ledger();
            return new LedgerTruth(
                _company.Taxes.Currency,
                [
                    .. hidden.GroupBy(p => (p.Account, End: EndOfMonth(p.Day), p.Kind)).OrderBy(g => g.Key.End).ThenBy(g => g.Key.Account).ThenBy(g => g.Key.Kind)
                        .Select(g => new LedgerOnlyMonth(idOf(_company.Chart.Accounts[g.Key.Account]), _company.Chart.Accounts[g.Key.Account].Code, g.Key.End, g.Key.Kind, g.Sum(p => p.Amount))),
                ],
                [.. ends.Select(End)],
                TaxOf(ends[^1].AddDays(1).AddMonths(-1), typeOf));
            MonthEnd End(DateOnly day) => new(
                day, Balance(_company.Chart["610"], day), -Balance(_company.Chart["800"], day),
                [
                    .. _company.Chart.Accounts.Select(account => new AccountMonthEnd(idOf(account), account.Code, Balance(account.Index, day),
                        hidden.Where(p => p.Account == account.Index && p.Day <= day).Sum(p => p.Amount))).Where(account => account is not { Balance: 0, LedgerOnly: 0 }),
                ]);
            decimal Balance(int account, DateOnly day) => ledger.Net(account, _company.Start, day);
        }
    }

    private List<TaxMonth> TaxOf(DateOnly from, Func<TaxRate, string> typeOf)
    {
        var sums = new Dictionary<(DateOnly End, string Type, bool Sales), (decimal Net, decimal Tax)>();
        foreach (var document in Taxed.SelectMany(Documents).Where(d => d.Date >= from && d.State is "AUTHORISED" or "PAID" && d.Date >= from && d.Brought is null))
        {
            foreach (var line in document.Lines)
            {
                // A refund from a supplier lessens purchases, one to a customer lessens sales.
                var sales = document.Bank is null ? document.IsSale : line.Account.Class == "REVENUE";
                var sign = document.Bank is null ? document.Kind == DocumentKind.CreditNote ? -1 : 1 : document.IsSale == sales ? 1 : -1;
                var net = document.LineAmountTypes == "Inclusive" ? line.LineAmount - line.TaxAmount : line.LineAmount;
                var key = (EndOfMonth(document.Date), typeOf(line.Tax), sales);
                var old = sums.GetValueOrDefault(key);
                sums[key] = (old.Net + (sign * GeneralLedger.Base(net, document.Rate)), old.Tax + (sign * GeneralLedger.Base(line.TaxAmount, document.Rate)));
            }
        }

        return [.. sums.OrderByDescending(s => s.Key.End).ThenBy(s => s.Key.Type, StringComparer.Ordinal).ThenBy(s => s.Key.Sales)
            .Select(s => new TaxMonth(s.Key.End, s.Key.Type, s.Key.Sales, s.Value.Net, s.Value.Tax))];
    }

    private static DateOnly EndOfMonth(DateOnly day) => new DateOnly(day.Year, day.Month, 1).AddMonths(1).AddDays(-1);
}
