namespace DataHealth.Local.Sandbox.Books;

/// <summary>Ground truth of the general ledger, in base currency, debits positive.</summary>
/// <param name="Currency">The base currency.</param>
/// <param name="LedgerOnly">What no document explains: movements by account, month and kind, since the first day of the books.</param>
/// <param name="Months">Balances at the ends of the months asked for, the latest first.</param>
/// <param name="Tax">Totals of tax by rate and month of the same months, as the documents' lines have them.</param>
public sealed record LedgerTruth(string Currency, IReadOnlyList<LedgerOnlyMonth> LedgerOnly, IReadOnlyList<MonthEnd> Months, IReadOnlyList<TaxMonth> Tax);

/// <param name="Account">The account's id as the provider has it.</param>
/// <param name="Code">Its code.</param>
/// <param name="MonthEnd">The last day of the month.</param>
/// <param name="Kind">What the postings are for.</param>
/// <param name="Amount">Their sum.</param>
public sealed record LedgerOnlyMonth(string Account, string Code, DateOnly MonthEnd, LedgerOnlyKind Kind, decimal Amount);

/// <param name="Day">The last day of the month, or the last day of the books.</param>
/// <param name="Receivable">What customers owe less what they have in hand: the balance of the control account.</param>
/// <param name="Payable">The same for suppliers; positive is owed to them.</param>
/// <param name="Accounts">Every account with postings up to the day.</param>
public sealed record MonthEnd(DateOnly Day, decimal Receivable, decimal Payable, IReadOnlyList<AccountMonthEnd> Accounts);

/// <param name="Account">The account's id as the provider has it.</param>
/// <param name="Code">Its code.</param>
/// <param name="Balance">All postings since the first day of the books, income and expenses not closed to reserves.</param>
/// <param name="LedgerOnly">The part of it that no document explains.</param>
public sealed record AccountMonthEnd(string Account, string Code, decimal Balance, decimal LedgerOnly);

/// <param name="MonthEnd">The last day of the month.</param>
/// <param name="TaxType">The rate as lines name it: Xero's TaxType, or the id of QuickBooks' TaxCode.</param>
/// <param name="Sales">Whether the lines are of sales (credits and refunds of sales are negative in them) or of purchases.</param>
/// <param name="Net">Their net amounts.</param>
/// <param name="Tax">Their tax.</param>
public sealed record TaxMonth(DateOnly MonthEnd, string TaxType, bool Sales, decimal Net, decimal Tax);
