using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Loans to directors: what they owe the business now, and the most they owed in the tax year.</summary>
internal sealed class DirectorsLoan : HealthCheck<DirectorsLoan.Rules>
{
    public override string Key => "directors-loan";

    public override string Title => "Directors' loan";

    public override string Explanation =>
        "A director's loan account that is overdrawn is a loan of the business to its director: above 10,000 at any time of the tax year it is a benefit to be taxed. Month-ends are looked at; between them it may have been more.";

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.MonthlyBalances);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Balances);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Red above", "Overdrawn by more than this is an error, by less a warning.", Unit = SettingAttribute.BaseCurrency, Least = 0)]
        decimal RedAbove = 10_000m) : CheckSettings
    {
        public Rules()
            : this(10_000m)
        {
        }

        [Setting("Loan accounts", "By code (or id).", MostItems = 50)]
        public IReadOnlyList<string> Accounts { get; init; } = [];
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        public void Take(LedgerRecord record)
        {
            // Balances are in the chart.
        }

        public CheckOutcome Finish()
        {
            var balances = context.Chart.Balances;
            var accounts = rules.Accounts.Select(context.Chart.Named).OfType<LedgerAccount>().DistinctBy(account => account.Id).ToList();
            if (accounts.Count == 0)
                return new CheckOutcome.NotApplicable("No directors' loan account is set.");
            if (balances.MonthEnds.Count == 0)
                return new CheckOutcome.NotAvailable("a balance sheet of the reporting date or before");
            var (parts, findings) = (new Dictionary<string, Light>(), new List<Finding>());
            var start = TaxYear.StartOf(context.Chart.Organisation, context.ReportingDate);
            foreach (var account in accounts)
            {
                var now = balances.Latest(account.Id, context.ReportingDate)?.Amount ?? 0m;
                var most = balances.MonthEnds.Where(day => day >= start && day <= context.ReportingDate).Select(day => balances.Balance(account.Id, day) ?? 0m).Append(now).Max();
                parts[account.Id] = now > rules.RedAbove || most > rules.RedAbove ? Light.Red : most > 0m ? Light.Amber : Light.Green;
                if (most <= 0m)
                    continue;
                var text = now > 0m ? $"{Chart.Name(account)} is overdrawn by {Money.Text(now)}" : $"{Chart.Name(account)} is not overdrawn now";
                findings.Add(context.Find("overdrawn", [account.Id], parts[account.Id] == Light.Red ? Severity.Error : Severity.Warning,
                    most > now ? $"{text}, and was by {Money.Text(most)} in the tax year." : $"{text}.", [Evidence.Of(account, context.ReportingDate, most)], most) with
                { Part = account.Id });
            }
            return new CheckOutcome.Checked(new StateMeasure(parts), findings);
        }
    }
}
