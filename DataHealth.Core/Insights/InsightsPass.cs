using DataHealth.Core.Health;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Insights;

/// <summary>
/// Gathers the insights while the books are read for the checks, or by itself. Each record once, in any order. Grows with open documents, the invoices of two years, contacts, and rates and accounts
/// times months.
/// </summary>
/// <param name="reportingDate">The books as they stood at the end of this day.</param>
/// <param name="settings">What the books do not say.</param>
/// <param name="lastFiled">The last day of the latest tax return that is entered as filed.</param>
internal sealed class InsightsPass(DateOnly reportingDate, InsightSettings settings, DateOnly? lastFiled) : ILedgerConsumer
{
    /// <summary>Goes up whenever a rule changes a number.</summary>
    public const int RulesVersion = 1;

    private const int Months = 12;

    private readonly DateOnly _monthEnd = MonthEnd(reportingDate);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaxRate> _rates = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _currencies = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);
    private Chart _chart = new();
    private OpenItems? _items;
    private IReadOnlyList<DatasetCoverage> _coverage = [];
    private IReadOnlySet<Capability>? _told;
    private Gathered? _gathered;
    private (DateOnly From, string Source)? _open;

    public IReadOnlySet<LedgerPart> Reads { get; } = new HashSet<LedgerPart>
    {
        LedgerPart.Contacts, LedgerPart.Documents, LedgerPart.Payments, LedgerPart.BankEntries, LedgerPart.Transfers, LedgerPart.Journals, LedgerPart.Balances, LedgerPart.Users, LedgerPart.Currencies,
    };

    /// <summary>The last whole month's end on or before a day.</summary>
    public static DateOnly MonthEnd(DateOnly day) => day.AddDays(1) is { Day: 1 } ? day : new DateOnly(day.Year, day.Month, 1).AddDays(-1);

    public void Begin(Chart chart, IReadOnlySet<Capability> capabilities, IReadOnlyList<DatasetCoverage> coverage) => (_chart, _told, _coverage, _items) = (chart, capabilities, coverage, chart.OpenItems(reportingDate));

    public void Take(LedgerRecord record)
    {
        switch (record)
        {
            case TaxRate rate:
                _rates[rate.Id] = rate;
                return;
            case Currency currency:
                _currencies.Add(currency.Id);
                return;
            case User user:
                _users.Add(user.Id);
                return;
            case LedgerContact { Name: { Length: > 0 } name } contact:
                _names[contact.Id] = name;
                return;
            case LedgerDocument or LedgerPayment or LedgerCreditUse or LedgerBankEntry or LedgerTransfer or LedgerJournal:
                break;
            default:
                return;
        }

        // The chart is whole from here on.
        var gathered = _gathered ??= Start();
        gathered.Volumes.Add(record);
        gathered.Reliance.Add(record);
        gathered.Late.Add(record);
        var date = DateOf(record);
        // What an advance is used for later counts in the later month.
        if (date <= _monthEnd || record is LedgerDocument { Kind: var kind } && kind.IsAdvance())
        {
            gathered.Tax.Add(record);
            gathered.NoTurnover.Add(record);
        }
        if (_open is { } open && (date >= open.From && date <= reportingDate || record is LedgerDocument { Kind: var advance } && advance.IsAdvance()))
            gathered.OpenTax.Add(record);
        if (date > From && date <= reportingDate && CurrencyOf(record) is { } used)
            _used.Add(used);
    }

    public ClientInsights Finish()
    {
        var gathered = _gathered ??= Start();
        var organisation = _chart.Organisation;
        var items = _items!.At(reportingDate);
        return new ClientInsights
        {
            RulesVersion = RulesVersion,
            ReportingDate = reportingDate,
            MonthEnd = _monthEnd,
            Organisation = organisation.Name,
            BaseCurrency = organisation.BaseCurrency,
            Coverage = _coverage,
            Volumes = When(() => Insight<IReadOnlyList<Volume>>.Of(gathered.Volumes.Months),
                LedgerPart.Documents, LedgerPart.BankEntries, LedgerPart.Payments, LedgerPart.Transfers, LedgerPart.Journals),
            Turnover = When(() => OfTurnover(gathered), LedgerPart.Documents, LedgerPart.BankEntries, LedgerPart.Journals),
            Revenue = WithBalances(() => RevenueByYear.Of(_chart.Frame, _chart.Balances, _monthEnd)),
            Position = WithBalances(Positions),
            SalesTax = When(() => OfSalesTax(gathered), LedgerPart.Documents, LedgerPart.BankEntries, LedgerPart.Journals),
            Receivables = Aged(items, isReceivable: true),
            Payables = Aged(items, isReceivable: false),
            TopCustomers = When(() => Top(gathered.Reliance, isSales: true), LedgerPart.Documents, LedgerPart.BankEntries, LedgerPart.Contacts),
            TopSuppliers = When(() => Top(gathered.Reliance, isSales: false), LedgerPart.Documents, LedgerPart.BankEntries, LedgerPart.Contacts),
            UnusuallyLate = When(() => Insight<IReadOnlyList<LateCustomer>>.Of(gathered.Late.Find(items, Name)), LedgerPart.Documents, LedgerPart.Payments, LedgerPart.Contacts),
            BankAccounts = When(() => Insight<BankAccountCounts>.Of(BankAccounts())),
            Users = When([Capability.Users], [LedgerPart.Users], () => Insight<UserCount>.Of(new(_users.Count))),
            Currencies = When(() => Insight<CurrencyUse>.Of(new(organisation.BaseCurrency, [.. _currencies], [.. _used])), LedgerPart.Currencies, LedgerPart.Documents, LedgerPart.BankEntries),
        };
    }

    // The day before the first of the twelve months.
    private DateOnly From => _monthEnd.AddDays(1).AddMonths(-Months).AddDays(-1);

    private Gathered Start()
    {
        _open = OpenTaxPeriod.Of(_chart.Organisation, settings, lastFiled, reportingDate);
        return new(_chart.Frame, reportingDate, _monthEnd, From);
    }

    private Insight<T> When<T>(Func<Insight<T>> value, params HashSet<LedgerPart> parts)
        where T : class => When([], parts, value);

    private Insight<T> WithBalances<T>(Func<Insight<T>> value)
        where T : class => When([Capability.MonthlyBalances], [LedgerPart.Balances], value);

    private Insight<T> When<T>(HashSet<Capability> capabilities, HashSet<LedgerPart> parts, Func<Insight<T>> value)
        where T : class => HealthEngine.Missing(capabilities, parts, _told!, _coverage) is { } needs ? Insight<T>.Needs(needs) : value();

    private Insight<TurnoverInsight> OfTurnover(Gathered gathered)
    {
        var organisation = _chart.Organisation;
        if ((settings.IsRegistered ?? organisation.PaysTax) is not { } isRegistered)
            return Insight<TurnoverInsight>.Needs("to know whether the business is registered for sales tax, as a setting");
        var assets = gathered.NoTurnover.Assets;
        var turnover = Turnover.Of(gathered.Tax.Totals.Concat(assets.Concat(gathered.NoTurnover.Money).Select(total => total with { SalesNet = -total.SalesNet })), _rates.Values, isRegistered, _monthEnd);
        var leftOut = turnover.LeftOut + assets.Where(total => total.MonthEnd > From && total.MonthEnd <= _monthEnd).Sum(total => total.SalesNet);
        var (threshold, source) = Threshold(organisation);
        return Insight<TurnoverInsight>.Of(new(_monthEnd, turnover.Taxable, leftOut, isRegistered, threshold, threshold is { } amount ? turnover.DistanceTo(amount) : null, source));
    }

    private (decimal? Amount, string Source) Threshold(Organisation organisation)
    {
        if (settings.RegistrationThreshold is { } own)
            return (own, "As set.");
        if (RegistrationThresholds.Of(organisation.Country, _monthEnd) is not { } known)
            return (null, "Not available, needs the threshold that applies to this business, as a setting.");
        return known.Currency == organisation.BaseCurrency ? (known.Amount, known.Text) : (null, $"Not available, needs the threshold in the base currency, as a setting: it is {known.Currency} {Money.Text(known.Amount)}.");
    }

    private Insight<IReadOnlyList<Position>> Positions()
    {
        var covered = _chart.Balances.MonthEnds.Where(end => end > From && end <= reportingDate).Select(end => Position.At(_chart.Frame, _chart.Balances, end)!).ToList();
        return covered.Count > 0 ? Insight<IReadOnlyList<Position>>.Of(covered) : Insight<IReadOnlyList<Position>>.Needs("a balance sheet of one of the twelve months");
    }

    private Insight<TaxEstimate> OfSalesTax(Gathered gathered)
    {
        var organisation = _chart.Organisation;
        if ((settings.IsRegistered ?? organisation.PaysTax) == false)
            return Insight<TaxEstimate>.NotApplicable("the business is not registered for sales tax");
        // Reckoned when money moves, or by a flat rate: documents do not tell it.
        if (organisation.SalesTaxBasis is { } basis && (basis.Contains("CASH", StringComparison.OrdinalIgnoreCase) || basis.Contains("PAYMENT", StringComparison.OrdinalIgnoreCase) || basis.Contains("FLAT", StringComparison.OrdinalIgnoreCase)))
            return Insight<TaxEstimate>.Needs($"sales tax by the date of the document: these books reckon it otherwise ({basis})");
        if (_open is not { } open)
            return Insight<TaxEstimate>.Needs("the first day of the period that is not filed yet, as a setting or from a filed return");
        if (open.From > reportingDate)
            return Insight<TaxEstimate>.NotApplicable("all returns up to the reporting date are entered as filed");
        var (first, last) = (MonthEndOf(open.From), MonthEndOf(reportingDate));
        var totals = gathered.OpenTax.Totals.Where(total => total.MonthEnd >= first && total.MonthEnd <= last).ToList();
        return Insight<TaxEstimate>.Of(new(open.From, reportingDate, totals.Sum(total => total.SalesTax), totals.Sum(total => total.PurchaseTax), open.Source));
    }

    private Insight<AgedInsight> Aged(OpenItemsAt items, bool isReceivable) => When(
        () =>
        {
            var balances = AgedBalances.Of(items, isReceivable, settings.AgeFrom);
            var check = items.Check(_chart.Balances);
            var documents = items.Items.Count(item => item.IsReceivable == isReceivable && item.IsInControl && item.Kind is DocumentKind.SalesInvoice or DocumentKind.Bill);
            return Insight<AgedInsight>.Of(new(settings.AgeFrom, balances, balances.Total, documents, isReceivable ? check.ReceivableDifference : check.PayableDifference));
        },
        LedgerPart.Documents, LedgerPart.Payments, LedgerPart.BankEntries, LedgerPart.Journals);

    private Insight<IReadOnlyList<NamedShare>> Top(Reliance reliance, bool isSales) => Insight<IReadOnlyList<NamedShare>>.Of(
        [.. reliance.Top(isSales, settings.TopContacts).Select(share => new NamedShare(share.ContactId, Name(share.ContactId), share.Amount, Math.Round(share.Share, 4, MidpointRounding.AwayFromZero)))]);

    private string? Name(string contact) => _names.GetValueOrDefault(contact);

    private BankAccountCounts BankAccounts()
    {
        var accounts = _chart.Accounts.Where(account => account is { IsBankAccount: true, Activity: LedgerActivity.Active }).OrderBy(Chart.Name, StringComparer.Ordinal).ToList();
        var feeds = settings.ManualFeeds is { } manual
            ? Insight<ManualFeeds>.Of(new([.. accounts.Where(account => manual.Contains(account.Id) || (account.Code is { } code && manual.Contains(code))).Select(Chart.Name)]))
            : Insight<ManualFeeds>.Needs("to know which accounts have no feed, as a setting: no provider tells it");
        return new(accounts.Count, accounts.Count(account => account.BankKind == BankAccountKind.CreditCard), accounts.Count(account => account.BankKind == BankAccountKind.PaymentService), feeds);
    }

    private static DateOnly MonthEndOf(DateOnly day) => new(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));

    private static DateOnly? DateOf(LedgerRecord record) => record switch
    {
        LedgerDocument document => document.Date,
        LedgerBankEntry entry => entry.Date,
        LedgerJournal journal => journal.Date,
        _ => null,
    };

    private static string? CurrencyOf(LedgerRecord record) => record switch
    {
        LedgerDocument document when document.Status.IsInTheAccounts() => document.Currency,
        LedgerBankEntry entry when entry.Status.IsInTheAccounts() => entry.Currency,
        _ => null,
    };

    /// <summary>What is added up while the records come.</summary>
    private sealed class Gathered(BooksFrame frame, DateOnly reportingDate, DateOnly monthEnd, DateOnly from)
    {
        public Volumes Volumes { get; } = new(monthEnd, Months);

        public TaxTotals Tax { get; } = new(frame);

        public TaxTotals OpenTax { get; } = new(frame);

        public NoTurnover NoTurnover { get; } = new(frame);

        public Reliance Reliance { get; } = new(frame, from.AddDays(1), monthEnd);

        public LateCustomers Late { get; } = new(reportingDate);
    }
}
