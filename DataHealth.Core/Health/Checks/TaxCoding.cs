using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Tax codes that do not fit where they stand. Keeps what it found, and which contacts have a tax number.</summary>
internal sealed class TaxCoding : HealthCheck<TaxCoding.Rules>
{
    public override string Key => "tax-coding";

    public override string Title => "Tax coding";

    public override string Explanation =>
        "Sales tax codes on anything but revenue, purchase tax codes on sales, large amounts without tax, tax on wages, equity, bank and control accounts, and a lot of tax from a supplier without a tax number.";

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Contacts, LedgerPart.Documents, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Untaxed from", "Lines without tax of at least this net amount are findings.", Unit = SettingAttribute.BaseCurrency, Least = 0)]
        decimal UntaxedFrom = 1_000m,
        [property: Setting("Tax from", "Tax of at least this amount from a supplier without a tax number is a finding.", Unit = SettingAttribute.BaseCurrency, Least = 0)]
        decimal TaxFrom = 200m) : CheckSettings
    {
        public Rules()
            : this(1_000m)
        {
        }
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        // Buying and selling assets, stock and what is paid in advance is taxed like any other trade.
        private static readonly string[] TaxedBalances = ["FIXED", "INVENTORY", "PREPAYMENT", "NONCURRENT"];
        private readonly HashSet<string> _numbered = new(StringComparer.Ordinal);
        private readonly List<Finding> _findings = [];
        private int _examined;

        public void Take(LedgerRecord record)
        {
            if (record is LedgerContact contact)
            {
                if (contact.TaxNumber is { Length: > 0 })
                    _numbered.Add(contact.Id);
                return;
            }
            if (context.Chart.TransactionOf(record) is { } one && context.Period.Holds(one.Date) && one.Date <= context.ReportingDate)
                Judge(one);
        }

        private void Judge(Transaction one)
        {
            _examined++;
            foreach (var rule in one.Lines.SelectMany(line => Broken(one, line)).GroupBy(broken => broken.Rule))
            {
                _findings.Add(context.Find(rule.Key, [one.Ref.Id], rule.Key == "untaxed" ? Severity.Info : Severity.Warning, $"{one.Name} {one.ContactName}: {rule.First().Text}.",
                    [one.AsEvidence()], one.ToBase(one.Gross)));
            }
            if (one is { IsSale: false, ContactId: { } supplier } && one.ToBase(one.Tax) >= rules.TaxFrom && !_numbered.Contains(supplier))
            {
                _findings.Add(context.Find("no-tax-number", [one.Ref.Id], Severity.Warning, $"{one.ContactName} charged {Money.Text(one.ToBase(one.Tax))} of tax and has no tax number.", [one.AsEvidence()],
                    one.ToBase(one.Gross)));
            }
        }

        public CheckOutcome Finish() => context.Chart.Organisation.Country == "US"
            ? new CheckOutcome.NotAvailable("tax codes for each line, which books of the United States do not have")
            : new CheckOutcome.Checked(new PopulationMeasure(_examined, PopulationMeasure.OfTransactions), _findings);

        private IEnumerable<(string Rule, string Text)> Broken(Transaction one, LedgerLine line)
        {
            if (context.Chart.AccountOf(line) is not { } account)
                yield break;
            var rate = context.Chart.Rate(line.TaxType);
            var isTrade = account.Class is AccountClass.Revenue or AccountClass.Expense;
            var isTaxedBalance = TaxedBalances.Contains(account.Type ?? "", StringComparer.OrdinalIgnoreCase);
            if (rate is { ForRevenue: true, ForExpenses: not true } && account.Class != AccountClass.Revenue && !isTaxedBalance && !one.IsSale)
                yield return ("sales-tax-code", $"the sales tax code {rate.Name ?? rate.TaxType} on {Chart.Name(account)}");
            if (rate is { ForExpenses: true, ForRevenue: not true } && (account.Class == AccountClass.Revenue || (one is { IsDocument: true, IsSale: true } && !isTaxedBalance)))
                yield return ("purchase-tax-code", $"the purchase tax code {rate.Name ?? rate.TaxType} on {Chart.Name(account)}");
            var net = one.ToBase(line.Net);
            var isUntaxed = line.Tax is { } tax ? tax == 0m : one.Tax == 0m;
            if (isUntaxed && isTrade && !IsWages(account) && Math.Abs(net) >= rules.UntaxedFrom && context.Chart.Organisation.PaysTax != false)
                yield return ("untaxed", $"{Money.Text(net)} on {Chart.Name(account)} without tax");
            if (line.Tax is { } charged && charged != 0m && (IsWages(account) || account.Class == AccountClass.Equity || account.IsBankAccount || account.SystemRole is not null))
                yield return ("tax-where-none", $"{Money.Text(one.ToBase(charged))} of tax on {Chart.Name(account)}");
        }

        private static bool IsWages(LedgerAccount account) =>
            account.Type is "WAGESEXPENSE" or "SUPERANNUATIONEXPENSE" || AccountWords.Wages.IsMatch(account.Name ?? "");
    }
}
