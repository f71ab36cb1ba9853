using System.Globalization;
using System.Text.Json.Nodes;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Pieces of Intuit's JSON.</summary>
internal static class Json
{
    public static JsonObject Ref(string value, string? name = null)
    {
        var reference = new JsonObject { ["value"] = value };
        if (name is not null)
            reference["name"] = name;
        return reference;
    }

    public static JsonObject Ref(string value, string? name, string type)
    {
        var reference = Ref(value, name);
        reference["type"] = type;
        return reference;
    }

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static JsonArray Links(IEnumerable<(string Id, string Type)> links) =>
        new([.. links.Where(link => link.Id.Length > 0).Select(link => (JsonNode)new JsonObject { ["TxnId"] = link.Id, ["TxnType"] = link.Type })]);

    public static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);

    public static JsonObject NamedValue(string name, string value) => new() { ["Name"] = name, ["Value"] = value };

    /// <summary>The head of every entity.</summary>
    public static JsonObject Entity(string id, int syncToken, DateTime created, DateTime updated) => new()
    {
        ["domain"] = "QBO",
        ["sparse"] = false,
        ["Id"] = id,
        ["SyncToken"] = syncToken.ToString(CultureInfo.InvariantCulture),
        ["MetaData"] = new JsonObject { ["CreateTime"] = PacificTime.Second(created), ["LastUpdatedTime"] = PacificTime.Second(updated) },
    };

    public static void Set(this JsonObject json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            json[name] = value;
    }
}
