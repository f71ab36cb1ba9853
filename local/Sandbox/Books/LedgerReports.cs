using System.Globalization;
using System.Text.Json.Nodes;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>The reports that are sums of the general ledger.</summary>
internal sealed class LedgerReports(Company company, GeneralLedger ledger)
{
    /// <summary>The row of the year's result has an id of its own, the same in every organisation.</summary>
    public static readonly Guid CurrentYearEarnings = new("abababab-abab-abab-abab-abababababab");

    private static readonly (string Title, string[] Types, bool Total)[] Assets =
        [("Bank", ["BANK"], true), ("Current Assets", ["CURRENT", "PREPAYMENT", "INVENTORY"], true), ("Fixed Assets", ["FIXED"], true)];

    private static readonly (string Title, string[] Types, bool Total)[] Liabilities =
        [("Current Liabilities", ["CURRLIAB"], true), ("Non-Current Liabilities", ["TERMLIAB"], true)];

    private readonly List<LedgerAccount> _accounts = company.Chart.Accounts;

    public JsonObject Report(string name, IReadOnlyDictionary<string, string> parameters) => name switch
    {
        "TrialBalance" => TrialBalance(ReportTree.Date(parameters, "date") ?? company.Spec.Today),
        "BalanceSheet" => BalanceSheet(Days(parameters, ReportTree.Date(parameters, "date") ?? company.Spec.Today)),
        "ProfitAndLoss" => ProfitAndLoss(parameters),
        _ => BankSummary(parameters),
    };

    private JsonObject TrialBalance(DateOnly date)
    {
        var month = new DateOnly(date.Year, date.Month, 1);
        var sums = new decimal[4];
        var sections = new List<JsonNode> { ReportTree.Header("Account", "Debit", "Credit", "YTD Debit", "YTD Credit") };
        foreach (var (title, kind) in new[]
            { ("Revenue", "REVENUE"), ("Expenses", "EXPENSE"), ("Assets", "ASSET"), ("Liabilities", "LIABILITY"), ("Equity", "EQUITY") })
        {
            var rows = new List<JsonNode>();
            foreach (var account in _accounts.Where(a => a.Class == kind))
            {
                var moved = ledger.Net(account.Index, month, date);
                var year = Balance(account, date);
                if (moved == 0 && year == 0)
                    continue;
                decimal[] cells = [Math.Max(moved, 0), Math.Max(-moved, 0), Math.Max(year, 0), Math.Max(-year, 0)];
                for (var i = 0; i < 4; i++)
                    sums[i] += cells[i];
                rows.Add(ReportTree.Row([$"{account.Name} ({account.Code})", .. cells.Select(ReportTree.AmountOrEmpty)], account.Id));
            }

            if (rows.Count > 0)
                sections.Add(ReportTree.Section(title, rows));
        }

        sections.Add(ReportTree.Section("", [ReportTree.Summary(["Total", .. sums.Select(ReportTree.Amount)])]));
        return ReportTree.Report("TrialBalance", "Trial Balance", "TrialBalance", ["Trial Balance", company.Spec.Name, "As at " + ReportTree.Long(date)],
            company.Spec.Today, sections);
    }

    /// <summary>Debits less credits at a day's end: of the year for income and expenses, whose earlier years are in retained earnings.</summary>
    private decimal Balance(LedgerAccount account, DateOnly date)
    {
        var start = company.YearStart(date);
        if (account.Class is "REVENUE" or "EXPENSE")
            return ledger.Net(account.Index, start, date);
        var balance = ledger.Net(account.Index, company.Start, date);
        return account.System == "RETAINEDEARNINGS" ? balance + Earned(company.Start, start.AddDays(-1)) : balance;
    }

    /// <summary>Expenses less income between two days.</summary>
    private decimal Earned(DateOnly from, DateOnly to) =>
        to < from ? 0m : _accounts.Where(a => a.Class is "REVENUE" or "EXPENSE").Sum(a => ledger.Net(a.Index, from, to));

