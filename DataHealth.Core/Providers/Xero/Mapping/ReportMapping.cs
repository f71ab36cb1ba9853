using System.Globalization;
using System.Text.Json;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>
/// Account figures from Xero's report trees. Texts and numbers are strings there. A debit is positive with us; the balance sheet and the profit and loss print liabilities, equity and
/// income as positive, which only the section's title tells.
/// </summary>
internal static class ReportMapping
{
    private static readonly string[] ColumnDates = ["d MMM yyyy", "d MMMM yyyy", "d MMM yy", "d-MMM-yy", "d-MMM-yyyy"];

    public static IReadOnlyList<LedgerRecord> Balances(BalanceReport kind, string id, XeroReport report)
    {
        if (!DateOnly.TryParseExact(id, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
            throw new JsonException("A stored report's id is not a month.");
        var window = month.AddMonths(1).AddDays(-1);
        List<LedgerRecord> balances = [];
        var header = Flat(report.Rows, section: null).FirstOrDefault(row => row.Row.RowType == "Header").Row?.Cells ?? [];
        foreach (var (row, section) in Flat(report.Rows, section: null))
        {
            if (row.RowType != "Row" || row.Cells is not { Count: > 1 } cells)
                continue;
            var account = Account(cells);
            var name = cells[0].Value;
            for (var column = 1; column < cells.Count; column++)
            {
                if (Figure(kind, header, column, cells, window) is not { } figure)
                    continue;
                var side = kind is BalanceReport.BalanceSheet or BalanceReport.ProfitAndLoss ? Side(section) : 1;
                balances.Add(new AccountBalance
                {
                    Id = $"{id}:{figure.Kind}:{account ?? name}:{figure.AsOf:yyyy-MM-dd}",
                    AccountId = account,
                    AccountName = name,
                    Section = section,
                    Report = kind,
                    Kind = figure.Kind,
                    From = figure.From,
                    AsOf = figure.AsOf,
                    Amount = figure.Amount * (side == 0 ? 1 : side),
                    IsSideKnown = side != 0,
                    WindowEnd = window,
                });
            }
        }

        return balances;
    }

    private static IEnumerable<(XeroRow Row, string? Section)> Flat(List<XeroRow>? rows, string? section)
    {
        foreach (var row in rows ?? [])
        {
            yield return (row, section);
            foreach (var inner in Flat(row.Rows, row.Title is { Length: > 0 } title ? title : section))
                yield return inner;
        }
    }

    private static string? Account(List<XeroCell> cells) =>
        cells.SelectMany(cell => cell.Attributes ?? [])
            .FirstOrDefault(one => one.Id is "account" or "accountID" && one.Value is { Length: > 0 })?.Value;

    private static (BalanceKind Kind, DateOnly? From, DateOnly AsOf, decimal Amount)? Figure(BalanceReport kind, List<XeroCell> header, int column, List<XeroCell> cells, DateOnly window)
    {
        var start = new DateOnly(window.Year, window.Month, 1);
        switch (kind)
        {
            case BalanceReport.TrialBalance:
                // Debit, Credit, YTD Debit, YTD Credit: each pair is one figure.
                if (column is not (1 or 3) || cells.Count <= column + 1 || (Amount(cells[column]) is null && Amount(cells[column + 1]) is null))
                    return null;
                var net = (Amount(cells[column]) ?? 0m) - (Amount(cells[column + 1]) ?? 0m);
                return column == 1 ? (BalanceKind.Movement, start, window, net) : (BalanceKind.YearToDate, null, window, net);
            case BalanceReport.BankSummary:
                return (column, Amount(cells[column])) switch
                {
                    (1, { } amount) => (BalanceKind.Opening, null, start.AddDays(-1), amount),
                    (2, { } amount) => (BalanceKind.Received, start, window, amount),
                    (3, { } amount) => (BalanceKind.Spent, start, window, -Math.Abs(amount)),
                    (4, { } amount) => (BalanceKind.Balance, null, window, amount),
                    _ => null,
                };
            default:
                if (Amount(cells[column]) is not { } value)
                    return null;
                var asOf = Date(column < header.Count ? header[column].Value : null) ?? start.AddMonths(2 - column).AddDays(-1);
                return kind == BalanceReport.BalanceSheet
                    ? (BalanceKind.Balance, null, asOf, value)
                    : (BalanceKind.Movement, new DateOnly(asOf.Year, asOf.Month, 1), asOf, value);
        }
    }

    // 1: printed as a debit. -1: printed as a credit. 0: the title does not tell.
    private static int Side(string? section)
    {
        if (section is null)
            return 0;
        if (Has("expense") || Has("cost of") || Has("overhead") || Has("asset") || Has("bank"))
            return Has("liabilit") ? -1 : 1;
        return Has("liabilit") || Has("equity") || Has("income") || Has("revenue") || Has("turnover") || Has("sales") || Has("trading") ? -1 : 0;

        bool Has(string word) => section.Contains(word, StringComparison.OrdinalIgnoreCase);
    }

    private static DateOnly? Date(string? text) =>
        DateOnly.TryParseExact(text, ColumnDates, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var date) ? date : null;

    private static decimal? Amount(XeroCell cell) => cell.Value switch
    {
        null or "" => null,
        var text when decimal.TryParse(text, NumberStyles.Number | NumberStyles.AllowParentheses, CultureInfo.InvariantCulture, out var amount) => amount,
        _ => throw new JsonException("A report's number is not a number."),
    };
}
