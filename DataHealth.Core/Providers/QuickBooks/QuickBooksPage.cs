using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>
/// What an answer holds, found by one pass over its bytes. Records are slices of the answer, byte for byte. Anything that is not what Intuit documents throws: an answer that cannot be
/// read whole has no rows. One record whose id is plain and whose other fields are not is told as unreadable, so that it can be named and left out.
/// </summary>
internal sealed class QuickBooksPage
{
    private readonly Dictionary<string, List<SourceRecord>> _entities = new(StringComparer.Ordinal);

    /// <summary>The service's own time; null where the answer has none.</summary>
    public DateTimeOffset? ServiceTime { get; private set; }

    /// <summary>How many records the query has, if it says so.</summary>
    public int? TotalCount { get; private set; }

    /// <summary>A fault that came with a 200.</summary>
    public QuickBooksFault? Fault { get; private set; }

    /// <summary>Records of all entities.</summary>
    public int Count => _entities.Values.Sum(records => records.Count);

    /// <summary>The records of an entity, in Intuit's order; an entity without any is left out of the answer.</summary>
    public IReadOnlyList<SourceRecord> Of(string entity) => _entities.TryGetValue(entity, out var records) ? records : [];

    /// <summary>The entities that the answer holds records of.</summary>
    public IEnumerable<string> Entities => _entities.Keys;

    /// <summary>Reads the answer to a query or to a question for changes.</summary>
    /// <exception cref="JsonException">Cut short, not JSON, wrong types, neither of the two, a record without an id.</exception>
    public static QuickBooksPage Read(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith("\uFEFF"u8))
            json = json[3..];
        var page = new QuickBooksPage();
        var reader = new Utf8JsonReader(json.Span);
        Next(ref reader);
        Expect(reader, JsonTokenType.StartObject, "The answer is not an object.");
        var found = false;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("QueryResponse"u8))
                found |= page.ReadResponse(ref reader, json);
            else if (reader.ValueTextEquals("CDCResponse"u8))
                found |= page.ReadChanges(ref reader, json);
            else if (reader.ValueTextEquals("time"u8))
                page.ServiceTime = Time(ref reader);
            else if (reader.ValueTextEquals("Fault"u8) || reader.ValueTextEquals("fault"u8))
                page.ReadFault(ref reader, json);
            else
                SkipValue(ref reader);
        }

        if (reader.Read())
            throw new JsonException("More than one JSON value.");
        if (!found && page.Fault is null)
            throw new JsonException("No QueryResponse in the answer.");
        return page;
    }

    /// <summary>An instant in any of Intuit's spellings: ISO with offset or Z, or milliseconds since 1970 (the gateway).</summary>
    /// <exception cref="JsonException">None of these.</exception>
    internal static DateTimeOffset? Time(ref Utf8JsonReader reader)
    {
        Next(ref reader);
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number when reader.TryGetInt64(out var milliseconds) && milliseconds is > 0 and < 253_402_300_800_000:
                return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            case JsonTokenType.String when reader.GetString() is var text:
                if (string.IsNullOrEmpty(text))
                    return null;
                if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
                    return instant;
                break;
        }

        throw new JsonException("A time in a spelling that Intuit does not document.");
    }

    private bool ReadChanges(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        Next(ref reader);
        Expect(reader, JsonTokenType.StartArray, "CDCResponse is not a list.");
        var found = false;
        for (Next(ref reader); reader.TokenType != JsonTokenType.EndArray; Next(ref reader))
        {
            Expect(reader, JsonTokenType.StartObject, "A CDCResponse is not an object.");
            while (NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("QueryResponse"u8))
                    found |= ReadResponse(ref reader, json);
                else if (reader.ValueTextEquals("Fault"u8) || reader.ValueTextEquals("fault"u8))
                    ReadFault(ref reader, json);
                else
                    SkipValue(ref reader);
            }
        }

        return found;
    }

    // One object for a query, a list of objects for changes.
    private bool ReadResponse(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        Next(ref reader);
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (Next(ref reader); reader.TokenType != JsonTokenType.EndArray; Next(ref reader))
                ReadEntities(ref reader, json);
        }
        else
        {
            ReadEntities(ref reader, json);
        }

        return true;
    }

    private void ReadEntities(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        Expect(reader, JsonTokenType.StartObject, "A QueryResponse is not an object.");
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("totalCount"u8))
            {
                Next(ref reader);
                TotalCount = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count) && count >= 0 ? count : throw new JsonException("A count is not a number.");
            }
            else if (reader.ValueTextEquals("Fault"u8) || reader.ValueTextEquals("fault"u8))
            {
                ReadFault(ref reader, json);
            }
            else
            {
                var entity = reader.GetString()!;
                Next(ref reader);
                if (reader.TokenType == JsonTokenType.StartArray)
                    ReadRecords(ref reader, json, entity);
                else
                    reader.Skip();
            }
        }
    }

    private void ReadRecords(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, string entity)
    {
        if (!_entities.TryGetValue(entity, out var records))
            _entities[entity] = records = [];
        for (Next(ref reader); reader.TokenType != JsonTokenType.EndArray; Next(ref reader))
            records.Add(ReadRecord(ref reader, json));
    }

    private static SourceRecord ReadRecord(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        Expect(reader, JsonTokenType.StartObject, "A record is not an object.");
        var start = (int)reader.TokenStartIndex;
        string? id = null;
        DateTimeOffset? updated = null;
        var isGone = false;
        string? wrong = null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("Id"u8))
            {
                Next(ref reader);
                Expect(reader, JsonTokenType.String, "A record's id is not a text.");
                id = reader.GetString();
            }
            else if (reader.ValueTextEquals("MetaData"u8))
            {
                updated = ReadUpdated(ref reader, ref wrong);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                Next(ref reader);
                isGone = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("Deleted"u8);
                reader.Skip();
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        if (string.IsNullOrEmpty(id))
            throw new JsonException("A record has no id.");
        var key = Limits.TableKey.Of(id);
        return isGone ? SourceRecord.Gone(key, updated) : new(key, updated, false, json[start..(int)reader.BytesConsumed]) { Unreadable = wrong };
    }

    private static DateTimeOffset? ReadUpdated(ref Utf8JsonReader reader, ref string? wrong)
    {
        Next(ref reader);
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            wrong ??= "MetaData is not an object.";
            reader.Skip();
            return null;
        }
        DateTimeOffset? updated = null;
        while (NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("LastUpdatedTime"u8))
            {
                SkipValue(ref reader);
                continue;
            }
            try
            {
                updated = Time(ref reader);
            }
            catch (JsonException problem) when (reader.TokenType != JsonTokenType.PropertyName)
            {
                wrong ??= problem.Message;
                reader.Skip();
            }
        }

        return updated;
    }

    private void ReadFault(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        Next(ref reader);
        if (reader.TokenType == JsonTokenType.Null)
            return;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        using var fault = JsonDocument.Parse(Encoding.UTF8.GetBytes($"{{\"Fault\":{Encoding.UTF8.GetString(json.Span[start..(int)reader.BytesConsumed])}}}"));
        Fault ??= QuickBooksFault.Find(fault.RootElement);
    }

    private static void Expect(in Utf8JsonReader reader, JsonTokenType expected, string otherwise)
    {
        if (reader.TokenType != expected)
            throw new JsonException(otherwise);
    }

    private static bool NextProperty(ref Utf8JsonReader reader)
    {
        Next(ref reader);
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    private static void Next(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
            throw new JsonException("The answer is cut short.");
    }

    private static void SkipValue(ref Utf8JsonReader reader)
    {
        Next(ref reader);
        reader.Skip();
    }
}
