namespace DataHealth.Core.Tests.Health;

/// <summary>What the findings of the written books say, with numbers that a bookkeeper can follow in the book.</summary>
public sealed class HandWorkedTests
{
    [Theory]
    [InlineData("harbour-cafe", "regular-suppliers", "high", "Coastal Foods Ltd usually bills 120.00, now 1,080.00.", 960)]
    [InlineData("harbour-cafe", "aged-balances", "receivable", "600.00 of I-01 Late Payers plc of 15 October 2025 is still owed to the business after 167 days.", 600)]
    [InlineData("harbour-cafe", "debtor-days", "slow", "Customers owe 5,898.00 of 6,318.00 sold in twelve months: 340.7 days.", 5898)]
    [InlineData("harbour-cafe", "dividends", "beyond-profits", "30,000.00 of dividends were paid since 31 December 2025, with 23,000.00 of profits to pay them from.", 7000)]
    [InlineData("harbour-cafe", "pensions", "not-explained", "858 Pensions owes 480.00: the last run, of 31 March 2026, explains 160.00.", 480)]
    [InlineData("harbour-cafe", "fixed-assets", "register", "711 Depreciation of kitchen equipment: the register says -500.00 on 31 December 2025, the ledger -450.00.", 50)]
    [InlineData("harbour-cafe", "lock-dates", "period-behind", "The period is locked to 31 January 2026; 28 February 2026 should be by now.", null)]
    [InlineData("maple-joinery", "lock-dates", "year-behind", "The year is locked to 31 December 2023; the year to 31 December 2024 had to be filed.", null)]
    [InlineData("fjord-design", "lock-dates", "moved-back", "The lock was at 5 April 2025 and has moved back to 5 April 2024.", null)]
    [InlineData("fjord-design", "aged-balances", "receivable", "1,000.00 of U-01 New York Client Inc of 10 November 2025 is still owed to the business after 141 days.", 1000)]
    [InlineData("fjord-design", "directors-loan", "overdrawn", "835 Directors' loan is not overdrawn now, and was by 1,500.00 in the tax year.", 1500)]
    [InlineData("maple-joinery", "wrong-sign-balances", "undeposited", "90.00 waits in 37 Undeposited Funds, some of it for 39 days.", 90)]
    public async Task A_finding_says_in_numbers_what_the_book_shows(string book, string check, string rule, string text, int? money)
    {
        var findings = (await LabelledBooksTests.JudgedAsync(book)).Findings.Where(finding => finding.Check == check && finding.Rule == rule).ToList();

        findings.Select(finding => finding.Text).ShouldContain(text);
        findings.First(finding => finding.Text == text).Money.ShouldBe((decimal?)money);
    }
}
