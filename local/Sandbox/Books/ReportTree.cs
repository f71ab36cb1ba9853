using System.Globalization;
using System.Text.Json.Nodes;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>Rows of a report as Xero nests them.</summary>
internal static class ReportTree
{
    public static JsonObject Report(string id, string name, string type, IEnumerable<string> titles, DateOnly printed, IEnumerable<JsonNode> rows) => new()
    {
        ["ReportID"] = id,
        ["ReportName"] = name,
        ["ReportType"] = type,
        ["ReportTitles"] = new JsonArray([.. titles.Select(t => (JsonNode)t)]),
        ["ReportDate"] = Long(printed),
        ["Fields"] = new JsonArray(),
        ["Rows"] = new JsonArray([.. rows]),
    };

    public static JsonObject Header(params IEnumerable<string> cells) =>
        new() { ["RowType"] = "Header", ["Cells"] = new JsonArray([.. cells.Select(c => (JsonNode)new JsonObject { ["Value"] = c })]) };

    public static JsonObject Section(string title, IEnumerable<JsonNode> rows) =>
        new() { ["RowType"] = "Section", ["Title"] = title, ["Rows"] = new JsonArray([.. rows]) };

    public static JsonObject Row(IEnumerable<string> cells, Guid? account = null, string attribute = "account", string? firstAttribute = null) =>
        Line("Row", cells, account, attribute, firstAttribute);

    public static JsonObject Summary(params IEnumerable<string> cells) => Line("SummaryRow", cells, null, "", null);

    public static string Amount(decimal value) => value.ToString("F2", CultureInfo.InvariantCulture);

    public static string AmountOrEmpty(decimal value) => value == 0 ? "" : Amount(value);

    public static string Long(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Short(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static DateOnly? Date(IReadOnlyDictionary<string, string> parameters, string name)
    {
        if (Find(parameters, name) is not { Length: > 0 } text)
            return null;
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? DateOnly.FromDateTime(day)
            : throw new ArgumentException($"The value '{text}' for {name} is not a date.");
    }

    public static string? Find(IReadOnlyDictionary<string, string> parameters, string name) =>
        parameters.FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static JsonObject Line(string type, IEnumerable<string> cells, Guid? account, string attribute, string? firstAttribute)
    {
        var array = new JsonArray();
        foreach (var cell in cells)
        {
            var node = new JsonObject { ["Value"] = cell };
            if (account is { } id)
            {
                var name = array.Count == 0 && firstAttribute is not null ? firstAttribute : attribute;
                node["Attributes"] = new JsonArray(new JsonObject { ["Value"] = id.ToString(), ["Id"] = name });
            }

            array.Add(node);
        }

        return new JsonObject { ["RowType"] = type, ["Cells"] = array };
    }
}
