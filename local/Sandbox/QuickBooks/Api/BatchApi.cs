using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.Query;
using DataHealth.Local.Sandbox.QuickBooks.Wire;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Api;

/// <summary>POST /batch: up to thirty queries; a failing one has a Fault in its place. Writes are refused one by one.</summary>
internal static class BatchApi
{
    private const int Most = 30;

    /// <summary>How many reads a batch is, for the month's allowance.</summary>
    public static int Reads(string body)
    {
        try
        {
            return Items(body).Count;
        }
        catch (QueryException)
        {
            return 0;
        }
    }

    public static JsonArray Run(RealmBooks books, string body, QuickBooksSwitches switches)
    {
        var items = Items(body);
        if (items.Count > Most)
            throw new QueryException("1040", "Batch request is too large", $"The maximum number of items in a batch is {Most}");
        return new JsonArray([.. items.Select(item => (JsonNode)Answer(books, item, switches))]);
    }

    private static JsonObject Answer(RealmBooks books, JsonObject item, QuickBooksSwitches switches)
    {
        var answer = new JsonObject { ["bId"] = item["bId"]?.DeepClone() };
        try
        {
            if (item["Query"] is JsonValue query && query.TryGetValue<string>(out var text))
                answer["QueryResponse"] = QueryApi.Run(books, text, switches);
            else
                answer["Fault"] = FaultReplies.Fault("ValidationFault", "500", "Unsupported Operation", "Only queries can be simulated in a batch.");
        }
        catch (QueryException exception)
        {
            answer["Fault"] = FaultReplies.Fault("ValidationFault", exception.Code, exception.Title, exception.Message);
        }

        return answer;
    }

    private static List<JsonObject> Items(string body)
    {
        try
        {
            if (body.TrimStart().StartsWith('<'))
                return OfXml(body);
            return JsonNode.Parse(body)?["BatchItemRequest"] is JsonArray items ? [.. items.OfType<JsonObject>()] : throw Malformed();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or XmlException)
        {
            throw Malformed();
        }
    }

    /// <summary>Intuit's SDK for .NET asks in XML unless told otherwise.</summary>
    private static List<JsonObject> OfXml(string body) => [.. XDocument.Parse(body).Root!.Elements().Where(element => element.Name.LocalName == "BatchItemRequest").Select(item => new JsonObject
    {
        ["bId"] = item.Attribute("bId")?.Value,
        ["Query"] = item.Elements().FirstOrDefault(element => element.Name.LocalName == "Query")?.Value,
    })];

    private static QueryException Malformed() => new("2010", "Request has invalid or unsupported property", "BatchItemRequest is missing or cannot be read");
}
