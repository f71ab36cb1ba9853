using CsCheck;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;
using static DataHealth.Core.Tests.Health.Balances.HandBooks;

namespace DataHealth.Core.Tests.Health.Balances;

public sealed class MonthEndBalancesTests
{
    [Fact]
    public void Of_reports_that_overlap_the_latest_counts_also_where_it_leaves_an_account_out()
    {
        List<AccountBalance> figures =
        [
            // In October the bank stood at 500 by that month's report; in November's it is 450 (an entry was backdated), and the loan that October's still showed is gone.
            Figure(BalanceReport.BalanceSheet, "090", "2026-10-31", 500m, "2026-10-31"), Figure(BalanceReport.BalanceSheet, "810", "2026-10-31", -60m, "2026-10-31"),
            Figure(BalanceReport.BalanceSheet, "090", "2026-10-31", 450m, "2026-11-30"), Figure(BalanceReport.BalanceSheet, "090", "2026-11-30", 700m, "2026-11-30"),
            // The report of the year before still tells its own months.
            Figure(BalanceReport.BalanceSheet, "090", "2025-10-31", 100m, "2025-11-30"),
            // Other reports of the same day say no more than their own part.
            Figure(BalanceReport.BankSummary, "090", "2026-10-31", 999m, "2026-12-31") with { Kind = BalanceKind.Balance },
        ];

        Gen.Shuffle(figures.ToArray()).Sample(order =>
        {
            var balances = new MonthEndBalances(Frame());
            foreach (var figure in order)
                balances.Add(figure);

            (balances.Balance("090", Day("2026-10-31")), balances.Balance("810", Day("2026-10-31")), balances.Balance("090", Day("2026-11-30")), balances.Balance("090", Day("2025-10-31")))
                .ShouldBe((450m, 0m, 700m, 100m));
            balances.Balance("090", Day("2026-09-30")).ShouldBeNull("no report covers it");
            balances.Balance("200", Day("2026-10-31")).ShouldBeNull("income has no balance");
            (balances.Latest("810", Day("2026-11-15")), balances.Latest("090", Day("2026-10-30"))).ShouldBe(((Day("2026-10-31"), 0m), (Day("2025-10-31"), 100m)));
            (balances.Latest("090", Day("2025-10-30")), balances.Latest("200", Day("2026-12-31"))).ShouldBe((null, null));
            balances.MonthEnds.ShouldBe([Day("2025-10-31"), Day("2026-10-31"), Day("2026-11-30")]);
        }, iter: 50);
    }

    [Fact]
    public void Of_two_stored_reports_with_one_last_day_the_one_that_begins_later_counts_whichever_is_read_first()
    {
        // The year was moved: the report from January no longer shows the loan that the one from October still shows.
        AccountBalance[] figures =
        [
            Figure(BalanceReport.BalanceSheet, "090", "2026-10-31", 500m, "2026-12-31") with { WindowFrom = Day("2025-10-01") },
            Figure(BalanceReport.BalanceSheet, "810", "2026-10-31", -60m, "2026-12-31") with { WindowFrom = Day("2025-10-01") },
            Figure(BalanceReport.BalanceSheet, "090", "2026-10-31", 450m, "2026-12-31") with { WindowFrom = Day("2026-01-01") },
            Figure(BalanceReport.TrialBalance, "200", "2026-10-31", -180m, "2026-12-31", "2025-10-01") with { WindowFrom = Day("2025-10-01") },
            Figure(BalanceReport.TrialBalance, "200", "2026-10-31", -150m, "2026-12-31", "2026-01-01") with { WindowFrom = Day("2026-01-01") },
        ];

        foreach (var order in (AccountBalance[][])[figures, [.. figures.Reverse()]])
        {
            var balances = new MonthEndBalances(Frame(yearEndMonth: 12));
            foreach (var figure in order)
                balances.Add(figure);

            (balances.Balance("090", Day("2026-10-31")), balances.Balance("810", Day("2026-10-31")), balances.YearToDate("200", Day("2026-10-31"))).ShouldBe((450m, 0m, -150m));
        }
    }

