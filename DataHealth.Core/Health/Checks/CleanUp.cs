using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Transactions that lack what the company usually gives. Keeps those of the period that lack a tracking value.</summary>
internal sealed class CleanUp : HealthCheck<NoSettings>
{
    public override string Key => "clean-up";

    public override string Title => "Transaction clean-up";

    public override string Explanation =>
        "Transactions coded to an account that has accounts below it, without a contact, or without a class or location where the company gives them to at least half of its lines.";

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.SubAccounts);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, NoSettings settings) => new Run(context);

    private sealed class Run(CheckContext context) : ICheckRun
    {
        private const decimal InUse = 0.5m;
        private readonly List<Finding> _findings = [];
        private readonly Dictionary<string, int> _tracked = new(StringComparer.Ordinal);
        private readonly List<(HashSet<string> Given, Evidence Evidence, decimal Sum)> _lines = [];
        private HashSet<string>? _parents;
        private int _examined;

        public void Take(LedgerRecord record)
        {
            if (context.Chart.TransactionOf(record) is not { } one || !context.Period.Holds(one.Date) || one.Date > context.ReportingDate)
                return;
            _examined++;
            _parents ??= Parents();
            var (evidence, sum) = (one.AsEvidence(), one.ToBase(one.Gross));
            if (one.Lines.Select(context.Chart.AccountOf).FirstOrDefault(account => account is not null && _parents.Contains(account.Id)) is { } parent)
                _findings.Add(context.Find("parent-account", [one.Ref.Id], Severity.Info, $"{evidence.Text} is on {Chart.Name(parent)}, which has accounts below it.", [evidence, Evidence.Of(parent, null, null)], sum));
            if (one.ContactId is null)
                _findings.Add(context.Find("no-contact", [one.Ref.Id], Severity.Info, $"{Money.Text(sum)} of {Money.Text(one.Date)} has no contact.", [evidence], sum));
            foreach (var line in one.Lines.Where(line => line.Net != 0m))
            {
                var given = line.Tracking.Select(value => value.CategoryId ?? value.Category ?? "").ToHashSet(StringComparer.Ordinal);
                foreach (var category in given)
                    _tracked[category] = _tracked.GetValueOrDefault(category) + 1;
                _lines.Add((given, evidence, sum));
            }
        }

        public CheckOutcome Finish()
        {
            foreach (var category in _tracked.Where(one => one.Value >= InUse * _lines.Count).Select(one => one.Key).Order(StringComparer.Ordinal))
            {
                foreach (var (_, evidence, sum) in _lines.Where(line => !line.Given.Contains(category)).DistinctBy(line => line.Evidence.Record))
                    _findings.Add(context.Find("untracked", [evidence.Record.Id, category], Severity.Info, $"{evidence.Text} has no {category.ToLowerInvariant()}.", [evidence], sum));
            }
            return new CheckOutcome.Checked(new PopulationMeasure(_examined, PopulationMeasure.OfTransactions), _findings);
        }

        // Names are written with those of the accounts above: "Vehicle:Fuel".
        private HashSet<string> Parents()
        {
            var above = context.Chart.Accounts.Select(account => account.Name ?? "").Where(name => name.Contains(':', StringComparison.Ordinal))
                .Select(name => name[..name.LastIndexOf(':')]).ToHashSet(StringComparer.Ordinal);
            return context.Chart.Accounts.Where(account => account.Name is { } name && above.Contains(name)).Select(account => account.Id).ToHashSet(StringComparer.Ordinal);
        }
    }
}
