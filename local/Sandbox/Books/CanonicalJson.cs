using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>One spelling for all spellings of a record of the provider, so that a copy can be compared with the books field by field.</summary>
/// <remarks>
/// The form: no white space; properties in ordinal order of their names; properties that are null are left out; numbers as decimals without trailing zeros
/// or exponent; <c>/Date(ms)/</c> and <c>/Date(ms+0000)/</c> as <c>yyyy-MM-ddTHH:mm:ss.fffZ</c>; other strings as they are, escaped as
/// <see cref="Utf8JsonWriter"/> does by default; arrays keep their order. Self-contained: it needs nothing but System.Text.Json.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>The canonical text of one JSON object, without the top-level properties in <paramref name="without"/>.</summary>
    public static string Of(ReadOnlyMemory<byte> json, IReadOnlySet<string>? without = null)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement, without);
    }

    public static string Of(string json, IReadOnlySet<string>? without = null) => Of(Encoding.UTF8.GetBytes(json), without);

    public static string Of(JsonElement element, IReadOnlySet<string>? without = null)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, element, without);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element, IReadOnlySet<string>? without)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    if (property.Value.ValueKind is JsonValueKind.Null || without?.Contains(property.Name) == true)
                        continue;
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, null);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(writer, item, null);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(element.GetDecimal()), skipInputValidation: true);
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Text(element.GetString()!));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>A decimal without trailing zeros.</summary>
    public static string Number(decimal value) => value == 0 ? "0" : value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string Text(string value)
    {
        if (!value.StartsWith("/Date(", StringComparison.Ordinal) || !value.EndsWith(")/", StringComparison.Ordinal))
            return value;
        var inner = value.AsSpan(6, value.Length - 8);
        var sign = inner.Length > 1 ? inner[1..].IndexOfAny('+', '-') : -1;
        var digits = sign < 0 ? inner : inner[..(sign + 1)];
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTime.UnixEpoch.AddMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : value;
    }
}
