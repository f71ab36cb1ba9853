using DataHealth.Core.Health;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Tests.Health;

/// <summary>A firm of few accounts, and records for it.</summary>
internal static class SmallBooks
{
    public static readonly DateOnly Day = new(2026, 3, 31);
    public static readonly Organisation Firm = new() { Id = "firm", BaseCurrency = "GBP", Country = "GB", YearEndDay = 31, YearEndMonth = 12, PeriodLock = new(2026, 2, 28), YearEndLock = new(2024, 12, 31) };
    public static readonly LedgerAccount Bank = new() { Id = "bank", Code = "090", Name = "Current", Class = AccountClass.Asset, Type = "BANK", Activity = LedgerActivity.Active, IsBankAccount = true, BankKind = BankAccountKind.Bank };
    public static readonly LedgerAccount Sales = new() { Id = "sales", Code = "200", Name = "Sales", Class = AccountClass.Revenue, Type = "REVENUE", Activity = LedgerActivity.Active };
    public static readonly LedgerAccount DirectCosts = new() { Id = "costs", Code = "310", Name = "Costs", Class = AccountClass.Expense, Type = "DIRECTCOSTS", Activity = LedgerActivity.Active };

    public static Task<HealthResult> JudgeAsync(ListedBook book, IReadOnlyDictionary<string, string>? memory = null) =>
        new HealthEngine().RunAsync(book, new HealthRequest { Period = Period.MonthOf(Day), ReportingDate = Day, Memory = memory ?? new Dictionary<string, string>() }, TestContext.Current.CancellationToken);

    public static CheckOutcome.Checked Ran(HealthResult result, string check) => result.Outcomes[check].ShouldBeOfType<CheckOutcome.Checked>();

    public static LedgerContact Contact(string id, string? name) => new() { Id = id, Name = name, Activity = LedgerActivity.Active, IsSupplier = true };

    public static LedgerDocument Bill(string id, string contact, decimal gross) => new()
    {
        Id = id,
        Kind = DocumentKind.Bill,
        Status = LedgerStatus.Posted,
        ContactId = contact,
        ContactName = contact,
        Date = new(2026, 3, 10),
        DueDate = new(2026, 4, 10),
        Currency = "GBP",
        Net = gross,
        Gross = gross,
        Outstanding = gross,
        HasAttachments = true,
        Lines = [new LedgerLine { AccountId = "costs", Net = gross, Tax = 0m, TaxType = "NONE" }],
    };

    public static LedgerBankEntry Entry(string id, DateOnly date, decimal gross) => new()
    {
        Id = id,
        Direction = MoneyDirection.In,
        Kind = BankEntryKind.Direct,
        Status = LedgerStatus.Posted,
        Date = date,
        BankAccountId = "bank",
        ContactId = "A",
        ContactName = "A",
        Currency = "GBP",
        Net = gross,
        Gross = gross,
        IsReconciled = true,
        Lines = [new LedgerLine { AccountId = "sales", Net = gross, Tax = 0m, TaxType = "NONE" }],
    };
}
