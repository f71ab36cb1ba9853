using DataHealth.Local.Sandbox.Books;
using static DataHealth.Sandbox.Tests.Books.BookkeepersView;

namespace DataHealth.Sandbox.Tests.Books;

internal sealed partial class PlainRules
{
    private void State()
    {
        var ids = books.Accounts.ToDictionary(a => Text(a, "Code"), a => a.GetProperty("AccountID").GetGuid());
        Bank();
        Assets(ids);
        Dormant(ids);
        Locks();
        Balances(ids);
        DebtorDays();
    }

    private void Bank()
    {
        var moved = new Dictionary<Guid, List<(DateOnly Day, bool Reconciled)>>();
        void Move(Guid bank, DateOnly day, bool reconciled)
        {
            if (!moved.TryGetValue(bank, out var list))
                moved[bank] = list = [];
            list.Add((day, reconciled));
        }

        foreach (var entry in Posted.Where(d => d.Bank is not null))
        {
            Move(entry.Bank!.Value, entry.Date, entry.IsReconciled);
            if (!entry.IsReconciled && entry.Date < end.AddDays(-15))
                Find("bank-reconciliation", entry.Id);
        }

        foreach (var payment in books.Payments.Where(p => Day(p, "Date") <= end))
        {
            var reconciled = payment.GetProperty("IsReconciled").GetBoolean();
            Move(payment.GetProperty("Account").GetProperty("AccountID").GetGuid(), Day(payment, "Date"), reconciled);
            if (!reconciled && Day(payment, "Date") < end.AddDays(-15))
                Find("bank-reconciliation", payment.GetProperty("PaymentID").GetGuid());
        }

        foreach (var transfer in books.Transfers.Where(t => Day(t, "Date") <= end))
        {
            if (!transfer.GetProperty("FromIsReconciled").GetBoolean() && Day(transfer, "Date") < end.AddDays(-15))
                Find("bank-reconciliation", transfer.GetProperty("BankTransferID").GetGuid());
        }

        foreach (var account in books.Accounts.Where(a => Text(a, "Type") == "BANK").Select(a => a.GetProperty("AccountID").GetGuid()))
        {
            if (moved.GetValueOrDefault(account, []).Where(move => move.Reconciled).Select(move => move.Day).DefaultIfEmpty(DateOnly.MaxValue).Max() < end.AddDays(-15))
                Find("bank-reconciliation", account);
        }
    }

    private void Assets(Dictionary<string, Guid> ids)
    {
        var depreciated = DateOnly.Parse(Text(books.AssetSettings, "lastDepreciationDate")[..10], System.Globalization.CultureInfo.InvariantCulture);
        if (depreciated < end)
            Find("fixed-assets", Setting());
        var codes = ids.ToDictionary(pair => pair.Value, pair => pair.Key);
        var types = books.AssetTypes.ToDictionary(t => t.GetProperty("assetTypeId").GetGuid());
        var register = new Dictionary<Guid, decimal>();
        foreach (var type in types.Values)
            (register[type.GetProperty("fixedAssetAccountId").GetGuid()], register[type.GetProperty("accumulatedDepreciationAccountId").GetGuid()]) = (0m, 0m);
        foreach (var asset in books.Assets)
        {
            if (Text(asset, "assetStatus") == "Draft")
            {
                Find("fixed-assets", asset.GetProperty("assetId").GetGuid());
                continue;
            }

            var type = types[asset.GetProperty("assetTypeId").GetGuid()];
            register[type.GetProperty("fixedAssetAccountId").GetGuid()] += asset.GetProperty("purchasePrice").GetDecimal();
            register[type.GetProperty("accumulatedDepreciationAccountId").GetGuid()] -= asset.GetProperty("bookDepreciationDetail").GetProperty("currentAccumDepreciationAmount").GetDecimal();
        }

        foreach (var account in books.Accounts.Where(a => Text(a, "Type") == "FIXED").Select(a => a.GetProperty("AccountID").GetGuid()))
        {
            var balance = books.Balance(codes[account], depreciated);
            if (register.TryGetValue(account, out var known) ? known != balance : balance != 0)
                Find("fixed-assets", account);
        }
    }

    private Guid Setting() => books.AssetSettings.TryGetProperty("assetNumberPrefix", out _) ? AboutSettings : Guid.Empty;

