using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Input VAT on business entertainment, which cannot be recovered in the United Kingdom, and staff events beyond what is free of tax.</summary>
internal sealed class BusinessEntertainment : HealthCheck<BusinessEntertainment.Rules>
{
    public override string Key => "business-entertainment";

    public override string Title => "Business entertainment";

    public override string Explanation =>
        "VAT on entertaining people outside the business cannot be claimed back; on entertaining staff it can. Events for staff are free of tax up to 150 for each employee and tax year (needs the headcount). Rules of the United Kingdom.";

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Employees", "How many there are; left open: events for staff are not judged.", Unit = "people", Least = 0, Countries = new[] { "GB" })]
        int? Headcount = null,
        [property: Setting("Free of tax a head", "What staff events may cost for each employee in a tax year.", Unit = SettingAttribute.BaseCurrency, Least = 0, Countries = new[] { "GB" })]
        decimal PerHead = 150m) : CheckSettings
    {
        public Rules()
            : this(null, 150m)
        {
        }

        [Setting("Accounts of business entertainment", "By code (or id); empty: those whose names say so.", MostItems = 50, Countries = new[] { "GB" })]
        public IReadOnlyList<string> Accounts { get; init; } = [];

        [Setting("Accounts of staff events", "By code (or id); empty: those whose names say so.", MostItems = 50, Countries = new[] { "GB" })]
        public IReadOnlyList<string> StaffAccounts { get; init; } = [];
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly DateOnly? _taxYear = TaxYear.StartOf(new Organisation { Id = "", Country = "GB" }, context.ReportingDate);
        private readonly List<Finding> _findings = [];
        private readonly List<Evidence> _events = [];
        private int _examined;
        private decimal _staff;

        public void Take(LedgerRecord record)
        {
            if (context.Chart.TransactionOf(record) is not { } one || one.Date > context.ReportingDate || one.Date < _taxYear)
                return;
            var isRefund = one.IsDocument ? one.IsCredit : one.IsSale;
            var (guests, vat) = (0m, 0m);
            // Tax that the lines do not tell is shared out over them.
            var (untold, net) = (one.Tax - one.Lines.Sum(line => line.Tax ?? 0m), one.Lines.Where(line => line.Tax is null).Sum(line => line.Net));
            foreach (var line in one.Lines)
            {
                if (context.Chart.AccountOf(line) is not { } account)
                    continue;
                var tax = line.Tax ?? (net == 0m ? 0m : untold * line.Net / net);
                var gross = one.ToBase(line.Net + tax);
                if (IsStaff(account))
                {
                    _staff += isRefund ? -gross : gross;
                    Keep(one);
                }
                else if (IsGuests(account) && context.Period.Holds(one.Date) && !isRefund)
                {
                    guests += gross;
                    vat += one.ToBase(tax);
                }
            }
            if (guests == 0m)
                return;
            _examined++;
            if (vat > 0m)
                _findings.Add(context.Find("input-vat", [one.Ref.Id], Severity.Warning, $"{Money.Text(vat)} of VAT was claimed on entertaining guests: {one.Name} {one.ContactName}.", [one.AsEvidence()], guests));
        }

        public CheckOutcome Finish()
        {
            if (context.Chart.Organisation.Country is not ("GB" or "UK"))
                return new CheckOutcome.NotAvailable("books of the United Kingdom, whose rule it is");
            if (!context.Chart.Accounts.Any(account => IsGuests(account) || IsStaff(account)))
                return new CheckOutcome.NotApplicable("No account is for entertainment.");
            if (rules.Headcount is { } heads && _staff > heads * rules.PerHead)
            {
                _findings.Add(context.Find("staff-events", [$"{_taxYear:yyyy-MM-dd}"], Severity.Warning,
                    $"{Money.Text(_staff)} went on events for staff in the tax year; {Money.Text(heads * rules.PerHead)} is free of tax for {heads} people.", _events, _staff - (heads * rules.PerHead)) with
                { IsScored = false });
            }
            return new CheckOutcome.Checked(new PopulationMeasure(_examined, PopulationMeasure.OfTransactions), _findings);
        }

        private void Keep(Transaction one)
        {
            if (_events.Count == 0 || _events[^1].Record != one.Ref)
                _events.Add(one.AsEvidence());
        }

        private bool IsStaff(LedgerAccount account) => rules.StaffAccounts.Count > 0
            ? rules.StaffAccounts.Any(named => context.Chart.Named(named)?.Id == account.Id)
            : account.Class == AccountClass.Expense && AccountWords.Entertainment.IsMatch(account.Name ?? "") && AccountWords.Staff.IsMatch(account.Name ?? "");

        private bool IsGuests(LedgerAccount account) => rules.Accounts.Count > 0
            ? rules.Accounts.Any(named => context.Chart.Named(named)?.Id == account.Id)
            : account.Class == AccountClass.Expense && AccountWords.Entertainment.IsMatch(account.Name ?? "") && !IsStaff(account);
    }
}
