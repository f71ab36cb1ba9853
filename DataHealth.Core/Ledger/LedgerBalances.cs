namespace DataHealth.Core.Ledger;

/// <summary>
/// An account's figure in a report of the provider: the general ledger's word, with what no document shows (conversion balances, pay runs, revaluation).
/// The same account and date may come from several stored reports; the one with the latest <see cref="WindowEnd"/> is the newest.
/// </summary>
public sealed record AccountBalance : LedgerRecord
{
    /// <summary>The account; null on rows that the report reckons itself (current year earnings).</summary>
    public string? AccountId { get; init; }

    /// <summary>The row's text.</summary>
    public string? AccountName { get; init; }

    /// <summary>The section's title in the report.</summary>
    public string? Section { get; init; }

    /// <summary>The report that says so: each lists the accounts of its own kind that moved, so that an account which it leaves out is at nought.</summary>
    public required BalanceReport Report { get; init; }

    /// <summary>Which figure it is.</summary>
    public required BalanceKind Kind { get; init; }

    /// <summary>First day of a movement; null for balances, and where the report does not say.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The date of the balance, or the last day of the movement, as the report's column says.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>Base currency; a debit is positive, a credit negative.</summary>
    public required decimal Amount { get; init; }

    /// <summary>False when the report does not tell debit from credit; the amount is then as printed, and the account's class decides.</summary>
    public bool IsSideKnown { get; init; } = true;

    /// <summary>The report's last day: which stored report it came from.</summary>
    public required DateOnly WindowEnd { get; init; }

    /// <summary>The report's first day, where its id tells it: of two stored reports with one last day the one that begins later counts.</summary>
    public DateOnly? WindowFrom { get; init; }
}

/// <summary>Reports that balances are read from.</summary>
public enum BalanceReport
{
    /// <summary>What is owned, owed and the owners' part, at days' ends.</summary>
    BalanceSheet,

    /// <summary>Income and expenses of months.</summary>
    ProfitAndLoss,

    /// <summary>Every account on one day.</summary>
    TrialBalance,

    /// <summary>Bank accounts over one month.</summary>
    BankSummary,
}

/// <summary>What a figure is.</summary>
public enum BalanceKind
{
    /// <summary>Balance at the end of the day.</summary>
    Balance,

    /// <summary>Movement of the period.</summary>
    Movement,

    /// <summary>Movement since the start of the financial year, with balances carried forward (trial balance).</summary>
    YearToDate,

    /// <summary>A bank account's balance when the period opened.</summary>
    Opening,

    /// <summary>Money received by a bank account in the period.</summary>
    Received,

    /// <summary>Money spent by a bank account in the period, as a credit (negative).</summary>
    Spent,
}

/// <summary>A document that is made again and again.</summary>
public sealed record LedgerSchedule : LedgerRecord
{
    /// <summary>What it makes.</summary>
    public required DocumentKind Makes { get; init; }

    /// <summary>The status of what it makes.</summary>
    public required LedgerStatus MadeAs { get; init; }

    /// <summary>The contact.</summary>
    public string? ContactId { get; init; }

    /// <summary>Free text.</summary>
    public string? Reference { get; init; }

    /// <summary>ISO code.</summary>
    public string? Currency { get; init; }

    /// <summary>Total with tax.</summary>
    public decimal Gross { get; init; }

    /// <summary>Every so many units.</summary>
    public int? Every { get; init; }

    /// <summary>The provider's unit (<c>WEEKLY</c>, <c>MONTHLY</c>).</summary>
    public string? Unit { get; init; }

    /// <summary>Next one.</summary>
    public DateOnly? NextOn { get; init; }

    /// <summary>Last one.</summary>
    public DateOnly? EndsOn { get; init; }

    /// <summary>The lines.</summary>
    public IReadOnlyList<LedgerLine> Lines { get; init; } = [];
}
