using System.Globalization;
using System.Text.Json;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.QuickBooks.Mapping;

/// <summary>
/// Account figures and statement matches from Intuit's report trees. Texts and numbers are strings there. A debit is positive with us; the balance sheet and the profit and loss print
/// liabilities, equity and income as positive, which the groups of their sections tell.
/// </summary>
internal static class QboReportMapping
{
    private static readonly string[] CreditGroups = ["Liabilities", "TotalLiabilitiesAndEquity", "Equity", "Income", "OtherIncome"];
    private static readonly string[] DebitGroups = ["TotalAssets", "Assets", "COGS", "Expenses", "OtherExpenses"];
    private static readonly string[] MonthTitles = ["MMM yyyy", "MMMM yyyy"];

    public static IReadOnlyList<LedgerRecord> BalanceSheet(string id, QboReport report) => Balances(BalanceReport.BalanceSheet, BalanceKind.Balance, id, report);

    public static IReadOnlyList<LedgerRecord> ProfitAndLoss(string id, QboReport report) => Balances(BalanceReport.ProfitAndLoss, BalanceKind.Movement, id, report);

    public static IReadOnlyList<LedgerRecord> TrialBalance(string id, QboReport report)
    {
        var window = Window(id);
        var columns = report.Columns?.Column ?? [];
        var (debit, credit) = (columns.FindIndex(column => Is(column, "Debit")), columns.FindIndex(column => Is(column, "Credit")));
        if (debit < 0 || credit < 0)
            throw new JsonException("A trial balance without debit and credit.");
        return
        [
            .. Flat(report.Rows, 0, null).Select(row => (row.Cells, Amount: (Amount(row.Cells, debit) ?? 0m) - (Amount(row.Cells, credit) ?? 0m)))
                .Where(row => row.Cells[0].Id is { Length: > 0 })
                .Select(row => Figure(id, row.Cells[0], null, BalanceReport.TrialBalance, BalanceKind.YearToDate, window.From, window.To, row.Amount, isSideKnown: true, window)),
        ];

        static bool Is(QboReportColumn column, string title) => string.Equals(column.ColTitle, title, StringComparison.OrdinalIgnoreCase) || string.Equals(column.ColType, title, StringComparison.OrdinalIgnoreCase);
    }

    public static IReadOnlyList<LedgerRecord> Reconciled(string id, QboReport report) => Clearances(id, report, isReconciled: true);

    public static IReadOnlyList<LedgerRecord> Cleared(string id, QboReport report) => Clearances(id, report, isReconciled: false);

    private static List<LedgerRecord> Clearances(string id, QboReport report, bool isReconciled)
    {
        var window = Window(id);
        var columns = report.Columns?.Column ?? [];
        var kind = columns.FindIndex(column => column.ColType == "txn_type" || column.ColTitle == "Transaction Type" || column.MetaData?.Exists(data => data.Value == "txn_type") == true);
        List<LedgerRecord> records = isReconciled ? [new ClearanceWindow { Id = id, From = window.From, To = window.To }] : [];
        foreach (var (cells, _, _) in Flat(report.Rows, 0, null))
        {
            if (kind < 0 || kind >= cells.Count)
                throw new JsonException("A list of transactions without their kind.");
            if (QboTerms.Id(cells[kind].Value, cells[kind].Id ?? cells.Find(cell => cell.Id is { Length: > 0 })?.Id) is { } of)
                records.Add(new LedgerClearance { Id = $"{id}:{of}", Of = of, IsReconciled = isReconciled, From = window.From, To = window.To });
        }

        return records;
    }

    private static List<LedgerRecord> Balances(BalanceReport source, BalanceKind kind, string id, QboReport report)
    {
        var window = Window(id);
        var columns = report.Columns?.Column ?? [];
        List<LedgerRecord> balances = [];
        foreach (var (cells, side, section) in Flat(report.Rows, 0, null))
        {
            for (var column = 1; column < cells.Count; column++)
            {
                // The last column adds the others up.
                if (Amount(cells, column) is not { } amount || Month(column < columns.Count ? columns[column] : null, columns.Count, window) is not { } month)
                    continue;
                balances.Add(Figure(id, cells[0], section, source, kind, kind == BalanceKind.Balance ? null : month.From, month.To, amount * (side == 0 ? 1 : side), side != 0, window));
            }
        }

        return balances;
    }

    private static AccountBalance Figure(
        string id, QboReportCell account, string? section, BalanceReport source, BalanceKind kind, DateOnly? from, DateOnly asOf, decimal amount, bool isSideKnown, DaySpan window) => new()
        {
            Id = $"{id}:{kind}:{account.Id ?? account.Value}:{asOf:yyyy-MM-dd}",
            AccountId = account.Id is { Length: > 0 } known ? known : null,
            AccountName = account.Value,
            Section = section,
            Report = source,
            Kind = kind,
            From = from,
            AsOf = asOf,
            Amount = amount,
            IsSideKnown = isSideKnown,
            WindowEnd = window.To,
            WindowFrom = window.From,
        };

    // An account that has accounts below it prints its own figures in the header of their section.
    private static IEnumerable<(List<QboReportCell> Cells, int Side, string? Section)> Flat(QboReportRows? rows, int side, string? section)
    {
        foreach (var row in rows?.Row ?? [])
        {
            var inner = Side(row.Group) is var own && own != 0 ? own : side;
            var title = row.Header?.ColData is [{ Value: { Length: > 0 } text }, ..] ? text : section;
            if (row.ColData is { Count: > 0 } cells)
                yield return (cells, inner, section);
            else if (row.Header?.ColData is { Count: > 1 } header && header[0].Id is { Length: > 0 } && header.Skip(1).Any(cell => cell.Value is { Length: > 0 }))
                yield return (header, inner, section);
            foreach (var below in Flat(row.Rows, inner, title))
                yield return below;
        }
    }

    private static int Side(string? group) => group is null ? 0 : CreditGroups.Contains(group) ? -1 : DebitGroups.Contains(group) ? 1 : 0;

    private static DaySpan? Month(QboReportColumn? column, int columns, DaySpan window)
    {
        var end = column?.MetaData?.Find(data => data.Name == "EndDate")?.Value;
        var start = column?.MetaData?.Find(data => data.Name == "StartDate")?.Value;
        if (DateOnly.TryParseExact(end, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var to) && to <= window.To)
        {
            var from = DateOnly.TryParseExact(start, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var given) ? given : new DateOnly(to.Year, to.Month, 1);
            return new(from, to);
        }

        if (DateOnly.TryParseExact(column?.ColTitle, MonthTitles, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var month))
            return new(month, month.AddMonths(1).AddDays(-1));
        // A report of one month has one column, called Total.
        return columns == 2 ? window : null;
    }

    private static decimal? Amount(List<QboReportCell> cells, int column) => (column < cells.Count ? cells[column].Value : null) switch
    {
        null or "" => null,
        var text when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) => amount,
        _ => throw new JsonException("A report's number is not a number."),
    };

    private static DaySpan Window(string id) => DaySpan.TryParse(id, out var window) ? window : throw new JsonException("A stored report's id is not a span of days.");
}
