using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Data.Tables;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>
/// Rows and stored values as lines for people and their programs: fields spelt as the API spells them, an id as its text, what a row keeps as JSON as fields of the line, nothing that is
/// not set, and where the row lies at the end.
/// </summary>
internal static class RowJson
{
    private const string Body = "Body";

    // Lines whose value has keys that come from the books (ids, account codes, names): those stay as they are.
    private static readonly HashSet<string> OfData = ["memory"];

    // For people to read, and never part of a page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The hash of a link's code says nothing to its owner, and something to whoever tries codes.
    private static readonly HashSet<string> Withheld = ["Hash", "odata.etag", "Timestamp", "PartitionKey", "RowKey"];

    /// <summary>A row of a table.</summary>
    public static ReadOnlyMemory<byte> Write(TableEntity row) => Line(json =>
    {
        foreach (var (name, value) in row)
        {
            if (value is null || Withheld.Contains(name))
                continue;
            if (name == Body && value is string text && Parsed(text) is { } body)
            {
                using (body)
                    Fields(json, body.RootElement);
                continue;
            }
            json.WritePropertyName(Spelt(name));
            Write(json, value);
        }
        json.WriteString("storedAt", $"{row.PartitionKey}/{row.RowKey}");
    });

    /// <summary>A line that a store wrote in its own spelling.</summary>
    public static ReadOnlyMemory<byte> Write(ReadOnlyMemory<byte> stored)
    {
        using var parsed = JsonDocument.Parse(stored);
        var isOfData = parsed.RootElement.TryGetProperty("kind", out var kind) && kind.ValueKind is JsonValueKind.String && OfData.Contains(kind.GetString()!);
        return Line(json => Fields(json, parsed.RootElement, isOfData ? Spelling.OfEnvelope : Spelling.All));
    }

    private static ReadOnlyMemory<byte> Line(Action<Utf8JsonWriter> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void Fields(Utf8JsonWriter json, JsonElement value, Spelling spelling = Spelling.All)
    {
        foreach (var field in value.EnumerateObject())
        {
            if (field.Value.ValueKind is JsonValueKind.Null)
                continue;
            json.WritePropertyName(spelling is Spelling.None ? field.Name : Spelt(field.Name));
            Write(json, field.Value, spelling is Spelling.All ? Spelling.All : Spelling.None);
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement value, Spelling spelling = Spelling.All)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when IsId(value, out var id):
                json.WriteStringValue(id);
                break;
            case JsonValueKind.Object:
                json.WriteStartObject();
                Fields(json, value, spelling);
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(json, item, spelling);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text when Parsed(text) is { } parsed:
                using (parsed)
                    Write(json, parsed.RootElement);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time.ToUniversalTime());
                break;
            case byte[] binary:
                json.WriteBase64StringValue(binary);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }

    // Our strongly typed ids are structs of one value.
    private static bool IsId(JsonElement value, out string? id)
    {
        id = null;
        if (value.GetPropertyCount() != 1 || !value.TryGetProperty("Value", out var only) || only.ValueKind is not JsonValueKind.String)
            return false;
        id = only.GetString();
        return true;
    }

    // "ConnectedAt" as the API's "connectedAt"; what is a key of the data ("GBP", "bank-reconciliation") stays as it is.
    private static string Spelt(string name) => name is [>= 'A' and <= 'Z'] or [>= 'A' and <= 'Z', >= 'a' and <= 'z', ..] ? char.ToLowerInvariant(name[0]) + name[1..] : name;

    // Which names of a line are of our fields.
    private enum Spelling
    {
        All,
        OfEnvelope,
        None,
    }

    private static JsonDocument? Parsed(string text)
    {
        if (!text.StartsWith('{'))
            return null;
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
