namespace DataHealth.Core.Health.Balances;

/// <summary>
/// What the documents make of each account by month; debits are positive, in base currency. Posted by period: a month, cut in two where the financial year ends within it. Grows with accounts
/// times months of history.
/// </summary>
public sealed class ExplainedBalances
{
    private readonly BooksFrame _frame;
    private readonly Dictionary<string, SortedDictionary<DateOnly, decimal>> _sums = new(StringComparer.Ordinal);

    internal ExplainedBalances(BooksFrame frame) => _frame = frame;

    /// <summary>Stands for an account that the documents do not tell: what is posted to it is explained, but nobody knows where.</summary>
    public const string NoAccount = "";

    /// <summary>Every account that something was posted to, in the order of their ids.</summary>
    public IReadOnlyList<string> Accounts => [.. _sums.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// An account's balance at a month's end by the documents. Retained earnings hold what earlier years earned; income and expenses have none (null). Null too for retained earnings where the
    /// financial year is not known.
    /// </summary>
    public decimal? Balance(string accountId, DateOnly monthEnd)
    {
        if (_frame.IsOfTheYear(accountId))
            return null;
        var posted = Sum(accountId, DateOnly.MinValue, monthEnd);
        if (_frame.Part(accountId) != AccountPart.RetainedEarnings)
            return posted;
        return _frame.Year is { } year ? posted + _sums.Keys.Where(_frame.IsOfTheYear).Sum(account => Sum(account, DateOnly.MinValue, year.EndBefore(monthEnd))) : null;
    }

    /// <summary>What an account of income or expenses moved by in the month that ends on a day; null for others.</summary>
    public decimal? Movement(string accountId, DateOnly monthEnd) =>
        _frame.IsOfTheYear(accountId) ? Sum(accountId, new DateOnly(monthEnd.Year, monthEnd.Month, 1).AddDays(-1), monthEnd) : null;

    /// <summary>What an account of income or expenses has come to since the financial year began; null for others, and where the year is not known.</summary>
    public decimal? YearToDate(string accountId, DateOnly monthEnd) =>
        _frame.IsOfTheYear(accountId) && _frame.Year is { } year ? Sum(accountId, year.EndBefore(monthEnd), monthEnd) : null;

    internal void Post(string? accountId, DateOnly day, decimal debit)
    {
        if (debit == 0m)
            return;
        var monthEnd = new DateOnly(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));
        var period = _frame.Year is { } year && year.EndOf(day) is var yearEnd && yearEnd < monthEnd ? yearEnd : monthEnd;
        var key = accountId ?? NoAccount;
        if (!_sums.TryGetValue(key, out var periods))
            _sums[key] = periods = [];
        periods[period] = periods.GetValueOrDefault(period) + debit;
    }

    private decimal Sum(string accountId, DateOnly after, DateOnly to) =>
        _sums.TryGetValue(accountId, out var periods) ? periods.Where(period => period.Key > after && period.Key <= to).Sum(period => period.Value) : 0m;
}
