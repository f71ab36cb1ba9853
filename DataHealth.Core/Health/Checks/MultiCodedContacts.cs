using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Contacts whose transactions go now here, now there.</summary>
internal sealed class MultiCodedContacts : HealthCheck<MultiCodedContacts.Rules>
{
    public override string Key => "multi-coded-contacts";

    public override string Title => "Multi-coded contacts";

    public override string Explanation =>
        "A contact whose sales or purchases went to more than one account, or carry more than one tax code: one of them is often a slip. Where one code is usual, what departs from it is shown. "
        + "A bill that is split the same way each time is no fault.";

    public override decimal DefaultWeight => 10m;

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("History", "How far back transactions count, from the reporting date.", Unit = "months", Least = 1, Most = 120)]
        int HistoryMonths = 24,
        [property: Setting("Starting from", "Instead of the history: transactions from this day on; left open: the history.")]
        DateOnly? StartingFrom = null,
        [property: Setting("Least lines", "From so many lines a code can be the usual one.", Unit = "lines", Least = 2, Most = 100)]
        int LeastLines = 5,
        [property: Setting("Usual share", "The usual code holds at least this share of the lines.", Unit = "share of 1", Above = 0.5, Most = 1)]
        decimal UsualShare = 0.6m,
        [property: Setting("Plain rule", "More than one code is a finding, whatever is usual.")]
        bool IsPlain = false) : CheckSettings
    {
        public Rules()
            : this(24)
        {
        }

        [Setting("Known combinations", "Contacts of which several codes are right, by direction and dimension.", MostItems = 1000)]
        public IReadOnlyList<Combination> Excluded { get; init; } = [];
    }

    /// <summary>A contact in a direction and a dimension.</summary>
    internal sealed record Combination(
        [property: Setting("Contact", "The contact's id.")] string Contact,
        [property: Setting("Sale", "Of what is sold to it; else of what is bought from it.")] bool IsSale,
        [property: Setting("Dimension", "Of which codes several are right.")] CodingDimension Dimension);

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly CodingHistory _history =
            new(context.Chart, context.Period, rules.StartingFrom ?? context.ReportingDate.AddMonths(-rules.HistoryMonths).AddDays(1), context.ReportingDate);

        public void Take(LedgerRecord record) => _history.Take(record);

        public CheckOutcome Finish()
        {
            var excluded = rules.Excluded.Select(one => new CodingKey(one.Contact, one.IsSale, one.Dimension)).ToHashSet();
            var (examined, findings) = (0, new List<Finding>());
            foreach (var (key, name, codings) in _history.Active().Where(one => !excluded.Contains(one.Key)))
            {
                examined++;
                if (codings.Count > 1)
                    findings.Add(Found(key, name, codings));
            }
            return new CheckOutcome.Checked(new PopulationMeasure(examined, PopulationMeasure.OfLists), findings);
        }

        private Finding Found(CodingKey key, string name, List<Coding> codings)
        {
            var lines = codings.Sum(coding => coding.Lines);
            var isUsual = !rules.IsPlain && lines >= rules.LeastLines && codings[0].Lines >= rules.UsualShare * lines;
            var off = isUsual ? codings.Skip(1).ToList() : codings;
            var evidence = off.SelectMany(coding => coding.Kept).Append(Evidence.OfContact(key.Contact, name)).DistinctBy(one => one.Record).ToList();
            var counts = string.Join(", ", off.Take(5).Select(coding => $"{coding.Code} ({coding.Transactions})"));
            var text = isUsual
                ? $"{name}: {key.Direction} usually have {key.Word} {codings[0].Code}; {off.Sum(coding => coding.Transactions)} depart from it: {counts}."
                : $"{name}: {key.Direction} have no usual {key.Word}: {counts}.";
            return context.Find("combination", [key.Contact, key.Direction, key.Word], Severity.Warning, text, evidence, isUsual ? off.Sum(coding => coding.Kept.Sum(one => one.Amount ?? 0m)) : null) with
            {
                // Which of the rules it is may change with one more bill: the id is of the combination alone.
                Rule = isUsual ? "off-usual" : "no-usual",
                // A dismissal is for this combination of codes: one more bill on them does not wake it, another code does.
                Fingerprint = Fingerprint.All(codings.Select(coding => Fingerprint.Of([coding.Code]))),
            };
        }
    }
}
