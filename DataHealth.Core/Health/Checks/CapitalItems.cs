using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Purchases that look like assets and were expensed.</summary>
internal sealed class CapitalItems : HealthCheck<CapitalItems.Rules>
{
    public override string Key => "capital-items";

    public override string Title => "Capital items in expenses";

    public override string Explanation => "Lines over a threshold on accounts for repairs, equipment and the like: they may be assets, to be depreciated over their life.";

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("From", "Lines of at least this net amount may be assets.", Unit = SettingAttribute.BaseCurrency, Above = 0)]
        decimal From = 500m) : CheckSettings
    {
        public Rules()
            : this(500m)
        {
        }

        [Setting("Accounts", "By code (or id); empty: those whose names say so.", MostItems = 50)]
        public IReadOnlyList<string> Accounts { get; init; } = [];
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly List<Finding> _findings = [];
        private int _examined;

        public void Take(LedgerRecord record)
        {
            if (context.Chart.TransactionOf(record) is { IsSale: false, IsCredit: false } one && context.Period.Holds(one.Date) && one.Date <= context.ReportingDate)
                Judge(one);
        }

        private void Judge(Transaction one)
        {
            var lines = one.Lines.Where(line => context.Chart.AccountOf(line) is { } account && IsLike(account)).ToList();
            if (lines.Count == 0)
                return;
            _examined++;
            var large = lines.Where(line => one.ToBase(line.Net) >= rules.From).ToList();
            if (large.Count == 0)
                return;
            _findings.Add(context.Find("large", [one.Ref.Id], Severity.Info,
                $"{Money.Text(one.ToBase(large.Max(line => line.Net)))} on {Chart.Name(context.Chart.AccountOf(large[0])!)}: {one.Name} {one.ContactName}.", [one.AsEvidence()],
                one.ToBase(large.Sum(line => line.Net + (line.Tax ?? 0m)))));
        }

        public CheckOutcome Finish() => new CheckOutcome.Checked(new PopulationMeasure(_examined, PopulationMeasure.OfTransactions), _findings);

        private bool IsLike(LedgerAccount account) => account.Class == AccountClass.Expense
            && (rules.Accounts.Count > 0 ? rules.Accounts.Any(named => context.Chart.Named(named)?.Id == account.Id) : AccountWords.CapitalLike.IsMatch(account.Name ?? ""));
    }
}