    [Fact]
    public void A_report_that_tells_of_no_account_any_more_still_covers_its_day()
    {
        var balances = new MonthEndBalances(Frame());
        balances.Add(Figure(BalanceReport.BalanceSheet, "810", "2026-10-31", -60m, "2026-10-31"));
        balances.MonthEnds.ShouldBe([Day("2026-10-31")]);
        foreach (var end in new[] { "2026-10-31", "2026-11-30" })
            balances.Add(Figure(BalanceReport.BalanceSheet, "earnings", end, 0m, "2026-11-30") with { AccountId = null });

        balances.Latest("810", Day("2026-10-31")).ShouldBe((Day("2026-10-31"), 0m));
        balances.MonthEnds.ShouldBe([Day("2026-10-31"), Day("2026-11-30")]);
    }

    [Fact]
    public void A_figure_whose_side_the_report_does_not_tell_is_on_its_accounts_side()
    {
        var balances = new MonthEndBalances(Frame());
        foreach (var account in new[] { "090", "810" })
            balances.Add(Figure(BalanceReport.BalanceSheet, account, "2026-10-31", 75m, "2026-10-31") with { IsSideKnown = false });

        (balances.Balance("090", Day("2026-10-31")), balances.Balance("810", Day("2026-10-31"))).ShouldBe((75m, -75m));
    }

    [Fact]
    public void Months_add_up_to_the_financial_year()
    {
        var balances = new MonthEndBalances(Frame(yearEndMonth: 3));
        foreach (var (month, amount) in new[] { ("2026-03-31", -900m), ("2026-04-30", -100m), ("2026-05-31", -250m), ("2026-07-31", -30m) })
            balances.Add(Figure(BalanceReport.ProfitAndLoss, "200", month, amount, "2026-12-31", month[..8] + "01"));

        (balances.YearToDate("200", Day("2026-04-30")), balances.YearToDate("200", Day("2026-05-31"))).ShouldBe((-100m, -350m));
        balances.YearToDate("200", Day("2026-07-31")).ShouldBeNull("nothing is told of June");
        balances.YearToDate("200", Day("2026-03-31")).ShouldBeNull("nothing is told of the months before");
        balances.Movement("200", Day("2026-05-31")).ShouldBe(-250m);
    }

    [Fact]
    public void A_year_that_begins_within_a_month_has_no_sum_of_months_but_a_trial_balance_may_say_it()
    {
        var balances = new MonthEndBalances(Frame(yearEndMonth: 4, yearEndDay: 5));
        foreach (var month in new[] { "2026-04-30", "2026-05-31" })
            balances.Add(Figure(BalanceReport.ProfitAndLoss, "200", month, -100m, "2026-12-31", month[..8] + "01"));
        balances.Add(Figure(BalanceReport.TrialBalance, "200", "2026-05-31", -180m, "2026-05-31"));

        (balances.YearToDate("200", Day("2026-04-30")), balances.YearToDate("200", Day("2026-05-31"))).ShouldBe((null, -180m));
        // QuickBooks' trial balance counts twelve months: it says the year only where they are the year.
        var twelve = new MonthEndBalances(Frame(yearEndMonth: 4, yearEndDay: 5));
        twelve.Add(Figure(BalanceReport.TrialBalance, "200", "2026-05-31", -180m, "2026-05-31", "2025-06-01"));
        twelve.YearToDate("200", Day("2026-05-31")).ShouldBeNull();
    }

    [Theory]
    [InlineData(4, 5, "2026-04-05", "2026-04-05", "2025-04-06")]
    [InlineData(4, 5, "2026-04-06", "2027-04-05", "2026-04-06")]
    [InlineData(2, 29, "2027-02-28", "2027-02-28", "2026-03-01")]
    [InlineData(2, 29, "2028-02-29", "2028-02-29", "2027-03-01")]
    [InlineData(12, 31, "2026-01-01", "2026-12-31", "2026-01-01")]
    [InlineData(9, 26, "2026-09-27", "2027-09-26", "2026-09-27")]
    public void A_financial_year_ends_on_its_own_day(int month, int day, string of, string end, string start)
    {
        var year = new FinancialYear(month, day);
        (year.EndOf(Day(of)), year.StartOf(Day(of))).ShouldBe((Day(end), Day(start)));
    }

    [Fact]
    public void An_organisation_that_tells_no_day_ends_its_year_with_the_month_and_without_a_month_it_has_none()
    {
        FinancialYear.Of(new Organisation { Id = "a", YearEndMonth = 2 })!.Value.EndOf(Day("2028-02-10")).ShouldBe(Day("2028-02-29"));
        FinancialYear.Of(new Organisation { Id = "a" }).ShouldBeNull();
    }
}
