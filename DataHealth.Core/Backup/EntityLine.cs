using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;

namespace DataHealth.Core.Backup;

/// <summary>
/// A table's row as one line of JSON, with its exact types: <c>{"p":partition,"r":row,"v":{name:value}}</c>. Texts, flags and 32-bit numbers are JSON's own; of the others a letter says what they are:
/// <c>l</c> 64-bit number, <c>d</c> double, <c>t</c> time in ticks UTC, <c>g</c> GUID, <c>b</c> bytes. ETag and time stamp are the storage's, and not kept.
/// </summary>
internal static class EntityLine
{
    private static readonly HashSet<string> OfStorage = ["PartitionKey", "RowKey", "Timestamp", "odata.etag"];

    /// <summary>Writes the row and a line end.</summary>
    /// <exception cref="NotSupportedException">A value has a type that tables do not have.</exception>
    public static void Write(IBufferWriter<byte> into, TableEntity row)
    {
        using (var json = new Utf8JsonWriter(into))
        {
            json.WriteStartObject();
            json.WriteString("p", row.PartitionKey);
            json.WriteString("r", row.RowKey);
            json.WriteStartObject("v");
            foreach (var (name, value) in row)
            {
                if (value is null || OfStorage.Contains(name))
                    continue;
                json.WritePropertyName(name);
                WriteValue(json, value);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        into.Write("\n"u8);
    }

    /// <summary>Reads a line back.</summary>
    /// <exception cref="InvalidDataException">It is not such a line.</exception>
    public static TableEntity Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var row = new TableEntity(json.RootElement.GetProperty("p").GetString(), json.RootElement.GetProperty("r").GetString());
            foreach (var property in json.RootElement.GetProperty("v").EnumerateObject())
                row[property.Name] = ReadValue(property.Value);
            return row;
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("A line of the backup cannot be read.", broken);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                return;
            case bool flag:
                json.WriteBooleanValue(flag);
                return;
            case int number:
                json.WriteNumberValue(number);
                return;
        }
        json.WriteStartObject();
        switch (value)
        {
            case long number:
                json.WriteString("l", number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                json.WriteString("d", number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                json.WriteString("t", time.UtcTicks.ToString(CultureInfo.InvariantCulture));
                break;
            case DateTime time:
                json.WriteString("t", time.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture));
                break;
            case Guid id:
                json.WriteString("g", id);
                break;
            case byte[] bytes:
                json.WriteBase64String("b", bytes);
                break;
            case BinaryData bytes:
                json.WriteBase64String("b", bytes.ToMemory().Span);
                break;
            default:
                throw new NotSupportedException($"A table has no values of type {value.GetType().Name}.");
        }
        json.WriteEndObject();
    }

    private static object ReadValue(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString()!;
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            case JsonValueKind.Number:
                return value.GetInt32();
        }
        var typed = value.EnumerateObject().Single();
        return typed.Name switch
        {
            "l" => long.Parse(typed.Value.GetString()!, CultureInfo.InvariantCulture),
            "d" => double.Parse(typed.Value.GetString()!, CultureInfo.InvariantCulture),
            "t" => new DateTimeOffset(long.Parse(typed.Value.GetString()!, CultureInfo.InvariantCulture), TimeSpan.Zero),
            "g" => typed.Value.GetGuid(),
            "b" => typed.Value.GetBytesFromBase64(),
            _ => throw new FormatException($"Unknown type '{typed.Name}'."),
        };
    }
}
