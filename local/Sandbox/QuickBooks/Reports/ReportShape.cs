using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Reports;

/// <summary>One cell: its text and the id of what it names.</summary>
internal readonly record struct Cell(string Value, string? Id = null)
{
    public static Cell Of(decimal amount) => new(amount.ToString("F2", CultureInfo.InvariantCulture));

    public static Cell OrEmpty(decimal amount) => amount == 0 ? new("") : Of(amount);

    public static Cell Of(DateOnly day) => new(Json.Day(day));
}

/// <summary>Columns and rows as Intuit nests them.</summary>
internal static class ReportShape
{
    public static JsonObject Report(ReportParameters asked, string currency, IEnumerable<JsonNode> columns, IReadOnlyCollection<JsonNode> rows, bool dated = true)
    {
        var header = new JsonObject { ["Time"] = PacificTime.Second(asked.Now), ["ReportName"] = asked.Name };
        if (dated)
        {
            header["ReportBasis"] = "Accrual";
            header["StartPeriod"] = Json.Day(asked.Start);
            header["EndPeriod"] = Json.Day(asked.End);
            header["SummarizeColumnsBy"] = asked.SummarizeBy;
        }

        header["Currency"] = currency;
        header["Option"] = new JsonArray(Json.NamedValue("AccountingStandard", "GAAP"), Json.NamedValue("NoReportData", rows.Count == 0 ? "true" : "false"));
        var all = columns.ToList();
        return new JsonObject
        {
            ["Header"] = header,
            ["Columns"] = new JsonObject { ["Column"] = new JsonArray([.. all]) },
            ["Rows"] = rows.Count == 0 ? new JsonObject() : new JsonObject { ["Row"] = Cut(rows, all.Count, asked.Cells) },
        };
    }

    public static JsonObject Column(string title, string type, string? key = null, (DateOnly From, DateOnly To)? span = null)
    {
        var column = new JsonObject { ["ColTitle"] = title, ["ColType"] = type };
        var data = new JsonArray();
        if (span is { } dates)
        {
            data.Add((JsonNode)Json.NamedValue("StartDate", Json.Day(dates.From)));
            data.Add((JsonNode)Json.NamedValue("EndDate", Json.Day(dates.To)));
        }

        if (key is not null)
            data.Add((JsonNode)Json.NamedValue("ColKey", key));
        if (data.Count > 0)
            column["MetaData"] = data;
        return column;
    }

    public static JsonObject Data(IEnumerable<Cell> cells) => new() { ["ColData"] = Cells(cells), ["type"] = "Data" };

    public static JsonObject Section(string? group, IEnumerable<Cell>? header, IReadOnlyCollection<JsonNode> rows, IEnumerable<Cell>? summary)
    {
        var section = new JsonObject();
        if (header is not null)
            section["Header"] = new JsonObject { ["ColData"] = Cells(header) };
        if (rows.Count > 0)
            section["Rows"] = new JsonObject { ["Row"] = new JsonArray([.. rows]) };
        if (summary is not null)
            section["Summary"] = new JsonObject { ["ColData"] = Cells(summary) };
        section["type"] = "Section";
        if (group is not null)
            section["group"] = group;
        return section;
    }

    private static JsonArray Cells(IEnumerable<Cell> cells) => new([.. cells.Select(cell =>
    {
        var json = new JsonObject { ["value"] = cell.Value };
        if (cell.Id is not null)
            json["id"] = cell.Id;
        return (JsonNode)json;
    })]);

    /// <summary>There is no paging: what is too much is left out, and a row in its place says so.</summary>
    private static JsonArray Cut(IReadOnlyCollection<JsonNode> rows, int columns, int most)
    {
        if ((long)rows.Count * columns <= most)
            return new JsonArray([.. rows]);
        var kept = rows.Take(Math.Max(0, most / columns)).ToList();
        kept.Add(Data([new Cell("Unable to display more data. Please reduce the date range."), .. Enumerable.Repeat(new Cell(""), columns - 1)]));
        return new JsonArray([.. kept]);
    }
}
