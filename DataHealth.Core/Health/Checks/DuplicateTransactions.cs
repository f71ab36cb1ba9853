using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>What was entered twice. Keeps the transactions of the period and the days around it, and bills due then.</summary>
internal sealed class DuplicateTransactions : HealthCheck<DuplicateTransactions.Rules>
{
    private const int DaysAroundDue = 3;

    public override string Key => "duplicate-transactions";

    public override string Title => "Duplicate transactions";

    public override string Explanation =>
        "The same contact and amount at close dates: probably entered twice. Also a bill and spend-money for the same thing around the bill's due date. Bills whose numbers differ are listed and do not count; "
        + "what one schedule makes is left out. Counting bank entries among themselves as well changes the score.";

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Days apart", "How far apart two of the same contact and amount may be dated.", Unit = "days", OneOf = new[] { 3, 5, 7, 13, 31 })]
        int Days = 5,
        [property: Setting("Bank entries", "Also bank entries among themselves; changes the score.")]
        bool BankEntries = false) : CheckSettings
    {
        public Rules()
            : this(5)
        {
        }
    }

    private readonly record struct Alike(string Contact, bool IsSale, bool IsCredit, bool IsDocument, string Currency, decimal Gross);

    private sealed record Member(RecordRef Ref, DateOnly Date, DateOnly? Due, string? Number, string? Schedule, string ContactName, decimal Base, Evidence Evidence);

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly Dictionary<Alike, List<Member>> _groups = [];
        private readonly DateOnly _from = context.Period.From.AddDays(-rules.Days);
        private readonly DateOnly _to = context.Period.To.AddDays(rules.Days);
        private int _examined;

        public void Take(LedgerRecord record)
        {
            if (context.Chart.TransactionOf(record) is not { ContactId: { } contact, Gross: > 0m } one || one.Date > context.ReportingDate)
                return;
            var isDue = one is { IsDocument: true, IsSale: false, DueDate: { } due } && context.Period.From.AddDays(-DaysAroundDue) <= due && due <= context.Period.To.AddDays(DaysAroundDue);
            if (!isDue && (one.Date < _from || one.Date > _to))
                return;
            if (context.Period.Holds(one.Date) && (one.IsDocument || rules.BankEntries))
                _examined++;
            var key = new Alike(contact, one.IsSale, one.IsCredit, one.IsDocument, one.Currency, one.Gross);
            if (!_groups.TryGetValue(key, out var group))
                _groups[key] = group = [];
            group.Add(new Member(one.Ref, one.Date, one.DueDate, one.Number, (record as LedgerDocument)?.RepeatingId, one.ContactName, one.ToBase(one.Gross), one.AsEvidence()));
        }

        public CheckOutcome Finish()
        {
            var findings = new List<Finding>();
            foreach (var (key, members) in _groups)
            {
                if (key.IsDocument || rules.BankEntries)
                    findings.AddRange(Close(members).Where(IsTwice).Select(group => Twice(key, group)));
                if (key is { IsDocument: true, IsSale: false, IsCredit: false } && _groups.TryGetValue(key with { IsDocument = false }, out var spent))
                    findings.AddRange(PaidAside(key, members, spent));
            }
            return new CheckOutcome.Checked(new PopulationMeasure(_examined, PopulationMeasure.OfDuplicates), findings);
        }

        // Chains of members, each at most so many days after the one before.
        private IEnumerable<List<Member>> Close(List<Member> members)
        {
            List<Member> chain = [];
            foreach (var member in members.OrderBy(member => member.Date).ThenBy(member => member.Ref.Id, StringComparer.Ordinal))
            {
                if (chain.Count > 0 && member.Date.DayNumber - chain[^1].Date.DayNumber > rules.Days)
                {
                    yield return chain;
                    chain = [];
                }
                chain.Add(member);
            }
            yield return chain;
        }

        private bool IsTwice(List<Member> group) =>
            group.Count > 1 && group.Exists(member => context.Period.Holds(member.Date)) && !(group[0].Schedule is { } schedule && group.TrueForAll(member => member.Schedule == schedule));

        private Finding Twice(Alike key, List<Member> group)
        {
            var numbers = group.ConvertAll(member => member.Number);
            var isNumbered = key is { IsDocument: true, IsSale: false } && numbers.TrueForAll(number => number is not null) && numbers.Distinct(StringComparer.OrdinalIgnoreCase).Count() == group.Count;
            var extra = group.Skip(1).Sum(member => member.Base);
            // Of the first member, so that one more opens the same finding again.
            return context.Find("twice", [key.Contact, key.IsSale ? "sale" : "purchase", group[0].Ref.Id], isNumbered ? Severity.Info : Severity.Warning,
                $"{group.Count} times {Money.Text(group[0].Base)} {(key.IsSale ? "for" : "from")} {group[0].ContactName} within {group[^1].Date.DayNumber - group[0].Date.DayNumber} days"
                + (isNumbered ? ", under different numbers." : "."),
                [.. group.Select(member => member.Evidence)], extra) with
            {
                IsScored = !isNumbered,
                Units = group.Count - 1,
            };
        }

        private IEnumerable<Finding> PaidAside(Alike key, List<Member> bills, List<Member> spent)
        {
            var free = spent.OrderBy(entry => entry.Date).ThenBy(entry => entry.Ref.Id, StringComparer.Ordinal).ToList();
            foreach (var bill in bills.OrderBy(bill => bill.Due).ThenBy(bill => bill.Ref.Id, StringComparer.Ordinal))
            {
                var entry = free.Find(entry => bill.Due is { } due && Math.Abs(entry.Date.DayNumber - due.DayNumber) <= DaysAroundDue && (context.Period.Holds(entry.Date) || context.Period.Holds(bill.Date)));
                if (entry is null)
                    continue;
                free.Remove(entry);
                yield return context.Find("bill-and-spend", [key.Contact, bill.Ref.Id, entry.Ref.Id], Severity.Warning,
                    $"{Money.Text(bill.Base)} to {bill.ContactName} is a bill due on {Money.Text(bill.Due!.Value)} and spend-money of {Money.Text(entry.Date)}.", [bill.Evidence, entry.Evidence], entry.Base);
            }
        }
    }
}
