using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Accounts that nobody uses any more. Keeps the date of the latest movement per account.</summary>
internal sealed class DormantAccounts : HealthCheck<DormantAccounts.Rules>
{
    public override string Key => "dormant-accounts";

    public override string Title => "Dormant accounts";

    public override string Explanation =>
        "Active accounts without a movement for two years and without a balance: each is one more to choose wrongly. Archive what is no longer needed. "
        + "System, equity and bank accounts, those of asset types and those that something has as its default are left out.";

    public override decimal DefaultWeight => 5m;

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.MonthlyBalances);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(
        LedgerPart.Links, LedgerPart.Contacts, LedgerPart.Documents, LedgerPart.Payments, LedgerPart.BankEntries, LedgerPart.Transfers, LedgerPart.Journals,
        LedgerPart.Balances, LedgerPart.Assets);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Dormant after", "An account without a movement for so long before the period's end is a finding.", Unit = "months", Least = 1, Most = 120)]
        int Months = 24) : CheckSettings
    {
        public Rules()
            : this(24)
        {
        }
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly Dictionary<string, DateOnly> _latest = new(StringComparer.Ordinal);
        private readonly HashSet<string> _defaults = new(StringComparer.Ordinal);

        public void Take(LedgerRecord record)
        {
            switch (record)
            {
                case Item item:
                    Default(item.SalesAccountCode, item.PurchaseAccountCode, item.StockAccountCode);
                    _defaults.UnionWith(new[] { item.SalesAccountId, item.PurchaseAccountId, item.StockAccountId }.OfType<string>());
                    break;
                case LedgerContact contact:
                    Default(contact.Sales.AccountCode, contact.Purchases.AccountCode);
                    break;
                case LedgerDocument document when document.Status.IsInTheAccounts():
                    Used(document.Lines, document.Date);
                    break;
                case LedgerBankEntry entry when entry.Status.IsInTheAccounts():
                    Used(entry.Lines, entry.Date);
                    break;
                case LedgerJournal journal when journal.Status.IsInTheAccounts():
                    Used(journal.Lines, journal.Date);
                    break;
                case LedgerPayment payment when payment.Status.IsInTheAccounts():
                    Used(context.Chart.BankOf(payment), payment.Date);
                    break;
                case LedgerTransfer transfer when transfer.Status.IsInTheAccounts():
                    Used(context.Chart.Account(transfer.FromAccountId), transfer.Date);
                    Used(context.Chart.Account(transfer.ToAccountId), transfer.Date);
                    break;
            }
        }

        public CheckOutcome Finish()
        {
            var chart = context.Chart;
            var since = context.Period.To.AddMonths(-rules.Months);
            var mapped = chart.AssetTypes.SelectMany(type => new[] { type.CostAccountId, type.AccumulatedAccountId, type.ExpenseAccountId }).OfType<string>().ToHashSet(StringComparer.Ordinal);
            var (examined, findings) = (0, new List<Finding>());
            foreach (var account in chart.Accounts.Where(account => account.Activity == LedgerActivity.Active && account is { IsBankAccount: false, SystemRole: null } && account.Class is not (AccountClass.Equity or AccountClass.Unknown)))
            {
                if (mapped.Contains(account.Id) || _defaults.Contains(account.Id))
                    continue;
                examined++;
                var latest = _latest.TryGetValue(account.Id, out var day) ? day : (DateOnly?)null;
                if (latest > since || HasMoved(account, since) || chart.Balances.Latest(account.Id, context.ReportingDate) is { Amount: not 0m })
                    continue;
                var text = latest is { } last ? $"{Chart.Name(account)} was last used on {Money.Text(last)}." : $"{Chart.Name(account)} was never used.";
                findings.Add(context.Find("dormant", [account.Id], Severity.Info, text, [Evidence.Of(account, latest, null)]));
            }
            return new CheckOutcome.Checked(new PopulationMeasure(examined, PopulationMeasure.OfLists), findings);
        }

        // What only the general ledger shows (pay runs, depreciation) moves an account, too.
        private bool HasMoved(LedgerAccount account, DateOnly since)
        {
            var balances = context.Chart.Balances;
            return account.Class is AccountClass.Revenue or AccountClass.Expense
                ? balances.Months.Any(month => month > since && balances.Movement(account.Id, month) != 0m)
                : balances.MonthEnds.Where(date => date > since).Select(date => balances.Balance(account.Id, date)).Distinct().Count() > 1;
        }

        private void Default(params string?[] accounts)
        {
            foreach (var account in accounts)
            {
                if (context.Chart.Named(account) is { } known)
                    _defaults.Add(known.Id);
            }
        }

        private void Used(IReadOnlyList<LedgerLine> lines, DateOnly? date)
        {
            for (var at = 0; at < lines.Count; at++)
                Used(context.Chart.AccountOf(lines[at]), date);
        }

        private void Used(LedgerAccount? account, DateOnly? date)
        {
            if (account is not null && date is { } day && day <= context.ReportingDate && (!_latest.TryGetValue(account.Id, out var latest) || latest < day))
                _latest[account.Id] = day;
        }
    }
}
