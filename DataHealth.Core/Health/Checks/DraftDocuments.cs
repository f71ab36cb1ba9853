using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Documents that were begun and never approved.</summary>
internal sealed class DraftDocuments : HealthCheck<DraftDocuments.Rules>
{
    public override string Key => "draft-documents";

    public override string Title => "Draft documents";

    public override string Explanation => "Invoices, bills and credit notes dated before the period's end that are drafts or wait for approval for more than two weeks: they are not in the accounts yet.";

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.Drafts);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Older than", "Drafts that are older at the reporting date are findings.", Unit = "days", Least = 0, Most = 365)]
        int Days = 14) : CheckSettings
    {
        public Rules()
            : this(14)
        {
        }
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly List<Finding> _findings = [];
        private int _examined;

        public void Take(LedgerRecord record)
        {
            if (record is not LedgerDocument { Date: { } date } document)
                return;
            var isDraft = document.Status is LedgerStatus.Draft or LedgerStatus.Submitted;
            if (context.Period.Holds(date) && (isDraft || document.Status.IsInTheAccounts()))
                _examined++;
            var days = context.ReportingDate.DayNumber - date.DayNumber;
            if (!isDraft || date > context.Period.To || days <= rules.Days)
                return;
            var sum = Money.Round(document.ToBase(document.Gross));
            _findings.Add(context.Find("draft", [document.Id], days > 90 ? Severity.Error : Severity.Warning,
                $"{RecordWords.Of(document)} {document.ContactName} of {Money.Text(date)} {(document.Status == LedgerStatus.Draft ? "is a draft" : "waits for approval")} ({days} days).",
                [Evidence.Of(document, $"{RecordWords.Of(document)} {document.ContactName}".Trim(), date, sum)], sum) with
            { Since = date });
        }

        public CheckOutcome Finish() => new CheckOutcome.Checked(new PopulationMeasure(_examined, PopulationMeasure.OfTransactions), _findings);
    }
}
