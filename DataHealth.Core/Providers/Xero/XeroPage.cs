using System.Text.Json;

namespace DataHealth.Core.Providers.Xero;

/// <summary>
/// What a page holds, found by one pass over its bytes. Records are slices of the page, byte for byte. Anything that is not what Xero documents throws: a page that cannot be
/// read whole has no rows. One record whose id is plain and whose other fields are not is told as unreadable, so that it can be named and left out.
/// </summary>
internal sealed class XeroPage
{
    /// <summary>The records, in Xero's order.</summary>
    public List<SourceRecord> Records { get; } = [];

    /// <summary>The service's own time; null where the answer has none.</summary>
    public DateTimeOffset? ServiceTime { get; private set; }

    /// <summary>How many pages the query has, if it says so.</summary>
    public int? PageCount { get; private set; }

    /// <summary>How many records the query has, if it says so.</summary>
    public int? ItemCount { get; private set; }

    /// <summary>Reads a page.</summary>
    /// <param name="json">The whole body.</param>
    /// <param name="dataset">What was asked for.</param>
    /// <param name="fixedId">The id of the one record whose id is not in its JSON (a report's window); else null.</param>
    /// <exception cref="JsonException">Cut short, not JSON, wrong types, no collection, a record without an id.</exception>
    public static XeroPage Read(ReadOnlyMemory<byte> json, XeroDataset dataset, string? fixedId)
    {
        if (json.Span.StartsWith("\uFEFF"u8))
            json = json[3..];
        var page = new XeroPage();
        var reader = new Utf8JsonReader(json.Span);
        Next(ref reader);
        switch (dataset.Shape)
        {
            case XeroShape.Array:
                page.ReadRecords(ref reader, json, dataset, fixedId);
                break;
            case XeroShape.Single:
                page.ReadRecord(ref reader, json, dataset, fixedId);
                break;
            default:
                page.ReadEnvelope(ref reader, json, dataset, fixedId);
                break;
        }

        if (reader.Read())
            throw new JsonException("More than one JSON value.");
        return page;
    }

    private void ReadEnvelope(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, XeroDataset dataset, string? fixedId)
    {
        Expect(reader, JsonTokenType.StartObject, "The answer is not an object.");
        var found = false;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(dataset.Collection))
            {
                Next(ref reader);
                Records.Clear();
                ReadRecords(ref reader, json, dataset, fixedId);
                found = true;
            }
            else if (reader.ValueTextEquals("pagination"u8))
            {
                Next(ref reader);
                ReadPagination(ref reader);
            }
            else if (reader.ValueTextEquals("DateTimeUTC"u8))
            {
                Next(ref reader);
                ServiceTime = XeroDate.Read(ref reader);
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        if (!found)
            throw new JsonException($"No {dataset.Collection} in the answer.");
    }

    private void ReadPagination(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;
        Expect(reader, JsonTokenType.StartObject, "pagination is not an object.");
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("pageCount"u8))
                PageCount = Count(ref reader);
            else if (reader.ValueTextEquals("itemCount"u8))
                ItemCount = Count(ref reader);
            else
                SkipValue(ref reader);
        }
    }

    private static int? Count(ref Utf8JsonReader reader)
    {
        Next(ref reader);
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count) && count >= 0 ? count : throw new JsonException("A count is not a number.");
    }

    private void ReadRecords(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, XeroDataset dataset, string? fixedId)
    {
        Expect(reader, JsonTokenType.StartArray, $"{dataset.Collection} is not a list.");
        for (Next(ref reader); reader.TokenType != JsonTokenType.EndArray; Next(ref reader))
            ReadRecord(ref reader, json, dataset, fixedId);
    }

    private void ReadRecord(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, XeroDataset dataset, string? fixedId)
    {
        Expect(reader, JsonTokenType.StartObject, "A record is not an object.");
        var start = (int)reader.TokenStartIndex;
        var id = fixedId;
        DateTimeOffset? updated = null;
        DateTimeOffset? updatedTwin = null;
        var deleted = false;
        string? wrong = null;
        while (NextProperty(ref reader))
        {
            if (fixedId is null && reader.ValueTextEquals(dataset.IdField))
            {
                Next(ref reader);
                Expect(reader, JsonTokenType.String, "A record's id is not a text.");
                id = reader.GetString();
            }
            else if (reader.ValueTextEquals("UpdatedDateUTC"u8))
            {
                updated = Date(ref reader, ref wrong);
            }
            else if (reader.ValueTextEquals("UpdatedDateUTCString"u8))
            {
                updatedTwin = Date(ref reader, ref wrong);
            }
            else if (dataset.StatusField.Length > 0 && reader.ValueTextEquals(dataset.StatusField))
            {
                Next(ref reader);
                if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                    wrong ??= "A status is not a text.";
                reader.Skip();
                deleted = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("DELETED"u8);
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        if (string.IsNullOrEmpty(id))
            throw new JsonException("A record has no id.");

        // The twin is only accurate to the second, so it stands in only where the other is missing.
        Records.Add(new(Limits.TableKey.Of(id), updated ?? updatedTwin, deleted, json[start..(int)reader.BytesConsumed]) { Unreadable = wrong });
    }

    private static DateTimeOffset? Date(ref Utf8JsonReader reader, ref string? wrong)
    {
        Next(ref reader);
        try
        {
            return XeroDate.Read(ref reader);
        }
        catch (JsonException problem)
        {
            wrong ??= problem.Message;
            reader.Skip();
            return null;
        }
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
