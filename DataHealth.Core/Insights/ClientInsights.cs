using DataHealth.Core.Health;
using DataHealth.Core.Health.Balances;

namespace DataHealth.Core.Insights;

/// <summary>
/// The numbers of a client's books that are looked at and not scored. Amounts are decimal and in the base currency; days are the organisation's. The same books, reporting date and settings give the
/// same numbers on any machine. The rules are in <c>docs/insights.md</c>.
/// </summary>
public sealed record ClientInsights
{
    /// <summary>The rules by which the numbers were made; goes up whenever one of them changes.</summary>
    public required int RulesVersion { get; init; }

    /// <summary>The books as they stood at the end of this day.</summary>
    public required DateOnly ReportingDate { get; init; }

    /// <summary>The last whole month's end on or before the reporting date: what goes by month ends here.</summary>
    public required DateOnly MonthEnd { get; init; }

    /// <summary>The organisation's name.</summary>
    public string? Organisation { get; init; }

    /// <summary>ISO code of every amount; null where the provider does not tell it.</summary>
    public string? BaseCurrency { get; init; }

    /// <summary>On what data: how far each dataset is copied.</summary>
    public required IReadOnlyList<DatasetCoverage> Coverage { get; init; }

    /// <summary>What was entered for each of twelve months, the earliest first.</summary>
    public required Insight<IReadOnlyList<Volume>> Volumes { get; init; }

    /// <summary>Twelve months of sales against the registration threshold.</summary>
    public required Insight<TurnoverInsight> Turnover { get; init; }

    /// <summary>Revenue since the financial year began, month by month, against the year before.</summary>
    public required Insight<IReadOnlyList<RevenueMonth>> Revenue { get; init; }

    /// <summary>Cash and net assets at up to twelve month-ends, the latest last.</summary>
    public required Insight<IReadOnlyList<Position>> Position { get; init; }

    /// <summary>Sales tax of the period that is not filed yet.</summary>
    public required Insight<TaxEstimate> SalesTax { get; init; }

    /// <summary>What customers owe, by age.</summary>
    public required Insight<AgedInsight> Receivables { get; init; }

    /// <summary>What is owed to suppliers, by age.</summary>
    public required Insight<AgedInsight> Payables { get; init; }

    /// <summary>The customers of twelve months with the largest shares.</summary>
    public required Insight<IReadOnlyList<NamedShare>> TopCustomers { get; init; }

    /// <summary>The suppliers of twelve months with the largest shares.</summary>
    public required Insight<IReadOnlyList<NamedShare>> TopSuppliers { get; init; }

    /// <summary>Customers who owe for longer than they usually take.</summary>
    public required Insight<IReadOnlyList<LateCustomer>> UnusuallyLate { get; init; }

    /// <summary>Bank accounts in use.</summary>
    public required Insight<BankAccountCounts> BankAccounts { get; init; }

    /// <summary>How many people have access to the books at the provider.</summary>
    public required Insight<UserCount> Users { get; init; }

    /// <summary>Currencies.</summary>
    public required Insight<CurrencyUse> Currencies { get; init; }
}

/// <summary>Turnover of twelve months.</summary>
/// <param name="MonthEnd">Their last day.</param>
/// <param name="Taxable">What counts: taxed, zero-rated and reverse-charged sales.</param>
/// <param name="LeftOut">Sales that do not count: exempt, outside the tax, or of the business's own assets.</param>
/// <param name="IsRegistered">The business charges tax already.</param>
/// <param name="Threshold">From which turnover it must; null where it is not known.</param>
/// <param name="Distance">How far it is; negative when it is passed.</param>
/// <param name="ThresholdSource">Where the threshold comes from and since when it holds, or why there is none.</param>
public sealed record TurnoverInsight(DateOnly MonthEnd, decimal Taxable, decimal LeftOut, bool IsRegistered, decimal? Threshold, decimal? Distance, string ThresholdSource);

/// <summary>Revenue up to a month of the financial year.</summary>
/// <param name="MonthEnd">The month's last day.</param>
/// <param name="ThisYear">Since the year began.</param>
/// <param name="LastYear">The same months a year earlier; null where no report covers all of them.</param>
public sealed record RevenueMonth(DateOnly MonthEnd, decimal ThisYear, decimal? LastYear);

/// <summary>Sales tax of days, by the date of the document.</summary>
/// <param name="From">The first day.</param>
/// <param name="UpTo">The last day that is counted.</param>
/// <param name="OnSales">Charged.</param>
/// <param name="OnPurchases">Paid to suppliers.</param>
/// <param name="Source">Whence the first day is known.</param>
public sealed record TaxEstimate(DateOnly From, DateOnly UpTo, decimal OnSales, decimal OnPurchases, string Source)
{
    /// <summary>Owed to the authority; negative when it owes.</summary>
    public decimal Due => OnSales - OnPurchases;
}

/// <summary>What is owed by age.</summary>
/// <param name="From">From which day it ages.</param>
/// <param name="Balances">By age.</param>
/// <param name="Total">All of it.</param>
/// <param name="Documents">How many invoices or bills are open.</param>
/// <param name="NotExplained">The control account's balance less the total, where a report covers the day: what no document explains. Null where none does.</param>
public sealed record AgedInsight(AgeFrom From, AgedBalances Balances, decimal Total, int Documents, decimal? NotExplained);

/// <summary>A contact's share.</summary>
/// <param name="ContactId">Who.</param>
/// <param name="Name">Their name; null where the books have none.</param>
/// <param name="Amount">Without tax, credits taken off.</param>
/// <param name="Share">Of all contacts, 0 to 1, rounded to four places.</param>
public sealed record NamedShare(string ContactId, string? Name, decimal Amount, decimal Share);

/// <summary>A customer who owes for longer than usual.</summary>
/// <param name="ContactId">Who.</param>
/// <param name="Name">Their name; null where the books have none.</param>
/// <param name="Invoices">How many of their invoices are unusually late.</param>
/// <param name="Amount">Open on these.</param>
/// <param name="DaysLate">Of the oldest, from its due date.</param>
/// <param name="UsualDaysLate">The median of what they paid before; negative: they pay early.</param>
/// <param name="Payments">From how many paid invoices that is known.</param>
public sealed record LateCustomer(string ContactId, string? Name, int Invoices, decimal Amount, int DaysLate, decimal UsualDaysLate, int Payments);

/// <summary>Bank accounts in use, cards and payment services included.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Cards">Credit cards.</param>
/// <param name="PaymentServices">Payment services.</param>
/// <param name="ManualFeeds">Those whose statements come by hand.</param>
public sealed record BankAccountCounts(int Total, int Cards, int PaymentServices, Insight<ManualFeeds> ManualFeeds);

/// <summary>Bank accounts whose statements come by hand.</summary>
/// <param name="Accounts">Their names.</param>
public sealed record ManualFeeds(IReadOnlyList<string> Accounts);

/// <summary>People with access at the provider. Only how many: who they are is nobody's business in a report.</summary>
/// <param name="Total">All of them.</param>
public sealed record UserCount(int Total);

/// <summary>Currencies.</summary>
/// <param name="Base">The base currency.</param>
/// <param name="SetUp">Those that are set up, in order.</param>
/// <param name="Used">Those of documents and bank entries of the twelve months, in order.</param>
public sealed record CurrencyUse(string? Base, IReadOnlyList<string> SetUp, IReadOnlyList<string> Used);
