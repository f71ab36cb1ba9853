using DataHealth.Core.Health;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Tests.Health.Balances;
using static DataHealth.Core.Tests.Health.SmallBooks;

namespace DataHealth.Core.Tests.Health;

/// <summary>What single rules say of books of a few records.</summary>
public sealed class SmallBooksTests
{
    [Fact]
    public async Task What_a_check_remembers_outlives_a_run_in_which_it_could_not_judge()
    {
        var alder = Contact("A", "Alder") with { BankDetails = "20-00-00 11112222" };
        var first = await JudgeAsync(new ListedBook(Firm, alder));
        first.Memory.Keys.ShouldBe(["closed-period-changes", "lock-dates", "supplier-bank-details"], "all that remember something of these books");

        // A user who may not see bank details; a copy that is not complete; a run of another check alone.
        var hidden = await JudgeAsync(new ListedBook(Firm, alder with { BankDetails = null }), first.Memory);
        hidden.Outcomes["supplier-bank-details"].ShouldBeOfType<CheckOutcome.NotAvailable>();
        var unread = await JudgeAsync(new ListedBook(Firm, alder) { Coverage = [new DatasetCoverage("contacts", "Contacts", [LedgerPart.Contacts], null)] }, hidden.Memory);
        var other = await new HealthEngine().RunAsync(
            new ListedBook(Firm, alder), new HealthRequest { Period = Period.MonthOf(Day), ReportingDate = Day, Memory = unread.Memory, Only = new HashSet<string> { "attachments" } }, TestContext.Current.CancellationToken);
        var changed = await JudgeAsync(new ListedBook(Firm, alder with { BankDetails = "20-00-00 99998888" }), other.Memory);

        Ran(changed, "supplier-bank-details").Findings.ShouldHaveSingleItem().Rule.ShouldBe("changed");
    }

    [Fact]
    public async Task A_lock_that_was_seen_before_any_year_had_to_be_filed_is_remembered()
    {
        // QuickBooks' one closing date: the rule of the year alone.
        ListedBook Book(DateOnly? locked) => new(Firm with { PeriodLock = locked, CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) }) { Capabilities = new HashSet<Capability> { Capability.LockDates } };

        var young = await JudgeAsync(Book(new(2026, 2, 28)));
        young.Outcomes["lock-dates"].ShouldBeOfType<CheckOutcome.NotApplicable>();
        var opened = await JudgeAsync(Book(new(2026, 1, 31)), young.Memory);

