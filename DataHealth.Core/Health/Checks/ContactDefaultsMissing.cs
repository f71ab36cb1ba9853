using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Contacts that always have the same code and no default for it.</summary>
internal sealed class ContactDefaultsMissing : HealthCheck<ContactDefaultsMissing.Rules>
{
    public override string Key => "contact-defaults";

    public override string Title => "Contact defaults";

    public override string Explanation =>
        "A contact whose transactions always have the same account or tax code, while no default is set: with a default nobody has to choose, and nobody chooses wrongly.";

    public override decimal DefaultWeight => 5m;

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.ContactDefaults);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Contacts, LedgerPart.Documents, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("History", "How far back transactions count.", Unit = "months", Least = 1, Most = 120)]
        int HistoryMonths = 12,
        [property: Setting("Least lines", "From so many lines on one code it is a habit.", Unit = "lines", Least = 2, Most = 100)]
        int LeastLines = 5) : CheckSettings
    {
        public Rules()
            : this(12)
        {
        }
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly CodingHistory _history = new(context.Chart, context.Period, context.ReportingDate.AddMonths(-rules.HistoryMonths).AddDays(1), context.ReportingDate, keepsEvidence: false);
        private readonly Dictionary<string, (bool SalesAccount, bool SalesTax, bool PurchaseAccount, bool PurchaseTax)> _set = new(StringComparer.Ordinal);

        public void Take(LedgerRecord record)
        {
            if (record is LedgerContact { Activity: LedgerActivity.Active } contact)
                _set[contact.Id] = (contact.Sales.AccountCode is { Length: > 0 }, contact.Sales.TaxType is { Length: > 0 }, contact.Purchases.AccountCode is { Length: > 0 }, contact.Purchases.TaxType is { Length: > 0 });
            else
                _history.Take(record);
        }

        public CheckOutcome Finish()
        {
            var (examined, findings) = (0, new List<Finding>());
            foreach (var (key, name, codings) in _history.Active())
            {
                if (codings is not [{ } only] || only.Lines < rules.LeastLines || only.Code.Contains(" + ", StringComparison.Ordinal) || !_set.TryGetValue(key.Contact, out var set))
                    continue;
                examined++;
                var isSet = (key.IsSale, key.Dimension) switch
                {
                    (true, CodingDimension.Account) => set.SalesAccount,
                    (true, _) => set.SalesTax,
                    (_, CodingDimension.Account) => set.PurchaseAccount,
                    _ => set.PurchaseTax,
                };
                if (!isSet)
                {
                    findings.Add(context.Find("not-set", [key.Contact, key.Direction, key.Word], Severity.Info,
                        $"{name}: {key.Direction} always have {key.Word} {only.Code} ({only.Transactions} times), and no default is set.", [Evidence.OfContact(key.Contact, name)]) with
                    {
                        Fingerprint = Fingerprint.All([Fingerprint.Of([only.Code])]),
                    });
                }
            }
            return new CheckOutcome.Checked(new PopulationMeasure(examined, PopulationMeasure.OfLists), findings);
        }
    }
}
