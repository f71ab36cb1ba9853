using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>What documents bear of one tax rate in one month, in base currency. Credits and refunds lessen the side that they belong to.</summary>
/// <param name="MonthEnd">The last day of the month.</param>
/// <param name="RateId">
/// The rate: a <see cref="TaxRate"/>'s id, or its code where only lines tell it; <see cref="TaxTotals.Untaxed"/> for what bears none; <see cref="TaxTotals.NotTold"/> for tax of which the books do
/// not say the rate.
/// </param>
/// <param name="SalesNet">What was sold, without tax.</param>
/// <param name="SalesTax">Tax on it.</param>
/// <param name="PurchaseNet">What was bought, without tax.</param>
/// <param name="PurchaseTax">Tax on it.</param>
public sealed record TaxTotal(DateOnly MonthEnd, string RateId, decimal SalesNet, decimal SalesTax, decimal PurchaseNet, decimal PurchaseTax);

/// <summary>
/// Tax by rate and month, by the date of the document (accruals): from lines where they tell their tax, else from the document's tax by rate. Each record once, in any order, with links applied.
/// Each line (a part of several rates as a whole) is rounded to the hundredth of the base currency by itself. Grows with rates times months.
/// </summary>
/// <remarks>
/// Money paid too much or too early is no supply: what is posted to a control account is left out. A prepayment that bears tax counts when it comes and is taken back as far as it is used for a
/// document, which bears the tax itself. Journals count by their lines' tax codes.
/// </remarks>
/// <param name="frame">Filled before the first record.</param>
public sealed class TaxTotals(BooksFrame frame)
{
    /// <summary>Bears no tax and names no rate.</summary>
    public const string Untaxed = "untaxed";

    /// <summary>Bears tax, and the books do not say of which rate.</summary>
    public const string NotTold = "not-told";

    private readonly Dictionary<(DateOnly MonthEnd, string Rate), (decimal SalesNet, decimal SalesTax, decimal PurchaseNet, decimal PurchaseTax)> _sums = [];

    /// <summary>The totals by month and rate.</summary>
    public IReadOnlyList<TaxTotal> Totals =>
    [
        .. _sums.Where(sum => sum.Value is not (0m, 0m, 0m, 0m)).OrderBy(sum => sum.Key.MonthEnd).ThenBy(sum => sum.Key.Rate, StringComparer.Ordinal)
            .Select(sum => new TaxTotal(sum.Key.MonthEnd, sum.Key.Rate, sum.Value.SalesNet, sum.Value.SalesTax, sum.Value.PurchaseNet, sum.Value.PurchaseTax)),
    ];

    /// <summary>Takes in a record; what bears no tax is passed over.</summary>
    public void Add(LedgerRecord record)
    {
        switch (record)
        {
            case LedgerDocument { Date: { } date } document when document.Status.IsInTheAccounts() && document.Kind != DocumentKind.Unknown:
                if (document.Kind.IsAdvance())
                    TakeBack(document, date);
                else
                    Count(document.Lines, document.TaxParts, document.Net, document.Tax, document.CurrencyRate, document.Kind.IsCredit() ? -1 : 1, date, document.Kind.IsSale());
                break;
            case LedgerBankEntry { Date: { } date } entry when entry.Status.IsInTheAccounts() && entry.Kind != BankEntryKind.Transfer:
                Count(entry.Lines, entry.TaxParts, entry.Net, entry.Tax, entry.CurrencyRate, entry.Direction == MoneyDirection.In ? 1 : -1, date, null);
                break;
            case LedgerJournal { Date: { } date } journal when journal.Status.IsInTheAccounts():
                foreach (var line in journal.Lines.Where(line => line.TaxType is not null))
                {
                    // A credit of income is a sale, a debit of anything else a purchase.
                    var isSale = IsSale(line, isIn: false);
                    Put(date, line.TaxType!, isSale, isSale ? -line.Net : line.Net, isSale ? -(line.Tax ?? 0m) : line.Tax ?? 0m, 1m);
                }

                break;
        }
    }

