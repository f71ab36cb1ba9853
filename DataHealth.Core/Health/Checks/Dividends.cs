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
        /// <summary>The dividend accounts' codes (or ids).</summary>
        public IReadOnlyList<string> Accounts { get; init; } = [];

        public override string? Problem() => Accounts.Count > 50 ? "At most 50 accounts." : null;
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
            if (balances.IsEmpty)
                return new CheckOutcome.NotAvailable("a balance sheet of the reporting date or before");
            var green = new CheckOutcome.Checked(new StateMeasure(new Dictionary<string, Light> { [Part] = Light.Green }), []);
            var now = accounts.Sum(account => balances.Latest(account, context.ReportingDate)?.Amount ?? 0m);
            if (now <= 0m)
                return green;
            if (FinancialYear.Of(context.Chart.Organisation)?.EndBefore(context.ReportingDate) is not { } yearEnd
                || accounts.Exists(account => balances.Latest(account, yearEnd) is null))
                return new CheckOutcome.NotAvailable("a balance sheet at the end of the last financial year");

            // Dividends of earlier years stay on their account until somebody clears them: they lessen what is brought forward.
            var before = accounts.Sum(account => balances.Latest(account, yearEnd)!.Value.Amount);
            var paid = now - before;
            var year = new Period(yearEnd.AddDays(1), context.ReportingDate);
            var broughtForward = -context.Chart.Accounts.Where(account => account.SystemRole is { } role && role.Contains("RETAINEDEARNINGS", StringComparison.OrdinalIgnoreCase))
                .Sum(account => balances.Latest(account, context.ReportingDate)?.Amount ?? 0m) - before;
            var profit = -context.Chart.Accounts.Where(account => account.Class is AccountClass.Revenue or AccountClass.Expense).Sum(account => balances.Movement(account, year));
            var available = broughtForward + profit;
            if (paid <= 0m || paid <= available)
                return green;
            return new CheckOutcome.Checked(
                new StateMeasure(new Dictionary<string, Light> { [Part] = Light.Red }),
                [
                    context.Find("beyond-profits", [Part], Severity.Error, $"{Money.Text(paid)} of dividends were paid since {Money.Text(yearEnd)}, with {Money.Text(available)} of profits to pay them from.",
                        [.. accounts.Select(account => Evidence.Of(account, context.ReportingDate, balances.Latest(account, context.ReportingDate)?.Amount))], paid - Math.Max(available, 0m)) with
                    { Part = Part },
                ]);
        }
    }
}
