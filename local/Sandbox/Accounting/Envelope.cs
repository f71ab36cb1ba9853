using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Wire;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Accounting;

/// <summary>The outer object of every answer: Id, Status, ProviderName, DateTimeUTC, pagination, and the list.</summary>
internal static class Envelope
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public sealed record Pagination(int Page, int PageSize, int ItemCount)
    {
        public int PageCount => (ItemCount + PageSize - 1) / PageSize;
    }

    public static Reply Of(DateTime now, string provider, string list, Switches switches, Pagination? pagination, Action<Utf8JsonWriter> writeItems)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("Id", Guid.NewGuid());
            writer.WriteString("Status", "OK");
            writer.WriteString("ProviderName", provider);
            writer.WritePropertyName("DateTimeUTC");
            var slash = switches.EscapeSlashes ? "\\/" : "/";
            var milliseconds = (now - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
            writer.WriteRawValue($"\"{slash}Date({milliseconds.ToString(CultureInfo.InvariantCulture)}){slash}\"", skipInputValidation: true);
            if (pagination is not null)
                Write(writer, pagination);
            writer.WriteStartArray(list);
            writeItems(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return new Reply(200, Reply.JsonType, buffer.WrittenMemory);
    }

    public static JsonSpelling Spelling(Switches switches, Guid recordId, JsonSpelling shape) => shape with
    {
        EscapeSlashes = switches.EscapeSlashes,
        Dates = switches.Dates switch
        {
            DateStyle.WithOffset => DateSpelling.WithOffset,
            DateStyle.WithoutOffset => DateSpelling.WithoutOffset,
            _ => recordId.GetHashCode() % 2 == 0 ? DateSpelling.WithOffset : DateSpelling.WithoutOffset,
        },
    };

    private static void Write(Utf8JsonWriter writer, Pagination pagination)
    {
        writer.WriteStartObject("pagination");
        writer.WriteNumber("page", pagination.Page);
        writer.WriteNumber("pageSize", pagination.PageSize);
        writer.WriteNumber("pageCount", pagination.PageCount);
        writer.WriteNumber("itemCount", pagination.ItemCount);
        writer.WriteEndObject();
    }
}
