using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>What was put aside and never coded.</summary>
internal sealed class Suspense : HealthCheck<Suspense.Rules>
{
    public override string Key => "suspense";

    public override string Title => "Suspense and uncategorised";

    public override string Explanation =>
        "Balances and entries of accounts that are only a place to wait: suspense, ask my accountant, uncategorised income and expense, opening balance equity, historical adjustment.";

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.MonthlyBalances);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.BankEntries, LedgerPart.Journals, LedgerPart.Balances);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules : CheckSettings
    {
        [Setting("More accounts", "Such accounts by code (or id), beside those whose type or name says so.", MostItems = 50)]
        public IReadOnlyList<string> Accounts { get; init; } = [];
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly List<Finding> _findings = [];
        private int _examined;

        public void Take(LedgerRecord record)
        {
            if (context.Chart.TransactionOf(record) is { } one && context.Period.Holds(one.Date) && one.Date <= context.ReportingDate)
                Entry(record.Id, one.Lines, one.AsEvidence(), one.ToBase(one.Gross));
            else if (record is LedgerJournal { Date: { } date } journal && journal.Status.IsInTheAccounts() && context.Period.Holds(date) && date <= context.ReportingDate)
                Entry(record.Id, journal.Lines, Evidence.Of(journal, RecordWords.Of(journal), date), journal.Lines.Where(line => Waiting(line) is not null).Sum(line => Math.Abs(line.Net)));
        }

        public CheckOutcome Finish()
        {
            foreach (var account in context.Chart.Accounts.Where(account => account.Class is AccountClass.Asset or AccountClass.Liability or AccountClass.Equity))
            {
                if (!IsWaiting(account) || context.Chart.Balances.Latest(account.Id, context.ReportingDate) is not { Amount: not 0m } balance)
                    continue;
                _examined++;
                _findings.Add(context.Find("balance", [account.Id], Severity.Warning, $"{Chart.Name(account)} has a balance of {Money.Text(balance.Amount)}.", [Evidence.Of(account, balance.Day, balance.Amount)], balance.Amount));
            }
            return new CheckOutcome.Checked(new PopulationMeasure(_examined, PopulationMeasure.OfTransactions), _findings);
        }

        private void Entry(string id, IReadOnlyList<LedgerLine> lines, Evidence evidence, decimal sum)
        {
            _examined++;
            if (lines.Select(Waiting).OfType<LedgerAccount>().FirstOrDefault() is { } account)
                _findings.Add(context.Find("entry", [id], Severity.Warning, $"{evidence.Text} is on {Chart.Name(account)}.", [evidence, Evidence.Of(account, null, null)], sum));
        }

        private LedgerAccount? Waiting(LedgerLine line) => context.Chart.AccountOf(line) is { } account && IsWaiting(account) ? account : null;

        private bool IsWaiting(LedgerAccount account) =>
            AccountWords.Suspense.IsMatch(account.Name ?? "") || account.SystemRole == "OpeningBalanceEquity" || rules.Accounts.Any(named => context.Chart.Named(named)?.Id == account.Id);
    }
}
