using System.Globalization;
using System.Text.Json;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>Numbers and dates as Xero spells them.</summary>
internal static class XeroWriter
{
    private static readonly string[] Formats = ["F0", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10"];

    public static void FixedValue(this Utf8JsonWriter writer, decimal value, int decimals)
    {
        Span<byte> text = stackalloc byte[48];
        value.TryFormat(text, out var length, Formats[decimals], CultureInfo.InvariantCulture);
        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }

    public static void Fixed(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, decimal value, int decimals = 2)
    {
        writer.WritePropertyName(name);
        writer.FixedValue(value, decimals);
    }

    public static void Day(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateOnly day, JsonSpelling spelling)
    {
        writer.WritePropertyName(name);
        writer.DayValue(day, spelling);
    }

    public static void DayText(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateOnly day)
    {
        writer.WritePropertyName(name);
        writer.DayTextValue(day);
    }

    public static void Instant(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTime instant, JsonSpelling spelling)
    {
        writer.WritePropertyName(name);
        writer.InstantValue(instant, spelling);
    }

    public static void DayValue(this Utf8JsonWriter writer, DateOnly day, JsonSpelling spelling) =>
        writer.Milliseconds((day.DayNumber - 719162L) * 86_400_000, spelling);

    public static void InstantValue(this Utf8JsonWriter writer, DateTime instant, JsonSpelling spelling) =>
        writer.Milliseconds((instant.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond, spelling);

    public static void DayTextValue(this Utf8JsonWriter writer, DateOnly day)
    {
        Span<byte> text = stackalloc byte[32];
        day.TryFormat(text, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        "T00:00:00"u8.CopyTo(text[10..]);
        writer.WriteStringValue(text[..19]);
    }

    /// <summary><c>2026-10-30T11:12:05Z</c></summary>
    public static void Second(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTime instant)
    {
        Span<byte> text = stackalloc byte[24];
        instant.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        writer.WriteString(name, text[..length]);
    }

    private static void Milliseconds(this Utf8JsonWriter writer, long milliseconds, JsonSpelling spelling)
    {
        Span<byte> text = stackalloc byte[48];
        var at = Put(text, 0, spelling.EscapeSlashes ? "\"\\/Date("u8 : "\"/Date("u8);
        milliseconds.TryFormat(text[at..], out var digits, default, CultureInfo.InvariantCulture);
        at = Put(text, at + digits, spelling.Dates == DateSpelling.WithOffset ? "+0000)"u8 : ")"u8);
        at = Put(text, at, spelling.EscapeSlashes ? "\\/\""u8 : "/\""u8);
        writer.WriteRawValue(text[..at], skipInputValidation: true);
    }

    private static int Put(Span<byte> text, int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(text[at..]);
        return at + part.Length;
    }
}
