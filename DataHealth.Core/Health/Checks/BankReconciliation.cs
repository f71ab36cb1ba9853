using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Entries and payments that no bank statement has confirmed, per bank account, and accounts that nobody reconciles any more. Keeps the unreconciled ones, the transfers, and of all others their ids.</summary>
internal sealed class BankReconciliation : HealthCheck<BankReconciliation.Rules>
{
    public override string Key => "bank-reconciliation";

    public override string Title => "Bank reconciliation";

    public override string Explanation =>
        "Entries of bank and card accounts that are not matched to the bank's statement, and accounts whose latest match is long ago. Judged from the entries in the books: "
        + "lines of the statement that were never entered are not to be seen. Under 15 days is fine, over 30 days is not.";

    public override decimal DefaultWeight => 25m;

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.Reconciliation);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.BankEntries, LedgerPart.Payments, LedgerPart.Transfers, LedgerPart.Reconciliation);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Cleared counts", "What is ticked off as cleared counts as reconciled.", Reads = new[] { LedgerPart.Reconciliation })]
        bool ClearedCounts = true,
        [property: Setting("Start date", "Nothing dated before counts; left open: a year before the first import, where that is known.")]
        DateOnly? StartDate = null,
        [property: Setting("First import", "When the books were first copied; left open: everything counts that the start date lets in.")]
        DateOnly? FirstImport = null) : CheckSettings
    {
        public Rules()
            : this(true)
        {
        }
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly DateOnly _start = rules.StartDate ?? rules.FirstImport?.AddYears(-1) ?? DateOnly.MinValue;
        private readonly HashSet<string> _cleared = new(StringComparer.Ordinal);
        private readonly HashSet<string> _sides = new(StringComparer.Ordinal);
        private readonly List<LedgerTransfer> _transfers = [];
        private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);

        public void Take(LedgerRecord record)
        {
            switch (record)
            {
                case LedgerClearance { IsReconciled: false } clearance:
                    _cleared.Add(clearance.Of);
                    break;
                case LedgerBankEntry entry when entry.Status.IsInTheAccounts() && context.Chart.BankOf(entry) is { IsBankAccount: true } account:
                    if (entry.Kind == BankEntryKind.Transfer)
                        _sides.Add(entry.Id);
                    // The statement knows the provider's own record, not the parts that we take it apart into.
                    Take(account, entry.PartOf ?? entry.Id, entry.Date, entry.IsReconciled, entry.Direction == MoneyDirection.Out ? -entry.Gross : entry.Gross, entry.CurrencyRate, entry);
                    break;
                case LedgerPayment payment when payment.Status.IsInTheAccounts() && context.Chart.BankOf(payment) is { IsBankAccount: true } account:
                    // A batch meets the statement as one.
                    Take(account, payment.BatchId ?? payment.Id, payment.Date, payment.IsReconciled, payment.Amount, payment.CurrencyRate, payment);
                    break;
                case LedgerTransfer transfer when transfer.Status.IsInTheAccounts():
                    _transfers.Add(transfer);
                    break;
            }
        }

        public CheckOutcome Finish()
        {
            foreach (var transfer in _transfers)
            {
                Take(transfer, transfer.FromAccountId, transfer.FromEntryId, transfer.FromIsReconciled, transfer.ToAccountId);
                Take(transfer, transfer.ToAccountId, transfer.ToEntryId, transfer.ToIsReconciled, transfer.FromAccountId);
            }
            if (_accounts.Count == 0)
                return new CheckOutcome.NotApplicable("No bank account has an entry that could be reconciled.");
            var findings = new List<Finding>();
            var states = new List<BankState>();
            foreach (var (id, account) in _accounts.OrderBy(one => one.Key, StringComparer.Ordinal))
            {
                var name = Chart.Name(account.Of);
                foreach (var (entry, open) in account.Unreconciled)
                {
                    var age = context.ReportingDate.DayNumber - open.Date.DayNumber;
                    // A deposit less its fee is one line of the statement: its parts add up with their signs.
                    var sum = Math.Abs(Money.Round(open.Sum));
                    findings.Add(context.Find("entry", [id, entry], Worse(BankMeasure.OfAge(age)),
                        $"{Money.Text(sum)} of {Money.Text(open.Date)} in {name} is not reconciled ({age} days).", [.. open.Evidence.Select(one => one with { Amount = sum / open.Evidence.Count })], sum) with
                    {
                        Part = id,
                        Since = open.Date,
                    });
                }
                var latest = account.Latest ?? account.First;
                var days = context.ReportingDate.DayNumber - latest.DayNumber;
                if (BankMeasure.OfAge(days) == Light.Red)
                {
                    var text = account.Latest is null ? $"Nothing in {name} was ever reconciled." : $"Nothing in {name} has been reconciled since {Money.Text(latest)} ({days} days).";
                    findings.Add(context.Find(BankMeasure.Abandoned, [id], Severity.Error, text, [Evidence.Of(account.Of, latest, null)]) with { Part = id, Since = latest });
                }
                states.Add(new BankState(id, account.InPeriod, account.Examined, latest));
            }
            return new CheckOutcome.Checked(new BankMeasure(context.ReportingDate, states), findings);
        }

        // A side that has come as a bank entry is not counted again. Of a transfer that is cleared somewhere nobody can tell on which of two bank accounts.
        private void Take(LedgerTransfer transfer, string? side, string? entry, bool? isReconciled, string? other)
        {
            var isCleared = rules.ClearedCounts && _cleared.Contains(transfer.Id);
            if ((entry is not null && _sides.Contains(entry)) || context.Chart.Account(side) is not { IsBankAccount: true } account || (isCleared && context.Chart.Account(other) is { IsBankAccount: true }))
                return;
            Take(account, transfer.Id, transfer.Date, isReconciled, transfer.Amount, transfer.CurrencyRate ?? 1m, transfer);
        }

        private void Take(LedgerAccount account, string id, DateOnly? date, bool? isReconciled, decimal gross, decimal rate, LedgerRecord record)
        {
            if (date is not { } day || day < _start || day > context.ReportingDate || isReconciled is not { } known)
                return;
            var isDone = known || (rules.ClearedCounts && _cleared.Contains(id));
            if (!_accounts.TryGetValue(account.Id, out var state))
                _accounts[account.Id] = state = new Account(account, day);
            var count = state.Counted.Add(id) ? 1 : 0;
            state.Examined += count;
            state.First = state.First < day ? state.First : day;
            if (context.Period.Holds(day))
                state.InPeriod += count;
            if (isDone)
            {
                state.Latest = state.Latest > day ? state.Latest : day;
                return;
            }
            if (!state.Unreconciled.TryGetValue(id, out var open))
                state.Unreconciled[id] = open = new Open(day);
            open.Sum += rate == 0 ? gross : gross / rate;
            open.Evidence.Add(Evidence.Of(record, record is LedgerBankEntry entry ? $"{RecordWords.Of(entry)} {entry.ContactName}".Trim() : RecordWords.Of(record), date));
        }

        private static Severity Worse(Light light) => light switch { Light.Red => Severity.Error, Light.Amber => Severity.Warning, _ => Severity.Info };
    }

    private sealed class Account(LedgerAccount of, DateOnly first)
    {
        public LedgerAccount Of { get; } = of;

        public DateOnly First { get; set; } = first;

        public DateOnly? Latest { get; set; }

        public int Examined { get; set; }

        public int InPeriod { get; set; }

        /// <summary>What its statement knows: parts of one record, and payments of a batch, count once.</summary>
        public HashSet<string> Counted { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Open> Unreconciled { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Open(DateOnly date)
    {
        public DateOnly Date { get; } = date;

        public decimal Sum { get; set; }

        public List<Evidence> Evidence { get; } = [];
    }
}