    private JsonObject BalanceSheet(DateOnly[] days)
    {
        var rows = new List<JsonNode> { ReportTree.Header(["", .. days.Select(ReportTree.Short)]), ReportTree.Section("Assets", []) };
        var assets = Blocks(rows, Assets, days, 1);
        rows.Add(ReportTree.Section("", [ReportTree.Summary(["Total Assets", .. assets.Select(ReportTree.Amount)])]));
        rows.Add(ReportTree.Section("Liabilities", []));
        var owed = Blocks(rows, Liabilities, days, -1);
        rows.Add(ReportTree.Section("", [ReportTree.Summary(["Total Liabilities", .. owed.Select(ReportTree.Amount)])]));
        rows.Add(ReportTree.Section("", [ReportTree.Row(["Net Assets", .. assets.Zip(owed, (a, l) => ReportTree.Amount(a - l))])]));
        var equity = new decimal[days.Length];
        var lines = new List<JsonNode>();
        foreach (var account in _accounts.Where(a => a.Class == "EQUITY"))
            AddRow(lines, equity, account.Name, account.Id, [.. days.Select(day => -Balance(account, day))]);
        AddRow(lines, equity, "Current Year Earnings", CurrentYearEarnings, [.. days.Select(day => -Earned(company.YearStart(day), day))]);
        lines.Add(ReportTree.Summary(["Total Equity", .. equity.Select(ReportTree.Amount)]));
        rows.Add(ReportTree.Section("Equity", lines));
        return ReportTree.Report("BalanceSheet", "Balance Sheet", "BalanceSheet", ["Balance Sheet", company.Spec.Name, "As at " + ReportTree.Long(days[0])],
            company.Spec.Today, rows);
    }

    private decimal[] Blocks(List<JsonNode> rows, (string Title, string[] Types, bool Total)[] blocks, DateOnly[] days, int sign)
    {
        var all = new decimal[days.Length];
        foreach (var (title, types, _) in blocks)
        {
            var sums = new decimal[days.Length];
            var lines = new List<JsonNode>();
            foreach (var account in _accounts.Where(a => types.Contains(a.Type)))
                AddRow(lines, sums, account.Name, account.Id, [.. days.Select(day => sign * Balance(account, day))]);
            if (lines.Count == 0)
                continue;
            lines.Add(ReportTree.Summary(["Total " + title, .. sums.Select(ReportTree.Amount)]));
            rows.Add(ReportTree.Section(title, lines));
            for (var i = 0; i < all.Length; i++)
                all[i] += sums[i];
        }

        return all;
    }

    private static void AddRow(List<JsonNode> rows, decimal[] sums, string name, Guid id, decimal[] values)
    {
        if (values.All(v => v == 0))
            return;
        for (var i = 0; i < sums.Length; i++)
            sums[i] += values[i];
        rows.Add(ReportTree.Row([name, .. values.Select(ReportTree.Amount)], id));
    }

