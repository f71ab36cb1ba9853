using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>Account balances and movements by month-end as the provider's reports tell them; base currency, a debit is positive.</summary>
internal sealed class ReportedBalances
{
    private readonly Dictionary<(string Account, DateOnly AsOf), AccountBalance> _balances = [];
    private readonly Dictionary<(string Account, DateOnly AsOf), AccountBalance> _movements = [];
    private readonly SortedSet<DateOnly> _dates = [];
    private readonly SortedSet<DateOnly> _months = [];

    public bool IsEmpty => _dates.Count == 0;

    /// <summary>Days of which a balance sheet is held.</summary>
    public IReadOnlyCollection<DateOnly> Dates => _dates;

    /// <summary>Ends of months whose movements are held.</summary>
    public IReadOnlyCollection<DateOnly> Months => _months;

    public void Take(AccountBalance balance)
    {
        if (balance.Kind is not (BalanceKind.Balance or BalanceKind.Movement))
            return;
        var (figures, dates) = balance.Kind == BalanceKind.Balance ? (_balances, _dates) : (_movements, _months);
        dates.Add(balance.AsOf);
        if (balance.AccountId is not { } account)
            return;
        // Windows overlap when the month moves on: the newest report knows best, and of two of one window the same is chosen in any order of rows.
        if (!figures.TryGetValue((account, balance.AsOf), out var held) || (held.WindowEnd, held.Amount).CompareTo((balance.WindowEnd, balance.Amount)) < 0)
            figures[(account, balance.AsOf)] = balance;
    }

    /// <summary>The balance at the end of a day; 0 where the report of that day leaves the account out; null where no report is of that day.</summary>
    public decimal? At(LedgerAccount account, DateOnly day) => !_dates.Contains(day) ? null : _balances.TryGetValue((account.Id, day), out var balance) ? Signed(account, balance) : 0m;

    /// <summary>The latest reported balance on or before a day, with its day.</summary>
    public (DateOnly Day, decimal Amount)? Latest(LedgerAccount account, DateOnly onOrBefore)
    {
        var days = _dates.GetViewBetween(DateOnly.MinValue, onOrBefore);
        return days.Count == 0 ? null : (days.Max, At(account, days.Max)!.Value);
    }

    /// <summary>The movement of the months that end within the days.</summary>
    public decimal Movement(LedgerAccount account, Period days) =>
        _months.GetViewBetween(days.From, days.To).Sum(month => _movements.TryGetValue((account.Id, month), out var movement) ? Signed(account, movement) : 0m);

    // Where the report does not tell debit from credit, the account's class does.
    private static decimal Signed(LedgerAccount account, AccountBalance balance) =>
        balance.IsSideKnown || account.Class is AccountClass.Asset or AccountClass.Expense ? balance.Amount : -balance.Amount;
}
