using DataHealth.Core.Health.Balances;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Invoices and bills that have been unpaid for long. What is open is kept by the chart.</summary>
internal sealed class AgedBalances : HealthCheck<AgedBalances.Rules>
{
    public override string Key => "aged-balances";

    public override string Title => "Aged receivables and payables";

    public override string Explanation =>
        "Sales invoices and bills that were still unpaid at the reporting date and older than three months by their date: bad debts, payments that were never matched, or documents that should not be there.";

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.Payments);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Older than", "Invoices and bills that are unpaid for longer than this at the reporting date are findings.", Unit = "months", OneOf = new[] { 1, 2, 3, 6, 12 })]
        int Months = 3) : CheckSettings
    {
        public Rules()
            : this(3)
        {
        }
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly OpenItems _items = context.Chart.OpenItems(context.ReportingDate);

        public void Take(LedgerRecord record)
        {
            // What is open is rebuilt by the chart.
        }

        public CheckOutcome Finish()
        {
            var cutoff = context.ReportingDate.AddMonths(-rules.Months);
            var (examined, findings) = (0, new List<Finding>());
            foreach (var item in _items.At(context.ReportingDate).Items.Where(item => item is { Kind: DocumentKind.SalesInvoice or DocumentKind.Bill, Open: > 0m }))
            {
                examined++;
                if (item.Date >= cutoff)
                    continue;
                var days = context.ReportingDate.DayNumber - item.Date.DayNumber;
                findings.Add(context.Find(item.IsReceivable ? "receivable" : "payable", [item.Id], days > 365 ? Severity.Error : Severity.Warning,
                    $"{Money.Text(item.OpenInBase)} of {item.Text} of {Money.Text(item.Date)} is still {(item.IsReceivable ? "owed to" : "owed by")} the business after {days} days.", [item.AsEvidence()], item.OpenInBase) with
                { Since = item.Date });
            }
            return new CheckOutcome.Checked(new PopulationMeasure(examined, PopulationMeasure.OfTransactions), findings);
        }
    }
}
