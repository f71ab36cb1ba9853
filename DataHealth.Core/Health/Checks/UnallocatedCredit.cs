using DataHealth.Core.Health.Balances;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Credits that nobody used, and receipts taken as income while the invoice stays open. Keeps the period's receipts; what is open is kept by the chart.</summary>
internal sealed class UnallocatedCredit : HealthCheck<UnallocatedCredit.Rules>
{
    public override string Key => "unallocated-credit";

    public override string Title => "Unallocated credit";

    public override string Explanation =>
        "Overpayments, prepayments and credit notes of which something is left, and money coded to income while an invoice of the same customer over the same amount is unpaid: the sale is then in the books twice.";

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.Payments, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("From", "Credits of which at least so much is left are findings.", Unit = SettingAttribute.BaseCurrency, Above = 0)]
        decimal From = 0.01m) : CheckSettings
    {
        public Rules()
            : this(0.01m)
        {
        }
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly OpenItems _items = context.Chart.OpenItems(context.ReportingDate);
        private readonly List<(string Contact, DateOnly Date, string Currency, decimal Gross, Evidence Evidence)> _receipts = [];
        private int _examined;

        public void Take(LedgerRecord record)
        {
            if (record is LedgerDocument { Date: { } date } document && date <= context.ReportingDate && document.Status.IsInTheAccounts() && document.Kind is not (DocumentKind.SalesInvoice or DocumentKind.Bill or DocumentKind.Unknown)
                && date > context.ReportingDate.AddYears(-1))
                _examined++;
            if (record is not LedgerBankEntry || context.Chart.TransactionOf(record) is not { IsSale: true, ContactId: { } contact } one || !context.Period.Holds(one.Date) || one.Date > context.ReportingDate)
                return;
            _examined++;
            if (one.Gross > 0m && one.Lines.Count > 0 && one.Lines.All(line => context.Chart.AccountOf(line)?.Class == AccountClass.Revenue))
                _receipts.Add((contact, one.Date, one.Currency, one.Gross, one.AsEvidence()));
        }

        public CheckOutcome Finish()
        {
            var findings = new List<Finding>();
            var open = _items.At(context.ReportingDate).Items;
            foreach (var item in open.Where(item => item.Kind.IsCredit() && -item.OpenInBase >= rules.From))
            {
                findings.Add(context.Find("credit", [item.Id], Severity.Warning, $"{Money.Text(-item.OpenInBase)} of the credit {item.Text} of {Money.Text(item.Date)} is not used.", [item.AsEvidence()], -item.OpenInBase) with
                { Since = item.Date });
            }

            // Each receipt takes the oldest invoice that fits, so that two receipts do not accuse one invoice.
            var invoices = open.Where(item => item is { Kind: DocumentKind.SalesInvoice, Open: > 0m }).OrderBy(item => item.Date).ThenBy(item => item.Id, StringComparer.Ordinal)
                .GroupBy(item => (item.ContactId, item.Currency ?? "", item.Open)).ToDictionary(group => group.Key, group => group.ToList());
            foreach (var receipt in _receipts.OrderBy(receipt => receipt.Date).ThenBy(receipt => receipt.Evidence.Record.Id, StringComparer.Ordinal))
            {
                if (!invoices.TryGetValue((receipt.Contact, receipt.Currency, receipt.Gross), out var fitting))
                    continue;
                var at = fitting.FindIndex(item => item.Date <= receipt.Date);
                if (at < 0)
                    continue;
                var item = fitting[at];
                fitting.RemoveAt(at);
                findings.Add(context.Find("taken-as-income", [receipt.Evidence.Record.Id, item.Id], Severity.Error,
                    $"{receipt.Evidence.Text} of {Money.Text(receipt.Date)} is coded to income, while {item.Text} over the same {Money.Text(item.OpenInBase)} is unpaid.",
                    [receipt.Evidence, item.AsEvidence()], item.OpenInBase));
            }
            return new CheckOutcome.Checked(new PopulationMeasure(_examined, PopulationMeasure.OfTransactions), findings);
        }
    }
}
