using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Balances on the wrong side, and receipts that never reached the bank. Keeps one sum a day of what went into undeposited funds.</summary>
internal sealed class WrongSignBalances : HealthCheck<WrongSignBalances.Rules>
{
    public override string Key => "wrong-sign-balances";

    public override string Title => "Balances of the wrong sign";

    public override string Explanation =>
        "Bank accounts below zero (cards apart), debtors who are owed and creditors who owe, and money that has been waiting to be deposited for more than 30 days: something is missing or was entered the wrong way round.";

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.MonthlyBalances);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Balances, LedgerPart.Payments, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Undeposited for", "Money may wait for so many days on the account of undeposited funds (QuickBooks).", Unit = "days", Least = 0, Most = 365)]
        int UndepositedDays = 30) : CheckSettings
    {
        public Rules()
            : this(30)
        {
        }
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly SortedDictionary<DateOnly, decimal> _undeposited = [];

        public void Take(LedgerRecord record)
        {
            switch (record)
            {
                case LedgerBankEntry { Date: { } date, Direction: MoneyDirection.In } entry when entry.Status.IsInTheAccounts() && IsUndeposited(context.Chart.BankOf(entry)):
                    Add(date, entry.CurrencyRate == 0 ? entry.Gross : entry.Gross / entry.CurrencyRate);
                    break;
                case LedgerPayment { Date: { } date, Direction: MoneyDirection.In } payment when payment.Status.IsInTheAccounts() && IsUndeposited(context.Chart.BankOf(payment)):
                    Add(date, payment.CurrencyRate == 0 ? payment.Amount : payment.Amount / payment.CurrencyRate);
                    break;
            }
        }

        public CheckOutcome Finish()
        {
            if (context.Chart.Balances.MonthEnds.Count == 0)
                return new CheckOutcome.NotAvailable("a balance sheet of the reporting date or before");
            var (parts, findings) = (new Dictionary<string, Light>(), new List<Finding>());
            foreach (var account in context.Chart.Accounts)
            {
                if (Expected(account) is not { } sign || context.Chart.Balances.Latest(account.Id, context.ReportingDate) is not { } balance)
                    continue;
                var isWrong = balance.Amount * sign < 0m;
                parts[account.Id] = isWrong ? Light.Red : Light.Green;
                if (isWrong)
                    Found("sign", account, balance.Day, balance.Amount, $"{Chart.Name(account)} has a balance of {Money.Text(balance.Amount)}.", Severity.Error);
                else if (IsUndeposited(account) && Oldest(balance.Amount) is { } oldest && context.ReportingDate.DayNumber - oldest.DayNumber is var days && days > rules.UndepositedDays)
                {
                    parts[account.Id] = Light.Red;
                    Found("undeposited", account, balance.Day, balance.Amount, $"{Money.Text(balance.Amount)} waits in {Chart.Name(account)}, some of it for {days} days.", Severity.Warning);
                }
            }
            return parts.Count == 0 ? new CheckOutcome.NotApplicable("There is no bank, debtors or creditors account.") : new CheckOutcome.Checked(new StateMeasure(parts), findings);

            void Found(string rule, LedgerAccount account, DateOnly day, decimal amount, string text, Severity severity) =>
                findings.Add(context.Find(rule, [account.Id], severity, text, [Evidence.Of(account, day, amount)], amount) with { Part = account.Id });
        }

        // What came first is taken to have been deposited first: what is left came last.
        private DateOnly? Oldest(decimal balance)
        {
            var rest = balance;
            foreach (var (date, amount) in _undeposited.Reverse())
            {
                rest -= amount;
                if (rest <= 0m)
                    return date;
            }
            return balance > 0m && _undeposited.Count > 0 ? _undeposited.Keys.First() : null;
        }

        private void Add(DateOnly date, decimal amount)
        {
            if (date <= context.ReportingDate)
                _undeposited[date] = _undeposited.GetValueOrDefault(date) + amount;
        }

        private static bool IsUndeposited(LedgerAccount? account) => account?.SystemRole == "UndepositedFunds";

        // 1: a debit is right, -1: a credit is; null: either.
        private static int? Expected(LedgerAccount account) => account switch
        {
            { IsBankAccount: true, BankKind: not BankAccountKind.CreditCard } => 1,
            { SystemRole: "DEBTORS" or "AccountsReceivable" or "UndepositedFunds" } => 1,
            { SystemRole: "CREDITORS" or "AccountsPayable" } => -1,
            _ => null,
        };
    }
}