    /// <summary>Settings have no id of their own in Xero's JSON.</summary>
    public static Guid AboutSettings { get; } = new("5e771465-0000-4000-8000-000000000000");

    private void Dormant(Dictionary<string, Guid> ids)
    {
        var since = end.AddYears(-2);
        var used = Posted.Where(d => d.Date > since).SelectMany(d => d.Lines.Select(line => line.Account)).ToHashSet();
        foreach (var journal in books.Journals.Where(j => Day(j, "Date") > since))
            used.UnionWith(journal.GetProperty("JournalLines").EnumerateArray().Select(line => Text(line, "AccountCode")));
        used.UnionWith(books.Ledger.LedgerOnly.Where(posting => posting.MonthEnd > since).Select(posting => posting.Code));
        var mapped = books.AssetTypes.SelectMany(t => new[] { "fixedAssetAccountId", "accumulatedDepreciationAccountId", "depreciationExpenseAccountId" }.Select(name => t.GetProperty(name).GetGuid())).ToHashSet();
        foreach (var account in books.Accounts.Where(a => Text(a, "SystemAccount").Length == 0 && Text(a, "Type") is not ("EQUITY" or "BANK")))
        {
            var code = Text(account, "Code");
            if (!used.Contains(code) && !mapped.Contains(ids[code]) && (books.ClassOf[code] is "REVENUE" or "EXPENSE" || books.Balance(code, end) == 0))
                Find("dormant-accounts", ids[code]);
        }
    }

    private void Locks()
    {
        if (Day(books.Organisation, "PeriodLockDate") < end.AddMonths(-1).AddDays(-14))
            _found.Add(Key("lock-dates", ["period-lock"]));
        var month = books.Organisation.GetProperty("FinancialYearEndMonth").GetInt32();
        var year = new DateOnly(end.Year, month, 1).AddMonths(1).AddDays(-1);
        while (year.AddMonths(9) > end)
            year = new DateOnly(year.Year - 1, month, 1).AddMonths(1).AddDays(-1);
        if (Day(books.Organisation, "EndOfYearLockDate") < year)
            _found.Add(Key("lock-dates", ["year-end-lock"]));
    }

    private void Balances(Dictionary<string, Guid> ids)
    {
        foreach (var (kind, code) in new[] { ("paye", "825"), ("net-wages", "814"), ("pensions", "858") })
        {
            var run = books.Ledger.LedgerOnly.Where(posting => posting.Code == code && posting.Kind == LedgerOnlyKind.PayRun && posting.MonthEnd == end).Sum(posting => posting.Amount);
            if (books.Balance(code, end) is var balance && balance != 0 && balance != run)
                Find(kind, ids[code]);
        }

        foreach (var code in ids.Keys.Where(code => code is "835" or "836"))
        {
            if (books.Ledger.Months.Where(m => m.Day <= end && m.Day > new DateOnly(2026, 4, 5)).Any(m => books.Balance(code, m.Day) > 0))
                Find("directors-loan", ids[code]);
        }

        foreach (var code in new[] { "840", "850" }.Where(ids.ContainsKey))
        {
            if (books.Balance(code, end) != 0)
                Find("suspense", ids[code]);
        }

        foreach (var account in books.Accounts.Where(a => Text(a, "BankAccountType") == "BANK"))
        {
            if (books.Ledger.Months.Any(m => m.Day <= end && books.Balance(Text(account, "Code"), m.Day) < 0))
                Find("wrong-sign-balances", ids[Text(account, "Code")]);
        }

        var profits = books.Ledger.Months.Single(m => m.Day == end).Accounts.Where(a => books.ClassOf[a.Code] is "REVENUE" or "EXPENSE" || a.Code == "960").Sum(a => -a.Balance);
        if (books.Balance("970", end) > profits)
            Find("dividends", ids["970"]);
    }

    private void DebtorDays()
    {
        var year = Posted.Where(d => d.Date > end.AddYears(-1)).ToList();
        var sales = year.Where(d => d.Type == "ACCREC").Sum(d => d.Total / d.Rate) - year.Where(d => d.Type == "ACCRECCREDIT").Sum(d => d.Total / d.Rate);
        if (books.Balance("610", end) / sales * 365 > 45)
            _found.Add(Key("debtor-days", ["organisation"]));
    }
}
