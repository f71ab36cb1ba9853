using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.QuickBooks.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Reports;

/// <summary>Trial balance, balance sheet, profit and loss.</summary>
internal static class StatementReports
{
    /// <summary>Income and expenses of the span, everything else as it stood at its end: what was earned before the span is in retained earnings.</summary>
    public static JsonObject TrialBalance(LedgerSums sums, ReportParameters asked)
    {
        var (debits, credits) = (0m, 0m);
        var rows = new List<JsonNode>();
        foreach (var account in sums.Accounts)
        {
            var net = LedgerSums.IsProfit(account) ? sums.Moved(account, asked.Start, asked.End) : sums.Balance(account, asked.End, asked.Start);
            if (net == 0)
                continue;
            debits += Math.Max(net, 0);
            credits += Math.Max(-net, 0);
            rows.Add(new JsonObject { ["ColData"] = Row(new Cell(account.Name, LedgerSums.Id(account)), Cell.OrEmpty(Math.Max(net, 0)), Cell.OrEmpty(Math.Max(-net, 0))) });
        }

        if (rows.Count > 0)
            rows.Add(ReportShape.Section("GrandTotal", null, [], [new Cell("TOTAL"), Cell.Of(debits), Cell.Of(credits)]));
        return ReportShape.Report(asked, sums.Currency, [ReportShape.Column("", "Account"), ReportShape.Column("Debit", "Money"), ReportShape.Column("Credit", "Money")], rows);
    }

    public static JsonObject BalanceSheet(LedgerSums sums, ReportParameters asked)
    {
        var days = asked.Spans().Select(span => span.To).ToArray();
        var (bank, banks) = Group(sums, "BankAccounts", "Bank Accounts", 1, days, account => AccountTypes.Of(account).Type == "Bank");
        var (receivable, receivables) = Group(sums, "AR", "Accounts Receivable", 1, days, account => AccountTypes.Of(account).Type == "Accounts Receivable");
        var (other, others) = Group(sums, "OtherCurrentAssets", "Other Current Assets", 1, days, account => AccountTypes.Of(account).Type == "Other Current Asset");
        var current = Sum(bank, receivable, other);
        var (fixedAsset, fixedAssets) = Group(sums, "FixedAssets", "Fixed Assets", 1, days, account => AccountTypes.Of(account).Type == "Fixed Asset");
        var assets = Sum(current, fixedAsset);
        var currentAssets = Section("CurrentAssets", "Current Assets", current, [banks, receivables, others]);
        var (payable, payables) = Group(sums, "AP", "Accounts Payable", -1, days, account => AccountTypes.Of(account).Type == "Accounts Payable");
        var (card, cards) = Group(sums, "CreditCards", "Credit Cards", -1, days, account => AccountTypes.Of(account).Type == "Credit Card");
        var (owed, oweds) = Group(sums, "OtherCurrentLiabilities", "Other Current Liabilities", -1, days, account => AccountTypes.Of(account).Type == "Other Current Liability");
        var currentOwed = Sum(payable, card, owed);
        var (term, terms) = Group(sums, "LongTermLiabilities", "Long-Term Liabilities", -1, days, account => AccountTypes.Of(account).Type == "Long Term Liability");
        var liabilities = Sum(currentOwed, term);
        var net = days.Select(day => -sums.Earned(sums.YearStart(day), day)).ToArray();
        var (equity, equities) = Group(sums, "Equity", "Equity", -1, days, account => AccountTypes.Of(account).Type == "Equity", ("Net Income", "NetIncome", net));
        var rows = new List<JsonNode>
        {
            Section("TotalAssets", "ASSETS", assets, [currentAssets, fixedAssets]),
            Section("TotalLiabilitiesAndEquity", "LIABILITIES AND EQUITY", Sum(liabilities, equity),
                [Section("Liabilities", "Liabilities", liabilities, [Section("CurrentLiabilities", "Current Liabilities", currentOwed, [payables, cards, oweds]), terms]), equities]),
        };
        return ReportShape.Report(asked, sums.Currency, Columns(asked, withTotal: false), rows);
    }

