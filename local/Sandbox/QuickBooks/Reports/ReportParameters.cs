using System.Globalization;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.QuickBooks.Query;

namespace DataHealth.Local.Sandbox.QuickBooks.Reports;

/// <summary>What a report was asked for, with Intuit's defaults.</summary>
internal sealed class ReportParameters
{
    private readonly IReadOnlyDictionary<string, string> _query;

    public ReportParameters(string name, IReadOnlyDictionary<string, string> query, Company company, DateTime now, int cells)
    {
        (Name, _query, Now, Cells) = (name, query, now, cells);
        var today = company.Spec.Today;
        (Start, End) = Macro(query.GetValueOrDefault("date_macro"), today, company);
        Start = Date("start_date") ?? (Date("end_date") is { } only ? new DateOnly(only.Year, 1, 1) : Start);
        End = Date("end_date") ?? End;
        if (Start > End)
            throw new QueryException("5020", "Permission Denied Error", "Permission Denied Error : start_date must not be after end_date.");
        Basis = query.GetValueOrDefault("accounting_method") ?? "Accrual";
        if (!Basis.Equals("Accrual", StringComparison.OrdinalIgnoreCase))
            throw new QueryException("2010", "Request has invalid or unsupported property", "Only accounting_method=Accrual is simulated.");
    }

    public string Name { get; }

    public DateTime Now { get; }

    /// <summary>Cells beyond which the report is cut.</summary>
    public int Cells { get; }

    public DateOnly Start { get; }

    public DateOnly End { get; }

    public string Basis { get; }

    public string SummarizeBy => _query.GetValueOrDefault("summarize_column_by") ?? "Total";

    public string? this[string name] => _query.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public DateOnly? Date(string name) => this[name] is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new QueryException("2010", "Request has invalid or unsupported property", $"The value {text} of {name} is not a date (yyyy-MM-dd).");

    /// <summary>The spans of the columns: one, or a month each.</summary>
    public IReadOnlyList<(DateOnly From, DateOnly To)> Spans()
    {
        if (SummarizeBy.Equals("Total", StringComparison.OrdinalIgnoreCase))
            return [(Start, End)];
        if (!SummarizeBy.Equals("Month", StringComparison.OrdinalIgnoreCase))
            throw new QueryException("2010", "Request has invalid or unsupported property", "Only summarize_column_by=Total and Month are simulated.");
        var spans = new List<(DateOnly, DateOnly)>();
        for (var from = Start; from <= End; from = new DateOnly(from.Year, from.Month, 1).AddMonths(1))
        {
            var last = new DateOnly(from.Year, from.Month, 1).AddMonths(1).AddDays(-1);
            spans.Add((from, last < End ? last : End));
        }

        return spans;
    }

    private static (DateOnly, DateOnly) Macro(string? macro, DateOnly today, Company company) => (macro ?? "This Fiscal Year-to-date").ToUpperInvariant() switch
    {
        "TODAY" => (today, today),
        "THIS MONTH" => (new DateOnly(today.Year, today.Month, 1), new DateOnly(today.Year, today.Month, 1).AddMonths(1).AddDays(-1)),
        "THIS MONTH-TO-DATE" => (new DateOnly(today.Year, today.Month, 1), today),
        "THIS CALENDAR YEAR-TO-DATE" => (new DateOnly(today.Year, 1, 1), today),
        "ALL" => (company.Start, today),
        "THIS FISCAL YEAR-TO-DATE" => (company.YearStart(today), today),
        _ => throw new QueryException("2010", "Request has invalid or unsupported property", $"The date_macro {macro} is not simulated."),
    };
}
