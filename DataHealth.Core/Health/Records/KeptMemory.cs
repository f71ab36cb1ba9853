using System.Text;
using System.Text.Json;

namespace DataHealth.Core.Health.Records;

/// <summary>
/// What checks remember, as it is stored: an object whose properties are their own JSON, as it is. As texts within JSON it would be escaped, for which the serializer takes six times its length, and
/// one check alone remembers every record of the closed past.
/// </summary>
internal static class KeptMemory
{
    /// <summary>Writes it.</summary>
    /// <param name="memory">JSON by check key.</param>
    public static byte[] Write(IReadOnlyDictionary<string, string> memory)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var (check, text) in memory)
            {
                json.WritePropertyName(check);
                json.WriteRawValue(Encoding.UTF8.GetBytes(text), skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>Reads it.</summary>
    public static Dictionary<string, string> Read(ReadOnlySpan<byte> stored)
    {
        var memory = new Dictionary<string, string>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(stored);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var check = json.GetString()!;
            json.Read();
            var begin = (int)json.TokenStartIndex;
            json.Skip();
            // As a text it was stored until 28 November 2026; a backup may still hold it so.
            memory[check] = json.TokenType == JsonTokenType.String ? json.GetString()! : Encoding.UTF8.GetString(stored[begin..(int)json.BytesConsumed]);
        }
        return memory;
    }
}
