using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>How much of what is sold or bought goes through one contact.</summary>
/// <param name="ContactId">The contact.</param>
/// <param name="Amount">Without tax, credits taken off; base currency.</param>
/// <param name="Share">Of all contacts' sum, 0 to 1; 0 where that sum is not positive.</param>
public sealed record ContactShare(string ContactId, decimal Amount, decimal Share);

/// <summary>
/// Sales and purchases by contact between two days, both included, by the date of the document; bank entries count by their direction. Each record once, in any order. Grows with the contacts that trade.
/// </summary>
/// <param name="frame">Filled before the first record.</param>
/// <param name="from">The first day.</param>
/// <param name="to">The last day.</param>
public sealed class Reliance(BooksFrame frame, DateOnly from, DateOnly to)
{
    private readonly Dictionary<string, decimal> _sales = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _purchases = new(StringComparer.Ordinal);

    /// <summary>Takes in a record; what neither sells nor buys is passed over.</summary>
    public void Add(LedgerRecord record)
    {
        switch (record)
        {
            case LedgerDocument { Date: { } date, ContactId: { } contact } document when document.Status.IsInTheAccounts() && document.Kind != DocumentKind.Unknown && !document.Kind.IsAdvance() && IsWithin(date):
                Put(document.Kind.IsSale(), contact, DocumentSides.ToBase(document.Net, document.CurrencyRate) * (document.Kind.IsCredit() ? -1 : 1));
                break;
            case LedgerBankEntry { Date: { } date, ContactId: { } contact, Kind: BankEntryKind.Direct } entry when entry.Status.IsInTheAccounts() && IsWithin(date):
                // A refund lessens the side whose accounts it is coded to.
                foreach (var line in entry.Lines)
                {
                    var isIn = entry.Direction == MoneyDirection.In;
                    if (frame.Find(line.AccountId, line.AccountCode)?.Class is (AccountClass.Revenue or AccountClass.Expense) and var side)
                        Put(side == AccountClass.Revenue, contact, DocumentSides.ToBase(line.Net, entry.CurrencyRate) * (isIn == (side == AccountClass.Revenue) ? 1 : -1));
                }

                break;
        }
    }

    /// <summary>The customers (or suppliers) with the largest shares, largest first.</summary>
    /// <param name="isSales">Customers; else suppliers.</param>
    /// <param name="take">How many.</param>
    public IReadOnlyList<ContactShare> Top(bool isSales, int take)
    {
        var sums = isSales ? _sales : _purchases;
        var all = sums.Values.Sum();
        return
        [
            .. sums.OrderByDescending(sum => sum.Value).ThenBy(sum => sum.Key, StringComparer.Ordinal).Take(take)
                .Select(sum => new ContactShare(sum.Key, sum.Value, all > 0m ? sum.Value / all : 0m)),
        ];
    }

    private bool IsWithin(DateOnly date) => from <= date && date <= to;

    private void Put(bool isSale, string contact, decimal amount)
    {
        var sums = isSale ? _sales : _purchases;
        sums[contact] = sums.GetValueOrDefault(contact) + amount;
    }
}
