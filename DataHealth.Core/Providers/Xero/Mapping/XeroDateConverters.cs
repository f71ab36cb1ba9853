using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>An instant (<c>UpdatedDateUTC</c>).</summary>
internal sealed class XeroInstant : JsonConverter<DateTimeOffset?>
{
    public override bool HandleNull => true;

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => XeroDate.Read(ref reader);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options) => throw new NotSupportedException();
}

/// <summary>A date of the organisation's calendar, which Xero writes as midnight UTC: only the date part is read, never a time zone.</summary>
internal sealed class XeroCalendarDate : JsonConverter<DateOnly?>
{
    public override bool HandleNull => true;

    public override DateOnly? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        XeroDate.Read(ref reader) is { } instant ? DateOnly.FromDateTime(instant.UtcDateTime) : null;

    public override void Write(Utf8JsonWriter writer, DateOnly? value, JsonSerializerOptions options) => throw new NotSupportedException();
}
