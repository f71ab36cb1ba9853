using DataHealth.Core.Health.Balances;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Dividends against the profits that there are to pay them from.</summary>
internal sealed class Dividends : HealthCheck<Dividends.Rules>
{
    private const string Part = "dividends";

    public override string Key => "dividends";

    public override string Title => "Dividends";

    public override string Explanation =>
        "Dividends of the financial year against what profits were brought forward and made in the year so far. Paid beyond that they are unlawful, and may have to be paid back.";

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.MonthlyBalances);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Balances);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules : CheckSettings
    {
        [Setting("Dividend accounts", "By code (or id).", MostItems = 50)]
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
                return new CheckOutcome.NotApplicable("No dividend account is set.");
            if (balances.LatestEnd(context.ReportingDate) is not { } day)
                return new CheckOutcome.NotAvailable("a balance sheet of the reporting date or before");
            var green = new CheckOutcome.Checked(new StateMeasure(new Dictionary<string, Light> { [Part] = Light.Green }), []);
            if (Sum(accounts, account => balances.Balance(account.Id, day)) is not { } now)
                return new CheckOutcome.NotAvailable("dividend accounts that are on the balance sheet");
            if (now <= 0m)
                return green;

            // Dividends of earlier years stay on their account until somebody clears them: they lessen what is brought forward.
            if (context.Chart.Frame.Year?.EndBefore(day) is not { } yearEnd || Sum(accounts, account => balances.Balance(account.Id, yearEnd)) is not { } before)
                return new CheckOutcome.NotAvailable("a balance sheet at the end of the last financial year");
            var paid = now - before;
            if (paid <= 0m)
                return green;
            if (Sum(context.Chart.Accounts.Where(account => context.Chart.Frame.IsOfTheYear(account.Id)), account => balances.YearToDate(account.Id, day)) is not { } loss)
                return new CheckOutcome.NotAvailable($"the profit and loss of every month from {Money.Text(yearEnd.AddDays(1))} to {Money.Text(day)}");
            var retained = Sum(context.Chart.Frame.Playing(AccountPart.RetainedEarnings), account => balances.Balance(account.Id, day)).GetValueOrDefault();
            var available = -retained - before - loss;
            if (paid <= available)
                return green;
            return new CheckOutcome.Checked(
                new StateMeasure(new Dictionary<string, Light> { [Part] = Light.Red }),
                [
                    context.Find("beyond-profits", [Part], Severity.Error, $"{Money.Text(paid)} of dividends were paid since {Money.Text(yearEnd)}, with {Money.Text(available)} of profits to pay them from.",
                        [.. accounts.Select(account => Evidence.Of(account, day, balances.Balance(account.Id, day)))], paid - Math.Max(available, 0m)) with
                    { Part = Part },
                ]);
        }

        // Null where one of them is not told: a sum without it would look like one.
        private static decimal? Sum(IEnumerable<LedgerAccount> accounts, Func<LedgerAccount, decimal?> figure) => accounts.Aggregate((decimal?)0m, (sum, account) => sum + figure(account));
    }
}
