using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>
/// What the provider's reports say of each account at each month's end; debits are positive, in base currency. Reports overlap: of each report and date the latest window counts (of two with one last day the one that begins later), and an account
/// that it leaves out is at nought, whatever an older one said. Balances come from the balance sheet, or from a trial balance on days that no balance sheet covers; income and expenses from the
/// profit and loss by month. Order of records does not matter. Grows with accounts times months, not with documents.
/// </summary>
/// <param name="frame">Accounts and the financial year; may still be filled while records come in.</param>
public sealed class MonthEndBalances(BooksFrame frame)
{
    private readonly Dictionary<DateOnly, Column> _balances = [];
    private readonly Dictionary<DateOnly, Column> _movements = [];
    private readonly Dictionary<DateOnly, Column> _trial = [];
    private IReadOnlyList<DateOnly>? _monthEnds;
    private IReadOnlyList<DateOnly>? _months;

    /// <summary>Month-ends with a balance of every account of the balance sheet, in order.</summary>
    public IReadOnlyList<DateOnly> MonthEnds => _monthEnds ??= [.. _balances.Keys.Union(_trial.Keys).Order()];

    /// <summary>The ends of months with a movement of every account of income and expenses, in order.</summary>
    public IReadOnlyList<DateOnly> Months => _months ??= [.. _movements.Keys.Order()];

    /// <summary>Takes in a figure of a report; anything else is passed over.</summary>
    public void Add(LedgerRecord record)
    {
        if (record is not AccountBalance figure)
            return;
        var columns = (figure.Report, figure.Kind) switch
        {
            (BalanceReport.BalanceSheet, BalanceKind.Balance) => _balances,
            (BalanceReport.ProfitAndLoss, BalanceKind.Movement) when figure.From is null || IsOneMonth(figure.From.Value, figure.AsOf) => _movements,
            (BalanceReport.TrialBalance, BalanceKind.YearToDate) => _trial,
            _ => null,
        };
        if (columns is null)
            return;
        var window = (figure.WindowEnd, figure.WindowFrom ?? DateOnly.MinValue);
        if (!columns.TryGetValue(figure.AsOf, out var column) || column.Window.CompareTo(window) < 0)
        {
            columns[figure.AsOf] = column = new(window, figure.From);
            (_monthEnds, _months) = (null, null);
        }

        // A row that the report reckons itself is no account's, and yet says that the report covers the day.
        if (figure.AccountId is { } account && column.Window == window)
            column.Figures[account] = (figure.Amount, figure.IsSideKnown);
    }

    /// <summary>An account's balance at a month's end; null for income and expenses, and where no report covers that day.</summary>
    public decimal? Balance(string accountId, DateOnly monthEnd)
    {
        if (frame.IsOfTheYear(accountId))
            return null;
        return _balances.TryGetValue(monthEnd, out var column) || _trial.TryGetValue(monthEnd, out column) ? column.Amount(accountId, frame) : null;
    }

    /// <summary>An account's balance at the latest month's end that a report covers on or before a day; null for income and expenses, and where no report goes back so far.</summary>
    public (DateOnly Day, decimal Amount)? Latest(string accountId, DateOnly onOrBefore) =>
        LatestEnd(onOrBefore) is { } day && Balance(accountId, day) is { } amount ? (day, amount) : null;

    /// <summary>The latest month's end that a report of balances covers on or before a day; null where none does.</summary>
    public DateOnly? LatestEnd(DateOnly onOrBefore)
    {
        var ends = MonthEnds;
        for (var at = ends.Count - 1; at >= 0; at--)
        {
            if (ends[at] <= onOrBefore)
                return ends[at];
        }

        return null;
    }

    /// <summary>What an account of income or expenses moved by in the month that ends on a day; null for others, and where no report covers that month.</summary>
    public decimal? Movement(string accountId, DateOnly monthEnd) =>
        frame.IsOfTheYear(accountId) && _movements.TryGetValue(monthEnd, out var column) ? column.Amount(accountId, frame) : null;

    /// <summary>
    /// What an account of income or expenses has come to since the financial year began: its months, or where one of them is missing or the year begins within a month (6 April) what a trial balance
    /// says. Null for others, and where neither tells it.
    /// </summary>
    public decimal? YearToDate(string accountId, DateOnly monthEnd)
    {
        if (!frame.IsOfTheYear(accountId) || frame.Year is not { } year)
            return null;
        if (year.EndsWithMonth(monthEnd) && Sum(accountId, year.EndBefore(monthEnd), monthEnd) is { } sum)
            return sum;
        // A trial balance that does not say since when counts the financial year.
        return _trial.TryGetValue(monthEnd, out var trial) && (trial.From is null || trial.From == year.StartOf(monthEnd)) ? trial.Amount(accountId, frame) : null;
    }

    /// <summary>The balance of all accounts that play a part; null where no report covers that day or none plays it.</summary>
    public decimal? Balance(AccountPart part, DateOnly monthEnd)
    {
        var accounts = frame.Playing(part);
        return accounts.Count == 0 ? null : accounts.Aggregate((decimal?)0m, (sum, account) => sum + Balance(account.Id, monthEnd));
    }

    private decimal? Sum(string accountId, DateOnly after, DateOnly to)
    {
        var sum = 0m;
        for (var month = to; month > after; month = new DateOnly(month.Year, month.Month, 1).AddDays(-1))
        {
            if (!_movements.TryGetValue(month, out var column))
                return null;
            sum += column.Amount(accountId, frame);
        }

        return sum;
    }

    private static bool IsOneMonth(DateOnly from, DateOnly to) => from.Day == 1 && from.Year == to.Year && from.Month == to.Month;

    /// <summary>One report's column of one day.</summary>
    private sealed record Column((DateOnly End, DateOnly From) Window, DateOnly? From)
    {
        public Dictionary<string, (decimal Amount, bool IsSideKnown)> Figures { get; } = new(StringComparer.Ordinal);

        // A figure whose side the report does not tell is printed as a balance of the account's own side.
        public decimal Amount(string account, BooksFrame frame) => !Figures.TryGetValue(account, out var figure) ? 0m
            : figure.IsSideKnown || frame.Find(account, null)?.Class is not (AccountClass.Liability or AccountClass.Equity or AccountClass.Revenue) ? figure.Amount : -figure.Amount;
    }
}
