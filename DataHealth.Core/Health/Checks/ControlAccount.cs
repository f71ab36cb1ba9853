using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>A control account that payroll fills and a payment empties: what is owed must be the last run, or nothing. Keeps one sum a month.</summary>
internal abstract class ControlAccount : HealthCheck<ControlAccount.Rules>
{
    private const string Part = "account";
    private const int SoonDays = 14;

    protected abstract string Subject { get; }

    public override string Explanation =>
        $"{Subject}: the control account should be empty, or hold exactly what the last run posted and is not due yet. Needs the account to be set; journals by hand and what only the general ledger shows both count as runs.";

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.PayrollControls, Capability.MonthlyBalances);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Journals, LedgerPart.Documents, LedgerPart.BankEntries, LedgerPart.Balances);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings, Subject);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Account", "The control account by code (or id); left open: the check does not apply.")]
        string? Account = null,
        [property: Setting("Quarterly", "Paid every quarter instead of every month.")]
        bool IsQuarterly = false,
        [property: Setting("Due day", "The day of the month after by which it is paid.", Unit = "day of the month", Least = 1, Most = 31)]
        int DueDay = 22) : CheckSettings
    {
        public Rules()
            : this(null, false)
        {
        }
    }

    private sealed class Run(CheckContext context, Rules rules, string subject) : ICheckRun
    {
        private readonly SortedDictionary<DateOnly, decimal> _journals = [];
        private readonly SortedDictionary<DateOnly, decimal> _others = [];
        private LedgerAccount? Account => context.Chart.Named(rules.Account);

        public void Take(LedgerRecord record)
        {
            if (Account is { } account)
                Take(account, record);
        }

        private void Take(LedgerAccount account, LedgerRecord record)
        {
            if (record is LedgerJournal { Date: { } date } journal && journal.Status.IsInTheAccounts() && date <= context.ReportingDate)
                Add(_journals, date, journal.Lines.Where(line => context.Chart.AccountOf(line)?.Id == account.Id && line.Net < 0m).Sum(line => -line.Net));
            else if (context.Chart.TransactionOf(record) is { } one && one.Date <= context.ReportingDate)
                Add(_others, one.Date, one.Lines.Where(line => context.Chart.AccountOf(line)?.Id == account.Id).Sum(line => one.ToBase(line.Net) * (one.IsSale == one.IsCredit ? 1m : -1m)));
        }

        public CheckOutcome Finish()
        {
            if (rules.Account is null)
                return new CheckOutcome.NotApplicable($"No account is set for {subject}.");
            if (Account is not { } account)
                return new CheckOutcome.NotApplicable($"The account '{rules.Account}' set for {subject} is not in the chart.");
            if (context.Chart.Balances.Latest(account.Id, context.ReportingDate) is not { } balance)
                return new CheckOutcome.NotAvailable("a balance sheet of the reporting date or before");
            var owed = Money.Round(-balance.Amount);
            var runs = Runs(account);
            var (light, why) = Judge(owed, runs);
            var findings = new List<Finding>();
            if (light != Light.Green)
            {
                findings.Add(context.Find("not-explained", [account.Id], light == Light.Red ? Severity.Error : Severity.Warning, $"{Chart.Name(account)} owes {Money.Text(owed)}: {why}",
                    [Evidence.Of(account, balance.Day, balance.Amount)], balance.Amount) with
                { Part = Part });
            }
            return new CheckOutcome.Checked(new StateMeasure(new Dictionary<string, Light> { [Part] = light }), findings);
        }

        private (Light Light, string Why) Judge(decimal owed, List<(DateOnly End, decimal Amount)> runs)
        {
            if (owed == 0m)
                return (Light.Green, "");
            if (runs.Count == 0)
                return (Light.Red, "no run ever posted to it.");
            var last = runs[^1];
            var due = Due(last.End);
            if (owed == last.Amount)
                return context.ReportingDate > due ? (Light.Red, $"the run of {Money.Text(last.End)} was to be paid by {Money.Text(due)}.") : (Light.Green, "");
            if (runs.Count > 1 && owed == last.Amount + runs[^2].Amount && Due(runs[^2].End) is var former && context.ReportingDate <= former && former.DayNumber - context.ReportingDate.DayNumber <= SoonDays)
                return (Light.Amber, $"two runs, the first is to be paid by {Money.Text(former)}.");
            return (Light.Red, $"the last run, of {Money.Text(last.End)}, explains {Money.Text(last.Amount)}.");
        }

        private DateOnly Due(DateOnly end)
        {
            var month = new DateOnly(end.Year, end.Month, 1).AddMonths(1);
            return month.AddDays(Math.Min(rules.DueDay, DateTime.DaysInMonth(month.Year, month.Month)) - 1);
        }

        // What was posted in each month (or quarter): journals by hand, else what moved the balance and no document explains, a pay run that only the general ledger shows.
        private List<(DateOnly End, decimal Amount)> Runs(LedgerAccount account)
        {
            var months = new SortedDictionary<DateOnly, decimal>();
            if (_journals.Count > 0)
            {
                foreach (var (date, amount) in _journals)
                    Add(months, EndOf(date), amount);
            }
            else
            {
                var balances = context.Chart.Balances;
                foreach (var end in balances.MonthEnds.Where(date => date <= context.ReportingDate && date == Period.MonthOf(date).To))
                {
                    var month = Period.MonthOf(end);
                    if (balances.Balance(account.Id, month.From.AddDays(-1)) is { } before && balances.Balance(account.Id, end) is { } after)
                        Add(months, EndOf(end), -(after - before - _others.Where(other => month.Holds(other.Key)).Sum(other => other.Value)));
                }
            }
            return [.. months.Where(month => month.Value > 0m).Select(month => (month.Key, Money.Round(month.Value)))];
        }

        private DateOnly EndOf(DateOnly date) =>
            rules.IsQuarterly ? new DateOnly(date.Year, ((date.Month + 2) / 3 * 3), 1).AddMonths(1).AddDays(-1) : Period.MonthOf(date).To;

        private static void Add(SortedDictionary<DateOnly, decimal> sums, DateOnly date, decimal amount)
        {
            if (amount != 0m)
                sums[date] = sums.GetValueOrDefault(date) + amount;
        }
    }
}