    private void Count(
        IReadOnlyList<LedgerLine> lines, IReadOnlyList<LedgerTaxPart> parts, decimal net, decimal tax, decimal rate, int sign, DateOnly date, bool? side)
    {
        var supplies = Supplies(lines);
        if (lines.Count > 0 && supplies.Count == 0)
            return;
        if (parts.Count > 0)
        {
            var isSale = side ?? IsSale(supplies, sign > 0);
            if (parts is [{ RateId: { } only } one] && supplies.Sum(line => line.Net) == one.Net)
            {
                // Of one rate alone the net is what its lines post, each rounded by itself.
                foreach (var line in supplies)
                    Put(date, only, isSale, line.Net * Signed(isSale), 0m, rate);
                Put(date, only, isSale, 0m, one.Tax * Signed(isSale), rate);
                return;
            }

            foreach (var part in parts)
                Put(date, part.RateId ?? NotTold, isSale, part.Net * Signed(isSale), part.Tax * Signed(isSale), rate);
            // Lines that name no tax code are reckoned into no rate.
            foreach (var line in supplies.Where(line => line.TaxType is null))
                Put(date, Untaxed, isSale, line.Net * Signed(isSale), 0m, rate);
        }
        else if (supplies.Count > 0 && HasTaxOnEach(supplies))
        {
            foreach (var line in supplies)
            {
                var isSale = side ?? IsSale(line, sign > 0);
                Put(date, line.TaxType ?? (line.Tax == 0m ? Untaxed : NotTold), isSale, line.Net * Signed(isSale), line.Tax!.Value * Signed(isSale), rate);
            }
        }
        else if (tax == 0m && supplies.Count > 0)
        {
            foreach (var line in supplies)
            {
                var isSale = side ?? IsSale(line, sign > 0);
                Put(date, Untaxed, isSale, line.Net * Signed(isSale), 0m, rate);
            }
        }
        else
        {
            var isSale = side ?? IsSale(supplies, sign > 0);
            Put(date, tax == 0m ? Untaxed : NotTold, isSale, net * Signed(isSale), tax * Signed(isSale), rate);
        }

        // Money that goes against the side that it belongs to (a supplier's refund) lessens it; a document's own sign says whether it is a credit.
        int Signed(bool isSale) => side is not null || isSale ? sign : -sign;
    }

    private void TakeBack(LedgerDocument document, DateOnly date)
    {
        if (document.Gross == 0m)
            return;
        foreach (var part in document.Allocations)
        {
            foreach (var line in document.Lines.Where(line => !IsOnControl(line) && line is { TaxType: not null, Tax: not null }))
            {
                var share = -part.Amount / document.Gross;
                Put(part.Date ?? date, line.TaxType!, document.Kind.IsSale(), line.Net * share, line.Tax!.Value * share, document.CurrencyRate);
            }
        }
    }

    // Few documents have a line on a control account: the list itself does for the others.
    private IReadOnlyList<LedgerLine> Supplies(IReadOnlyList<LedgerLine> lines)
    {
        for (var at = 0; at < lines.Count; at++)
        {
            if (IsOnControl(lines[at]))
                return [.. lines.Where(line => !IsOnControl(line))];
        }
        return lines;
    }

    private static bool HasTaxOnEach(IReadOnlyList<LedgerLine> lines)
    {
        for (var at = 0; at < lines.Count; at++)
        {
            if (lines[at].Tax is null)
                return false;
        }
        return true;
    }

    private bool IsOnControl(LedgerLine line) => frame.Part(frame.Find(line.AccountId, line.AccountCode)?.Id) is AccountPart.Receivable or AccountPart.Payable;

    private bool IsSale(IReadOnlyList<LedgerLine> lines, bool isIn)
    {
        AccountClass? all = null;
        for (var at = 0; at < lines.Count; at++)
        {
            var own = Class(lines[at]);
            if (all is not null && all != own)
                return isIn;
            all = own;
        }
        return IsSale(all, isIn);
    }

    private bool IsSale(LedgerLine line, bool isIn) => IsSale(Class(line), isIn);

    private static bool IsSale(AccountClass? all, bool isIn) => all == AccountClass.Revenue || (all != AccountClass.Expense && isIn);

    private AccountClass Class(LedgerLine line) => frame.Find(line.AccountId, line.AccountCode)?.Class ?? AccountClass.Unknown;

    private void Put(DateOnly date, string rateId, bool isSale, decimal net, decimal tax, decimal rate)
    {
        var key = (new DateOnly(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month)), rateId);
        var (ownNet, ownTax) = (DocumentSides.ToBase(net, rate), DocumentSides.ToBase(tax, rate));
        var sum = _sums.GetValueOrDefault(key);
        _sums[key] = isSale
            ? sum with { SalesNet = sum.SalesNet + ownNet, SalesTax = sum.SalesTax + ownTax }
            : sum with { PurchaseNet = sum.PurchaseNet + ownNet, PurchaseTax = sum.PurchaseTax + ownTax };
    }
}
