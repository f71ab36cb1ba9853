using DataHealth.Core.Health;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using static DataHealth.Core.Tests.Health.SmallBooks;

namespace DataHealth.Core.Tests.Health;

/// <summary>Books that are not like others get a sensible answer, never an exception.</summary>
public sealed class OddBooksTests
{
    [Fact]
    public async Task An_empty_company_has_nothing_wrong_but_its_missing_lock_and_says_of_what_there_is_nothing()
    {
        var result = await JudgeAsync(new ListedBook());

        result.Findings.Where(finding => finding.Check != "lock-dates").ShouldBeEmpty();
        result.Outcomes["debtor-days"].ShouldBeOfType<CheckOutcome.NotApplicable>();
        result.Outcomes["bank-reconciliation"].ShouldBeOfType<CheckOutcome.NotApplicable>();
    }

    [Fact]
    public async Task On_the_first_day_of_trading_no_year_had_to_be_filed()
    {
        var result = await JudgeAsync(new ListedBook(Firm with { YearEndLock = null, CreatedAt = new DateTimeOffset(2026, 3, 31, 9, 0, 0, TimeSpan.Zero) }, Bank, Sales, Entry("first", Day, 10m)));

        result.Findings.Where(finding => finding.Check == "lock-dates").ShouldBeEmpty();
        result.Score(ScoreRecipe.Default, _ => true).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_document_of_5000_lines_is_one_transaction()
    {
        var lines = Enumerable.Range(0, 5_000).Select(number => new LedgerLine { AccountId = "costs", Net = 1m, Tax = 0.2m, TaxType = $"T{number % 2}" }).ToList();
        var result = await JudgeAsync(new ListedBook(Firm, DirectCosts, Bill("long", "A", 6_000m) with { Lines = lines }));

        ((PopulationMeasure)Ran(result, "attachments").Measure).Examined.ShouldBe(1);
        Ran(result, "multi-coded-contacts").Findings.ShouldBeEmpty("one split, used once");
    }

    [Fact]
    public async Task Books_all_in_foreign_currency_are_judged_in_the_base_currency()
    {
        var invoice = Bill("usd", "A", 1_250m) with { Kind = DocumentKind.SalesInvoice, Currency = "USD", CurrencyRate = 1.25m, Date = new(2025, 10, 1) };

        var finding = Ran(await JudgeAsync(new ListedBook(Firm, Sales, invoice)), "aged-balances").Findings.ShouldHaveSingleItem();

        finding.Money.ShouldBe(1_000m);
    }

    [Fact]
    public async Task Without_any_lock_both_are_missing_and_nothing_is_closed()
    {
        var result = await JudgeAsync(new ListedBook(Firm with { PeriodLock = null, YearEndLock = null }));

        Ran(result, "lock-dates").Findings.Select(finding => finding.Severity).ShouldBe([Severity.Error, Severity.Error]);
        Ran(result, "lock-dates").Measure.Share(Ran(result, "lock-dates").Findings).ShouldBe(0m);
        result.Outcomes["closed-period-changes"].ShouldBeOfType<CheckOutcome.NotApplicable>();
    }

    [Theory]
    [InlineData(27, 12, "2025-12-27")]
    [InlineData(5, 4, "2025-04-05")]
    [InlineData(31, 3, "2026-03-31")]
    [InlineData(30, 2, "2026-02-28")]
    [InlineData(null, 6, "2025-06-30")]
    public void A_year_ends_on_its_own_day(int? day, int month, string end) =>
        FinancialYear.Of(Firm with { YearEndDay = day, YearEndMonth = month })!.Value.EndBefore(Day.AddDays(1)).ShouldBe(DateOnly.Parse(end, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public async Task Contacts_without_names_and_amounts_of_0_are_no_duplicates()
    {
        var result = await JudgeAsync(new ListedBook(Firm, DirectCosts, Contact("A", null), Contact("B", null), Contact("C", "Ltd"), Bill("one", "A", 0m), Bill("two", "A", 0m)));

        Ran(result, "duplicate-contacts").Findings.ShouldBeEmpty();
        Ran(result, "duplicate-transactions").Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Books_abandoned_a_year_ago_are_red_though_nothing_is_unreconciled()
    {
        var result = await JudgeAsync(new ListedBook(Firm, Bank, Sales, Entry("last", Day.AddYears(-1), 10m)));

        var finding = Ran(result, "bank-reconciliation").Findings.ShouldHaveSingleItem();
        finding.Rule.ShouldBe(BankMeasure.Abandoned);
        Ran(result, "bank-reconciliation").Measure.Share([finding]).ShouldBe(0.5m);
    }

    [Fact]
    public async Task A_bill_that_a_credit_settled_after_the_reporting_date_was_still_unpaid_on_it()
    {
        var bill = Bill("settled-later", "A", 120m) with { Date = Day.AddYears(-1), Outstanding = 0m };
        var use = new LedgerCreditUse { Id = "use", Credit = DocumentKind.SupplierCreditNote, Status = LedgerStatus.Posted, CreditId = "credit", DocumentId = bill.Id, Amount = 120m, Date = Day.AddDays(1) };

        var result = await JudgeAsync(new ListedBook(Firm, DirectCosts, Contact("A", "Alder"), bill, use));

        Ran(result, "aged-balances").Findings.ShouldHaveSingleItem().Money.ShouldBe(120m);
    }

    [Fact]
    public async Task Missing_data_is_never_a_green_tick()
    {
        var nothing = new ListedBook(Firm) { Coverage = [new DatasetCoverage("invoices", "Invoices and bills", [LedgerPart.Documents], null)] };

        var result = await JudgeAsync(nothing);

        result.IsComplete.ShouldBeFalse();
        result.Outcomes["debtor-days"].ShouldBeOfType<CheckOutcome.NotAvailable>().Needs.ShouldBe("a complete copy of: Invoices and bills");
        // What reads no documents can judge already.
        result.Outcomes["lock-dates"].ShouldBeOfType<CheckOutcome.Checked>();
        result.Score(new ScoreRecipe(new Dictionary<string, decimal> { ["lock-dates"] = 30m, ["debtor-days"] = 70m }), _ => true)!.Checks.ShouldHaveSingleItem().Check.ShouldBe("lock-dates");
        result.Score(ScoreRecipe.Default, _ => true).ShouldBeNull("a tenth of the weights is not the health of the books");
    }

    [Fact]
    public async Task Bank_details_that_changed_stay_a_finding_and_are_never_kept_themselves()
    {
        var first = Contact("A", "Alder") with { BankDetails = "20-00-00 11112222" };
        var memory = Ran(await JudgeAsync(new ListedBook(Firm, first)), "supplier-bank-details").Memory!;
        memory.ShouldNotContain("1111");

        for (var run = 0; run < 2; run++)
        {
            var outcome = Ran(await JudgeAsync(new ListedBook(Firm, first with { BankDetails = "20-00-00 99998888" }), new Dictionary<string, string> { ["supplier-bank-details"] = memory }), "supplier-bank-details");
            outcome.Findings.ShouldHaveSingleItem().Rule.ShouldBe("changed");
            outcome.Findings[0].Text.ShouldNotContain("9999");
            memory = outcome.Memory!;
        }
    }

    [Fact]
    public async Task A_payment_or_a_new_due_date_is_no_change_behind_the_lock()
    {
        var bill = Bill("old", "A", 120m) with { Date = new(2026, 1, 10) };
        var memory = Ran(await JudgeAsync(new ListedBook(Firm, DirectCosts, bill)), "closed-period-changes").Memory!;
        var paid = bill with { Status = LedgerStatus.Paid, Outstanding = 0m, DueDate = new(2026, 5, 1), HasAttachments = false, UpdatedAt = new DateTimeOffset(2026, 3, 30, 0, 0, 0, TimeSpan.Zero) };

        async Task<IReadOnlyList<string>> RulesAsync(params LedgerRecord[] records) =>
            [.. Ran(await JudgeAsync(new ListedBook([Firm, DirectCosts, .. records]), new Dictionary<string, string> { ["closed-period-changes"] = memory }), "closed-period-changes").Findings.Select(finding => finding.Rule)];

        (await RulesAsync(paid)).ShouldBeEmpty();
        (await RulesAsync()).ShouldBe(["gone"]);
        (await RulesAsync(bill with { Status = LedgerStatus.Voided })).ShouldBe(["gone"]);
        (await RulesAsync(bill, Bill("new", "A", 50m) with { Date = new(2026, 1, 11) })).ShouldBe(["made"]);
        (await RulesAsync(bill with { Lines = [bill.Lines[0] with { TaxType = "OTHER" }] })).ShouldBe(["changed"]);
    }

    [Fact]
    public async Task Settings_that_no_check_understands_are_refused_with_a_reason()
    {
        var check = DataHealth.Core.Health.Checks.CheckCatalog.Find("duplicate-transactions")!;

        check.Normalise("""{"days":5}""", out var none).ShouldBe("""{"days":5,"bankEntries":false}""");
        none.ShouldBeNull();
        check.Normalise("""{"days":4}""", out var wrong).ShouldBeNull();
        wrong.ShouldBe("days: one of 3, 5, 7, 13, 31.");
        check.Normalise("""{"dyas":5}""", out var unknown).ShouldBeNull();
        unknown.ShouldNotBeNull();
        foreach (var one in DataHealth.Core.Health.Checks.CheckCatalog.All)
            one.Normalise(one.DefaultSettings, out _).ShouldBe(one.DefaultSettings, one.Key);
        await Should.ThrowAsync<InvalidDataException>(() => new HealthEngine().RunAsync(
            new ListedBook(Firm), new HealthRequest { Period = Period.MonthOf(Day), ReportingDate = Day, Settings = new Dictionary<string, string> { ["attachments"] = "{}[" } }, TestContext.Current.CancellationToken));
    }
}