        Ran(opened, "lock-dates").Findings.ShouldHaveSingleItem().Rule.ShouldBe("moved-back");
    }

    [Fact]
    public async Task Taking_the_period_lock_away_is_as_bad_as_never_having_had_one()
    {
        var locked = await JudgeAsync(new ListedBook(Firm));
        var open = Ran(await JudgeAsync(new ListedBook(Firm with { PeriodLock = null }), locked.Memory), "lock-dates");

        ((StateMeasure)open.Measure).Parts["period"].ShouldBe(Light.Red);
        open.Findings.Select(finding => finding.Rule).Order(StringComparer.Ordinal).ShouldBe(["moved-back", "period-behind"]);
    }

    [Theory]
    [InlineData(28, Light.Green)]
    [InlineData(29, Light.Amber)]
    public async Task A_month_is_to_be_locked_once_more_than_four_weeks_have_passed_since_its_end(int day, Light light)
    {
        // February ended on the 28th: the 28th of March is four weeks later.
        var request = new HealthRequest { Period = Period.MonthOf(Day), ReportingDate = new(2026, 3, day) };
        var outcome = Ran(await new HealthEngine().RunAsync(new ListedBook(Firm with { PeriodLock = new(2026, 1, 31) }), request, TestContext.Current.CancellationToken), "lock-dates");

        ((StateMeasure)outcome.Measure).Parts["period"].ShouldBe(light);
    }

    [Fact]
    public async Task A_dismissed_combination_of_a_contact_keeps_its_id_when_a_code_becomes_usual()
    {
        LedgerDocument On(string id, string account) => Bill(id, "A", 10m) with { Lines = [new LedgerLine { AccountId = account, Net = 10m, Tax = 0m, TaxType = "NONE" }] };
        LedgerDocument[] few = [On("1", "costs"), On("2", "other")];
        LedgerDocument[] more = [.. few, On("3", "costs"), On("4", "costs"), On("5", "costs")];

        var none = Ran(await JudgeAsync(new ListedBook([Firm, DirectCosts, .. few])), "multi-coded-contacts").Findings.ShouldHaveSingleItem();
        var usual = Ran(await JudgeAsync(new ListedBook([Firm, DirectCosts, .. more])), "multi-coded-contacts").Findings.ShouldHaveSingleItem();

        (none.Rule, usual.Rule).ShouldBe(("no-usual", "off-usual"));
        (usual.Id, usual.Fingerprint).ShouldBe((none.Id, none.Fingerprint));
    }

    [Fact]
    public async Task Balances_of_the_year_before_that_are_not_copied_yet_are_missing_to_what_reads_balances()
    {
        var book = new ListedBook(Firm, DirectCosts) { Coverage = [new DatasetCoverage("history", "Balance sheet, the year before", [LedgerPart.BalanceHistory], null)] };

        (await JudgeAsync(book)).Outcomes["dormant-accounts"].ShouldBeOfType<CheckOutcome.NotAvailable>().Needs.ShouldBe("a complete copy of: Balance sheet, the year before");
    }

    [Fact]
    public async Task Behind_the_lock_transfers_and_every_kind_of_document_and_bank_entry_are_watched()
    {
        var old = new DateOnly(2026, 1, 10);
        LedgerRecord[] closed =
        [
            new LedgerTransfer { Id = "T", Status = LedgerStatus.Posted, Date = old, Amount = 10m, FromAccountId = "bank", ToAccountId = "savings" },
            .. Enum.GetValues<DocumentKind>().Select(kind => Bill($"D-{kind}", "A", 10m) with { Kind = kind, Date = old }),
            .. Enum.GetValues<BankEntryKind>().Select(kind => Entry($"E-{kind}", old, 10m) with { Kind = kind }),
        ];
        var memory = (await JudgeAsync(new ListedBook([Firm, Bank, DirectCosts, Sales, .. closed]))).Memory;

        var gone = Ran(await JudgeAsync(new ListedBook(Firm, Bank, DirectCosts, Sales), memory), "closed-period-changes").Findings;
        gone.Count.ShouldBe(closed.Length);
        gone.ShouldAllBe(finding => finding.Rule == "gone");
        // Where lines tell no tax, the total does.
        var taxed = closed.Select(record => record switch { LedgerDocument document => document with { Tax = 2m }, LedgerBankEntry entry => entry with { Tax = 2m }, _ => record });
        Ran(await JudgeAsync(new ListedBook([Firm, Bank, DirectCosts, Sales, .. taxed]), memory), "closed-period-changes").Findings.Count(finding => finding.Rule == "changed").ShouldBe(closed.Length - 1);
    }

    [Fact]
    public async Task Promise_10_the_closed_past_is_remembered_in_the_same_words_in_any_order_of_rows_also_when_the_lock_has_moved_on()
    {
        LedgerRecord[] records = [Entry("c", new(2026, 1, 10), 10m), Entry("a", new(2026, 2, 10), 20m), Bill("b", "A", 30m) with { Date = new(2026, 1, 20) }, Entry("d", new(2026, 2, 20), 40m)];
        List<string> remembered = [];
        foreach (var order in (IEnumerable<LedgerRecord>[])[records, records.Reverse()])
        {
            var before = await JudgeAsync(new ListedBook([Firm with { PeriodLock = new(2026, 1, 31) }, Bank, DirectCosts, Sales, .. order]));
            var after = await JudgeAsync(new ListedBook([Firm, Bank, DirectCosts, Sales, .. order]), before.Memory);

            Ran(after, "closed-period-changes").Findings.ShouldBeEmpty("what the lock has closed since is guarded from now on");
            Ran(after, "closed-period-changes").Measure.ShouldBe(new PopulationMeasure(4, PopulationMeasure.OfTransactions));
            remembered.Add(after.Memory["closed-period-changes"]);
        }
        remembered[0].ShouldBe(remembered[1]);
    }

    [Fact]
    public async Task The_two_halves_of_a_deposit_meet_the_statement_as_one()
    {
        LedgerBankEntry[] halves = [Entry("D", Day.AddDays(-20), 40m) with { IsReconciled = false }, Entry("D-gathered", Day.AddDays(-20), 60m) with { IsReconciled = false, PartOf = "D", Kind = BankEntryKind.Transfer }];
        var open = Ran(await JudgeAsync(new ListedBook([Firm, Bank, Sales, .. halves])), "bank-reconciliation");
        var cleared = new LedgerClearance { Id = "C", Of = "D", IsReconciled = false, From = Day.AddYears(-1), To = Day };

        open.Findings.ShouldHaveSingleItem().Money.ShouldBe(100m);
        // A fee that outweighs its part of the deposit goes out: the statement's line is what is left.
        var fee = halves[1] with { Direction = MoneyDirection.Out, Gross = 2m, Net = 2m };
        Ran(await JudgeAsync(new ListedBook([Firm, Bank, Sales, halves[0], fee])), "bank-reconciliation").Findings.ShouldHaveSingleItem().Money.ShouldBe(38m);
        ((BankMeasure)open.Measure).Accounts.ShouldBe([new BankState("bank", 1, 1, Day.AddDays(-20))]);
        Ran(await JudgeAsync(new ListedBook([Firm, Bank, Sales, cleared, .. halves])), "bank-reconciliation").Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_transfer_is_to_be_reconciled_on_each_of_its_sides_and_counts_once_where_the_side_is_an_entry_too()
    {
        var savings = Bank with { Id = "savings", Code = "091", Name = "Savings" };
        var transfer = new LedgerTransfer { Id = "T", Status = LedgerStatus.Posted, Date = Day.AddDays(-20), Amount = 10m, FromAccountId = "bank", ToAccountId = "savings", FromIsReconciled = true, ToIsReconciled = false };
        var side = Entry("side", transfer.Date!.Value, 10m) with { Kind = BankEntryKind.Transfer, BankAccountId = "savings", IsReconciled = false };

        var alone = Ran(await JudgeAsync(new ListedBook(Firm, Bank, savings, transfer)), "bank-reconciliation");
        var both = Ran(await JudgeAsync(new ListedBook(Firm, Bank, savings, transfer with { ToEntryId = "side" }, side)), "bank-reconciliation");
        var cleared = Ran(
            await JudgeAsync(new ListedBook(Firm, Bank, savings, transfer with { FromIsReconciled = false }, new LedgerClearance { Id = "C", Of = "T", IsReconciled = false, From = Day.AddYears(-1), To = Day }, Entry("other", Day, 1m))),
            "bank-reconciliation");

        foreach (var outcome in new[] { alone, both })
        {
            outcome.Findings.ShouldHaveSingleItem().Part.ShouldBe("savings");
            ((BankMeasure)outcome.Measure).Accounts.Select(account => (account.AccountId, account.Examined)).ShouldBe([("bank", 1), ("savings", 1)]);
        }
        cleared.Findings.ShouldBeEmpty("on which side it is cleared is not told");
    }

    [Theory]
    [InlineData(null, "2026-02")]
    [InlineData("2026-02-27", null)]
    [InlineData("2026-03-02", null)]
    public async Task Who_bills_at_the_end_of_the_month_is_missed_in_the_next(string? february, string? missing)
    {
        // Usually on the 28th: March's bill is due on the 2nd of April, after the reporting date; February's was due on the 5th of March.
        var dates = new[] { "2025-09-28", "2025-10-28", "2025-11-28", "2025-12-28", "2026-01-28", february }.OfType<string>();
        var bills = dates.Select(date => Bill(date, "A", 100m) with { Date = HandBooks.Day(date) });

        var findings = Ran(await JudgeAsync(new ListedBook([Firm, DirectCosts, .. bills])), "regular-suppliers").Findings;

        findings.Select(finding => finding.Text).ShouldBe(missing is null ? [] : ["A usually bills on day 28 of the month; there is no bill of February 2026."]);
    }

    [Theory]
    [InlineData("2026-04-30", -600)]
    [InlineData("2026-02-28", -400)]
    public async Task The_register_is_laid_beside_the_ledger_of_the_day_to_which_it_is_depreciated(string depreciatedTo, int ledger)
    {
        var (cost, depreciation) = (DirectCosts with { Id = "710", Code = "710", Class = AccountClass.Asset, Type = "FIXED" }, DirectCosts with { Id = "711", Code = "711", Class = AccountClass.Asset, Type = "FIXED" });
        var figures = new[] { ("2026-02-28", -400m), ("2026-03-31", -500m), ("2026-04-30", -600m) }
            .SelectMany(month => new[] { HandBooks.Figure(BalanceReport.BalanceSheet, "711", month.Item1, month.Item2, "2026-04-30"), HandBooks.Figure(BalanceReport.BalanceSheet, "710", month.Item1, 3_000m, "2026-04-30") });
        LedgerRecord[] register =
        [
            new Asset { Id = "A", Name = "Oven", TypeId = "KIT", Status = AssetStatus.Registered, Cost = 3_000m, CurrentDepreciation = -ledger, BoughtOn = new(2024, 1, 10) },
            new AssetType { Id = "KIT", Name = "Kitchen", CostAccountId = "710", AccumulatedAccountId = "711" }, new AssetSettings { Id = "settings", DepreciatedTo = HandBooks.Day(depreciatedTo) },
        ];

        async Task<IEnumerable<string>> FoundAsync(params LedgerRecord[] more) =>
            Ran(await JudgeAsync(new ListedBook([Firm, cost, depreciation, .. figures, .. register, .. more])), "fixed-assets").Findings.Where(finding => finding.Rule == "register").Select(finding => finding.Evidence[0].Record.Id);

        (await FoundAsync()).ShouldBeEmpty();
        (await FoundAsync((Asset)register[0] with { Id = "B", CurrentDepreciation = 0m })).ShouldBe(["710"], "another oven is in the register alone");
    }

    [Fact]
    public async Task Tax_that_only_the_document_tells_is_shared_out_over_its_lines_once()
    {
        var guests = DirectCosts with { Id = "420", Code = "420", Name = "Business entertainment", Class = AccountClass.Expense };
        var bill = Bill("dinner", "A", 240m) with
        {
            Net = 200m,
            Tax = 40m,
            Lines = [new LedgerLine { AccountId = "420", Net = 50m }, new LedgerLine { AccountId = "420", Net = 100m }, new LedgerLine { AccountId = "costs", Net = 50m }],
        };

        var finding = Ran(await JudgeAsync(new ListedBook(Firm, guests, DirectCosts, bill)), "business-entertainment").Findings.ShouldHaveSingleItem();

        finding.Text.ShouldStartWith("30.00 of VAT was claimed");
        finding.Money.ShouldBe(180m);
    }

    [Theory]
    [InlineData("2026-02-28", "the profit and loss of every month from 1 January 2026 to 31 March 2026")]
    [InlineData(null, null)]
    public async Task Dividends_are_not_judged_on_a_year_with_a_month_missing(string? missing, string? needs)
    {
        var dividends = new LedgerAccount { Id = "980", Code = "980", Name = "Dividends", Class = AccountClass.Equity, Type = "EQUITY", Activity = LedgerActivity.Active };
        var months = new[] { "2026-01-31", "2026-02-28", "2026-03-31" }.Where(month => month != missing)
            .Select(month => HandBooks.Figure(BalanceReport.ProfitAndLoss, "sales", month, -1_000m, "2026-03-31", month[..8] + "01"));
        var book = new ListedBook([
            Firm, Sales, dividends, .. months, HandBooks.Figure(BalanceReport.BalanceSheet, "bank", "2025-12-31", 0m, "2025-12-31"),
            HandBooks.Figure(BalanceReport.BalanceSheet, "980", "2026-03-31", 3_000m, "2026-03-31"),
        ]);

        var outcome = (await new HealthEngine().RunAsync(
            book, new HealthRequest { Period = Period.MonthOf(Day), ReportingDate = Day, Settings = new Dictionary<string, string> { ["dividends"] = """{"accounts":["980"]}""" } }, TestContext.Current.CancellationToken)).Outcomes["dividends"];

        if (needs is null)
            outcome.ShouldBeOfType<CheckOutcome.Checked>().Findings.ShouldBeEmpty("3,000 of profits");
        else
            outcome.ShouldBeOfType<CheckOutcome.NotAvailable>().Needs.ShouldBe(needs);
    }

    [Fact]
    public async Task What_is_posted_to_the_customers_account_by_hand_is_no_debtor_and_not_aged()
    {
        var debtors = new LedgerAccount { Id = "debtors", Code = "610", Name = "Accounts receivable", Class = AccountClass.Asset, Type = "CURRENT", SystemRole = "DEBTORS", Activity = LedgerActivity.Active };
        var invoice = Bill("invoice", "A", 365m) with { Kind = DocumentKind.SalesInvoice, Date = new(2025, 11, 1), Lines = [new LedgerLine { AccountId = "sales", Net = 365m, Tax = 0m, TaxType = "NONE" }] };
        var journal = new LedgerJournal
        {
            Id = "journal",
            Status = LedgerStatus.Posted,
            Date = new(2025, 11, 30),
            Lines = [new LedgerLine { AccountId = "debtors", Net = 500m }, new LedgerLine { AccountId = "sales", Net = -500m }],
        };
        var entry = Entry("entry", new(2025, 11, 30), 70m) with { Lines = [new LedgerLine { AccountId = "debtors", Net = 70m }] };

        var plain = await JudgeAsync(new ListedBook(Firm, Bank, Sales, debtors, invoice));
        var byHand = await JudgeAsync(new ListedBook(Firm, Bank, Sales, debtors, invoice, journal, entry));

        ((DaysMeasure)Ran(byHand, "debtor-days").Measure).Days.ShouldBe(365m, "all of the year's sales is owed");
        foreach (var check in (string[])["debtor-days", "aged-balances"])
        {
            Ran(byHand, check).Measure.ShouldBe(Ran(plain, check).Measure);
            Ran(byHand, check).Findings.Select(finding => (finding.Id, finding.Fingerprint, finding.Money)).ShouldBe(Ran(plain, check).Findings.Select(finding => (finding.Id, finding.Fingerprint, finding.Money)));
        }
    }

    [Fact]
    public async Task What_the_closed_past_is_remembered_by_changes_only_when_more_of_it_is_closed()
    {
        var bill = Bill("bill", "A", 100m) with { Date = new(2026, 2, 10) };
        var first = await JudgeAsync(new ListedBook(Firm, DirectCosts, bill));
        var second = await JudgeAsync(new ListedBook(Firm, DirectCosts, Bill("bill", "A", 90m) with { Date = new(2026, 2, 10) }), first.Memory);
        var third = await JudgeAsync(new ListedBook(Firm with { PeriodLock = new(2026, 3, 15) }, DirectCosts, bill), second.Memory);

        Ran(second, "closed-period-changes").Findings.ShouldHaveSingleItem().Rule.ShouldBe("changed");
        second.Memory["closed-period-changes"].ShouldBe(first.Memory["closed-period-changes"]);
        third.Memory["closed-period-changes"].ShouldContain("2026-03-15");
        Ran(third, "closed-period-changes").Findings.ShouldBeEmpty("it is as it was");
    }

    [Fact]
    public async Task A_balance_that_the_newer_report_of_its_day_leaves_out_is_no_finding_any_more()
    {
        var suspense = new LedgerAccount { Id = "850", Code = "850", Name = "Suspense", Class = AccountClass.Liability, Type = "CURRLIAB", Activity = LedgerActivity.Active };
        var old = HandBooks.Figure(BalanceReport.BalanceSheet, "850", "2026-03-31", -75m, "2026-03-31");
        var newer = HandBooks.Figure(BalanceReport.BalanceSheet, "bank", "2026-03-31", 10m, "2026-04-30");

        Ran(await JudgeAsync(new ListedBook(Firm, suspense, old)), "suspense").Findings.ShouldHaveSingleItem().Money.ShouldBe(75m);
        Ran(await JudgeAsync(new ListedBook(Firm, suspense, Bank, old, newer)), "suspense").Findings.ShouldBeEmpty();
    }
}
