using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DataHealth.Core.Providers.Xero;

/// <summary>
/// Xero's dates in every spelling: <c>/Date(1795465852123+0000)/</c> with or without offset and with escaped or plain slashes, ISO with or without zone, a date alone.
/// Without a zone they are UTC. A calendar date carries midnight UTC: only its date part means anything.
/// </summary>
internal static class XeroDate
{
    /// <summary>The instant at the reader's string value.</summary>
    /// <returns>Null for null and for an empty text.</returns>
    /// <exception cref="JsonException">Neither a string nor null, or a spelling that Xero does not have.</exception>
    public static DateTimeOffset? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("A date is not a text.");
        Span<byte> text = stackalloc byte[64];
        var longest = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (longest > text.Length)
            throw new JsonException("A date is too long.");
        return Parse(text[..reader.CopyString(text)]);
    }

    /// <summary>The instant that an unescaped text says.</summary>
    /// <exception cref="JsonException">A spelling that Xero does not have.</exception>
    public static DateTimeOffset? Parse(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return null;
        if (text.StartsWith("/Date("u8) && text.EndsWith(")/"u8))
        {
            var inside = text[6..^2];
            if (Utf8Parser.TryParse(inside, out long milliseconds, out var used) && milliseconds is > -62_135_596_800_000 and < 253_402_300_800_000 && IsOffset(inside[used..]))
                return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }
        else if (DateTimeOffset.TryParse(
            Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return instant;
        }

        throw new JsonException("A date in a spelling that Xero does not document.");
    }

    // The milliseconds are UTC whatever the offset says (it is always +0000).
    private static bool IsOffset(ReadOnlySpan<byte> rest) =>
        rest.IsEmpty || (rest.Length == 5 && rest[0] is (byte)'+' or (byte)'-' && !rest[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
}
