using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Suppliers that bill every month: a bill that is far too high, or none. Keeps the bills of the period and six months before.</summary>
internal sealed class RegularSuppliers : HealthCheck<RegularSuppliers.Rules>
{
    // A median absolute deviation times this is a standard deviation of normal data.
    private const decimal MadScale = 1.4826m;

    public override string Key => "regular-suppliers";

    public override string Title => "Regular suppliers";

    public override string Explanation =>
        "A supplier that billed in five of the six months before is regular. A bill far above its usual amount is probably mistyped and counts; a month without a bill is listed, five days after the usual day: of who bills late in a month, the month before.";

    public override decimal DefaultWeight => 10m;

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Months", "Months before the period that are looked at.", Unit = "months", Least = 3, Most = 24)]
        int Months = 6,
        [property: Setting("Least months", "In so many of them a regular supplier billed; not more than the months.", Unit = "months", Least = 2, Most = 24)]
        int LeastMonths = 5,
        [property: Setting("Grace", "A bill is missing so many days after its usual day.", Unit = "days", Least = 0, Most = 31)]
        int GraceDays = 5) : CheckSettings
    {
        public Rules()
            : this(6)
        {
        }

        public override string? Problem() => LeastMonths > Months ? $"leastMonths: not more than the months that are looked at ({Months})." : null;
    }

    private sealed record Bill(DateOnly Date, decimal Gross, Evidence Evidence);

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly DateOnly _from = new DateOnly(context.Period.From.Year, context.Period.From.Month, 1).AddMonths(-rules.Months);
        private readonly Dictionary<string, (string Name, List<Bill> Bills)> _suppliers = new(StringComparer.Ordinal);

        public void Take(LedgerRecord record)
        {
            if (record is not LedgerDocument { Kind: DocumentKind.Bill, ContactId: { } contact } || context.Chart.TransactionOf(record) is not { } bill || bill.Date < _from || bill.Date > context.Period.To || bill.Date > context.ReportingDate)
                return;
            var held = _suppliers.TryGetValue(contact, out var supplier) ? supplier : (Name: bill.ContactName, Bills: new List<Bill>());
            held.Bills.Add(new Bill(bill.Date, bill.ToBase(bill.Gross), bill.AsEvidence()));
            _suppliers[contact] = (string.CompareOrdinal(bill.ContactName, held.Name) > 0 ? bill.ContactName : held.Name, held.Bills);
        }

        public CheckOutcome Finish()
        {
            var (examined, findings) = (0, new List<Finding>());
            foreach (var (contact, (name, bills)) in _suppliers)
            {
                var before = bills.Where(bill => bill.Date < context.Period.From).ToList();
                if (before.Select(bill => (bill.Date.Year, bill.Date.Month)).Distinct().Count() < rules.LeastMonths)
                    continue;
                examined++;
                var now = bills.Where(bill => context.Period.Holds(bill.Date)).ToList();
                if (High(contact, name, before, now) is { } high)
                    findings.Add(high);
                if (Missing(contact, name, before, now) is { } missing)
                    findings.Add(missing);
            }
            return new CheckOutcome.Checked(new PopulationMeasure(examined, PopulationMeasure.OfLists), findings);
        }

        private Finding? High(string contact, string name, List<Bill> before, List<Bill> now)
        {
            var median = Median(before.Select(bill => bill.Gross));
            var spread = Median(before.Select(bill => Math.Abs(bill.Gross - median))) * MadScale;
            var high = now.Where(bill => bill.Gross > median + (3m * spread) && bill.Gross > 1.5m * median).ToList();
            if (high.Count == 0)
                return null;
            var most = high.Max(bill => bill.Gross);
            return context.Find("high", [contact], Severity.Warning, $"{name} usually bills {Money.Text(median)}, now {Money.Text(most)}.",
                [.. high.Select(bill => bill.Evidence), Evidence.OfContact(contact, name)], high.Sum(bill => bill.Gross - median));
        }

        // Who bills late in a month is due in the next: of each supplier the latest month is looked at whose bill is due by now. A bill within the grace still is of that month.
        private Finding? Missing(string contact, string name, List<Bill> before, List<Bill> now)
        {
            var usual = (int)Math.Round(Median(before.Select(bill => (decimal)bill.Date.Day)), MidpointRounding.AwayFromZero);
            var month = Period.MonthOf(context.Period.To);
            if (context.ReportingDate < Due(month))
                month = Period.MonthOf(month.From.AddDays(-1));
            var days = month with { To = Due(month) };
            return context.ReportingDate < days.To || before.Concat(now).Any(bill => month.Holds(bill.Date) || days.Holds(bill.Date)) ? null : context.Find("missing", [contact, $"{month.From:yyyy-MM}"], Severity.Info,
                $"{name} usually bills on day {usual} of the month; there is no bill of {month.From.ToString("MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture)}.", [Evidence.OfContact(contact, name)]) with
            { IsScored = false };

            DateOnly Due(Period month) => month.From.AddDays(Math.Min(usual, month.To.Day) - 1 + rules.GraceDays);
        }

        private static decimal Median(IEnumerable<decimal> values)
        {
            var sorted = values.Order().ToList();
            return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2m;
        }
    }
}