    private JsonObject ProfitAndLoss(IReadOnlyDictionary<string, string> parameters)
    {
        var to = ReportTree.Date(parameters, "toDate") ?? company.Spec.Today;
        var from = ReportTree.Date(parameters, "fromDate") ?? new DateOnly(to.Year, to.Month, 1);
        if (from > to)
            throw new ArgumentException("fromDate must not be after toDate.");
        var step = Step(parameters);
        var ends = Days(parameters, to);
        var spans = ends.Select((end, i) => (From: i == 0 ? from : from.AddMonths(-step * i), To: end)).ToArray();
        var rows = new List<JsonNode> { ReportTree.Header(["", .. ends.Select(ReportTree.Short)]) };
        decimal[] Block(string title, string[] types, int sign)
        {
            var sums = new decimal[spans.Length];
            var lines = new List<JsonNode>();
            foreach (var account in _accounts.Where(a => types.Contains(a.Type)))
                AddRow(lines, sums, account.Name, account.Id, [.. spans.Select(s => sign * ledger.Net(account.Index, s.From, s.To))]);
            if (lines.Count > 0)
            {
                lines.Add(ReportTree.Summary(["Total " + title.Replace("Less ", "", StringComparison.Ordinal).Replace("Plus ", "", StringComparison.Ordinal),
                    .. sums.Select(ReportTree.Amount)]));
                rows.Add(ReportTree.Section(title, lines));
            }

            return sums;
        }

        var income = Block("Income", ["SALES", "REVENUE"], -1);
        var cost = Block("Less Cost of Sales", ["DIRECTCOSTS"], 1);
        rows.Add(ReportTree.Section("", [ReportTree.Row(["Gross Profit", .. income.Zip(cost, (i, c) => ReportTree.Amount(i - c))])]));
        var other = Block("Plus Other Income", ["OTHERINCOME"], -1);
        var overheads = Block("Less Operating Expenses", ["OVERHEADS", "EXPENSE"], 1);
        rows.Add(ReportTree.Section("", [ReportTree.Row(["Net Profit", .. income.Select((v, i) => ReportTree.Amount(v - cost[i] + other[i] - overheads[i]))])]));
        return ReportTree.Report("ProfitAndLoss", "Profit and Loss", "ProfitAndLoss",
            ["Profit & Loss", company.Spec.Name, $"{ReportTree.Long(from)} to {ReportTree.Long(to)}"], company.Spec.Today, rows);
    }

    private JsonObject BankSummary(IReadOnlyDictionary<string, string> parameters)
    {
        var to = ReportTree.Date(parameters, "toDate") ?? company.Spec.Today;
        var from = ReportTree.Date(parameters, "fromDate") ?? new DateOnly(to.Year, to.Month, 1);
        var sums = new decimal[4];
        var lines = new List<JsonNode>();
        foreach (var account in _accounts.Where(a => a.IsBank))
        {
            var opening = ledger.Net(account.Index, company.Start, from.AddDays(-1));
            var (received, spent) = ledger.Movement(account.Index, from, to);
            decimal[] cells = [opening, received, spent, opening + received - spent];
            for (var i = 0; i < 4; i++)
                sums[i] += cells[i];
            lines.Add(ReportTree.Row([account.Name, .. cells.Select(ReportTree.Amount)], account.Id, firstAttribute: "accountID"));
        }

        lines.Add(ReportTree.Summary(["Total", .. sums.Select(ReportTree.Amount)]));
        return ReportTree.Report("BankSummary", "Bank Summary", "BankSummary",
            ["Bank Summary", company.Spec.Name, $"From {ReportTree.Long(from)} to {ReportTree.Long(to)}"], company.Spec.Today,
            [ReportTree.Header("Bank Accounts", "Opening Balance", "Cash Received", "Cash Spent", "Closing Balance"), ReportTree.Section("", lines)]);
    }

    private static int Step(IReadOnlyDictionary<string, string> parameters) => ReportTree.Find(parameters, "timeframe")?.ToUpperInvariant() switch
    {
        null or "" or "MONTH" => 1,
        "QUARTER" => 3,
        "YEAR" => 12,
        var other => throw new ArgumentException($"The timeframe '{other}' is not one of MONTH, QUARTER, YEAR."),
    };

    /// <summary>The day asked for and, with periods, the same day of the periods before; the end of a month stays the end of a month.</summary>
    private static DateOnly[] Days(IReadOnlyDictionary<string, string> parameters, DateOnly day)
    {
        var periods = 0;
        if (ReportTree.Find(parameters, "periods") is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out periods) || periods is < 1 or > 11))
        {
            throw new ArgumentException("periods must be a whole number from 1 to 11.");
        }

        var step = Step(parameters);
        var isEnd = day.AddDays(1).Day == 1;
        return [.. Enumerable.Range(0, periods + 1).Select(i => isEnd ? day.AddDays(1).AddMonths(-step * i).AddDays(-1) : day.AddMonths(-step * i))];
    }
}
