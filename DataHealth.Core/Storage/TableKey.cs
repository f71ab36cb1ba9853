using System.Globalization;
using System.Text;

namespace DataHealth.Core.Storage;

/// <summary>Foreign text as part of a table key: reversible, in a fixed alphabet that sorts before <c>~</c>.</summary>
internal static class TableKey
{
    // Azure forbids / \ # ? and control characters, and keys over 1 KiB (UTF-16).
    private const int MaxLength = 480;

    public static string Escape(string text)
    {
        if (text.Length > 0 && text.All(IsPlain))
            return text.Length <= MaxLength ? text : throw TooLong();
        var key = new StringBuilder(text.Length + 8);
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            if (IsPlain((char)unit))
                key.Append((char)unit);
            else
                key.Append('!').Append(unit.ToString("X2", CultureInfo.InvariantCulture));
        }
        return key.Length is > 0 and <= MaxLength ? key.ToString() : throw TooLong();
    }

    public static string Unescape(string key)
    {
        if (!key.Contains('!', StringComparison.Ordinal))
            return key;
        var bytes = new List<byte>(key.Length);
        for (var i = 0; i < key.Length; i++)
        {
            if (key[i] == '!')
            {
                bytes.Add(byte.Parse(key.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Add((byte)key[i]);
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';

    private static ArgumentException TooLong() => new($"A table key is 1 to {MaxLength} characters.");
}
