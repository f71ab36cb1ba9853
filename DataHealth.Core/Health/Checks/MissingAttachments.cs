using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Purchases without a file.</summary>
internal sealed class MissingAttachments : HealthCheck<MissingAttachments.Rules>
{
    public override string Key => "attachments";

    public override string Title => "Attachments";

    public override string Explanation => "Bills and spend-money above a minimum to which no file is attached: without the supplier's paper the tax on it may not be claimed.";

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.Attachments);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.BankEntries, LedgerPart.Attachments);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("From", "Bills and spend-money of at least this amount with tax need a file.", Unit = SettingAttribute.BaseCurrency, Least = 0)]
        decimal From = 100m) : CheckSettings
    {
        public Rules()
            : this(100m)
        {
        }
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly List<Finding> _findings = [];
        private int _examined;

        public void Take(LedgerRecord record)
        {
            if (context.Chart.TransactionOf(record) is not { IsSale: false, IsCredit: false, HasAttachments: { } has } one || !context.Period.Holds(one.Date) || one.Date > context.ReportingDate)
                return;
            var sum = one.ToBase(one.Gross);
            if (sum < rules.From || sum == 0m)
                return;
            _examined++;
            if (!has)
                _findings.Add(context.Find("none", [one.Ref.Id], Severity.Info, $"{Money.Text(sum)} to {one.ContactName} of {Money.Text(one.Date)} has no file.", [one.AsEvidence()], sum));
        }

        public CheckOutcome Finish() => new CheckOutcome.Checked(new PopulationMeasure(_examined, PopulationMeasure.OfTransactions), _findings);
    }
}
