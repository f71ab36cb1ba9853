using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>Where the business stands at a month's end, by the provider's reports; base currency.</summary>
/// <param name="MonthEnd">The day.</param>
/// <param name="Cash">All bank accounts; a card that is owed lowers it.</param>
/// <param name="NetAssets">What is owned less what is owed.</param>
public sealed record Position(DateOnly MonthEnd, decimal Cash, decimal NetAssets)
{
    /// <summary>The position at a month's end; null where no report covers it.</summary>
    public static Position? At(BooksFrame frame, MonthEndBalances reported, DateOnly monthEnd)
    {
        if (!reported.MonthEnds.Contains(monthEnd))
            return null;
        var (cash, assets) = (0m, 0m);
        foreach (var account in frame.Accounts.Where(account => account.Class is AccountClass.Asset or AccountClass.Liability))
        {
            var balance = reported.Balance(account.Id, monthEnd) ?? 0m;
            assets += balance;
            cash += account.IsBankAccount ? balance : 0m;
        }

        return new(monthEnd, cash, assets);
    }
}
