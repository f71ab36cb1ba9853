using System.Globalization;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>How long customers take to pay, on average. What is open is kept by the chart.</summary>
internal sealed class DebtorDays : HealthCheck<NoSettings>
{
    public override string Key => "debtor-days";

    public override string Title => "Average debtor days";

    public override string Explanation =>
        "What customers owe at the reporting date over the credit sales of the twelve months before, times 365; both with tax. Up to 45 days is full marks, from 90 none.";

    public override decimal DefaultWeight => 10m;

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.Payments);

    protected override ICheckRun Start(CheckContext context, NoSettings settings) => new Run(context);

    private sealed class Run(CheckContext context) : ICheckRun
    {
        private readonly OpenItems _items = context.Chart.OpenItems(context.ReportingDate);
        private decimal _sales;

        public void Take(LedgerRecord record)
        {
            if (record is LedgerDocument && context.Chart.TransactionOf(record) is { IsSale: true } sale && sale.Date > context.ReportingDate.AddYears(-1) && sale.Date <= context.ReportingDate)
                _sales += sale.IsCredit ? -sale.ToBase(sale.Gross) : sale.ToBase(sale.Gross);
        }

        public CheckOutcome Finish()
        {
            if (_sales <= 0m)
                return new CheckOutcome.NotApplicable("There were no credit sales in the twelve months before.");
            var owed = _items.At(context.ReportingDate).Without(RecordKind.BankEntry, RecordKind.Journal).Receivable;
            var days = owed / _sales * 365m;
            var findings = new List<Finding>();
            if (days > DaysMeasure.Good)
            {
                findings.Add(context.Find("slow", ["organisation"], days >= DaysMeasure.Bad ? Severity.Error : Severity.Warning,
                    string.Create(CultureInfo.InvariantCulture, $"Customers owe {Money.Text(owed)} of {Money.Text(_sales)} sold in twelve months: {days:0.0} days."),
                    // A dismissal holds until it is ten days worse or better.
                    [context.Settings(string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(days / 10m) * 10m:0} days or more"))], owed));
            }
            return new CheckOutcome.Checked(new DaysMeasure(days), findings);
        }
    }
}