    public static JsonObject ProfitAndLoss(LedgerSums sums, ReportParameters asked)
    {
        var spans = asked.Spans();
        var totalled = spans.Count > 1 || asked.SummarizeBy.Equals("Month", StringComparison.OrdinalIgnoreCase);
        decimal[] Of(LedgerAccount account, int sign) => WithTotal(spans.Select(span => sign * sums.Moved(account, span.From, span.To)), totalled);
        (decimal[] Sum, JsonNode Section) Part(string group, string title, string type, int sign)
        {
            var lines = sums.Accounts.Where(account => AccountTypes.Of(account).Type == type).Select(account => (account, values: Of(account, sign))).Where(line => line.values.Any(v => v != 0)).ToList();
            var total = Sum([new decimal[spans.Count + (totalled ? 1 : 0)], .. lines.Select(line => line.values)]);
            return (total, ReportShape.Section(group, Title(title, total.Length), [.. lines.Select(line => (JsonNode)ReportShape.Data(Line(line.account, line.values)))], Total("Total " + title, total)));
        }

        var (income, incomes) = Part("Income", "Income", "Income", -1);
        var (cost, costs) = Part("COGS", "Cost of Goods Sold", "Cost of Goods Sold", 1);
        var gross = Minus(income, cost);
        var (expense, expenses) = Part("Expenses", "Expenses", "Expense", 1);
        var operating = Minus(gross, expense);
        var (otherIncome, otherIncomes) = Part("OtherIncome", "Other Income", "Other Income", -1);
        var (otherExpense, otherExpenses) = Part("OtherExpenses", "Other Expenses", "Other Expense", 1);
        var netOther = Minus(otherIncome, otherExpense);
        return ReportShape.Report(asked, sums.Currency, Columns(asked, totalled),
        [
            incomes, costs, ReportShape.Section("GrossProfit", null, [], Total("Gross Profit", gross)), expenses,
            ReportShape.Section("NetOperatingIncome", null, [], Total("Net Operating Income", operating)), otherIncomes, otherExpenses,
            ReportShape.Section("NetOtherIncome", null, [], Total("Net Other Income", netOther)), ReportShape.Section("NetIncome", null, [], Total("Net Income", Sum(operating, netOther))),
        ]);
    }

    private static List<JsonNode> Columns(ReportParameters asked, bool withTotal)
    {
        var columns = new List<JsonNode> { ReportShape.Column("", "Account", "account") };
        var monthly = asked.SummarizeBy.Equals("Month", StringComparison.OrdinalIgnoreCase);
        foreach (var span in asked.Spans())
        {
            var title = monthly ? span.From.ToString("MMM yyyy", CultureInfo.InvariantCulture) : "Total";
            columns.Add(ReportShape.Column(title, "Money", monthly ? title : "total", monthly ? span : null));
        }

        if (withTotal)
            columns.Add(ReportShape.Column("Total", "Money", "total"));
        return columns;
    }

    private static (decimal[] Sum, JsonNode Section) Group(
        LedgerSums sums, string group, string title, int sign, DateOnly[] days, Func<LedgerAccount, bool> takes, (string Name, string Group, decimal[] Values)? extra = null)
    {
        var total = new decimal[days.Length];
        var rows = new List<JsonNode>();
        foreach (var account in sums.Accounts.Where(takes))
        {
            var values = days.Select(day => sign * sums.Balance(account, day, sums.YearStart(day))).ToArray();
            if (values.All(value => value == 0))
                continue;
            total = Sum(total, values);
            rows.Add(ReportShape.Data(Line(account, values)));
        }

        if (extra is var (name, own, more))
        {
            total = Sum(total, more);
            var row = ReportShape.Data([new Cell(name), .. more.Select(Cell.Of)]);
            row["group"] = own;
            rows.Add(row);
        }

        return (total, ReportShape.Section(group, Title(title, days.Length), rows, Total("Total " + title, total)));
    }

    private static JsonObject Section(string group, string title, decimal[] total, IReadOnlyCollection<JsonNode> rows) =>
        ReportShape.Section(group, Title(title, total.Length), rows, Total("Total " + title, total));

    private static IEnumerable<Cell> Line(LedgerAccount account, decimal[] values) => [new Cell(account.Name, LedgerSums.Id(account)), .. values.Select(Cell.Of)];

    private static IEnumerable<Cell> Title(string title, int columns) => [new Cell(title), .. Enumerable.Repeat(new Cell(""), columns)];

    private static IEnumerable<Cell> Total(string title, decimal[] values) => [new Cell(title), .. values.Select(Cell.Of)];

    private static JsonArray Row(params Cell[] cells) => (JsonArray)ReportShape.Data(cells)["ColData"]!.DeepClone();

    private static decimal[] WithTotal(IEnumerable<decimal> values, bool totalled)
    {
        var all = values.ToArray();
        return totalled ? [.. all, all.Sum()] : all;
    }

    private static decimal[] Sum(params decimal[][] parts) => [.. Enumerable.Range(0, parts[0].Length).Select(i => parts.Sum(part => part[i]))];

    private static decimal[] Minus(decimal[] left, decimal[] right) => [.. left.Zip(right, (l, r) => l - r)];
}
