using System.Globalization;
using System.Text;

namespace DataHealth.Core.Clients;

/// <summary>
/// Names of businesses as people mean them: two names are alike when they differ only in case, accents, punctuation, word order, "and" for "&amp;", and the words that say the legal form. Of a name made of nothing else than these the first word counts.
/// </summary>
public static class BusinessName
{
    private const int LongestOrder = 120;

    private const string Article = "the";

    // Words of the legal form, of the countries in which the providers are sold. Of a name made of these alone the first is its word.
    private static readonly HashSet<string> LegalForms = new(StringComparer.Ordinal)
    {
        "ltd", "limited", "plc", "llp", "lp", "llc", "inc", "incorporated", "corp", "corporation", "co", "company", "pty", "cic", "cio", "pc", "pllc", "gmbh", "ag", "bv", "nv", "sa", "sarl", "srl", "oy",
        "ab", "as", "aps", "teoranta", "teo", "cyf", "cyfyngedig", Article,
    };

    private static readonly (string Plain, string Accented)[] Accents =
    [
        ("a", "àáâãäåāăą"), ("ae", "æ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"), ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŉ"),
        ("o", "òóôõöøōŏő"), ("oe", "œ"), ("r", "ŕŗř"), ("s", "śŝşšș"), ("ss", "ß"), ("t", "ţťŧț"), ("th", "þ"), ("u", "ùúûüũūŭůűų"), ("w", "ŵẁẃẅ"), ("y", "ýÿŷỳ"), ("z", "źżž"),
    ];

    /// <summary>The same text for names that are alike; empty for a name without a letter or digit.</summary>
    /// <param name="name">A name as people wrote it.</param>
    public static string Key(string name) => string.Join(' ', Meaning(name, out _).Order(StringComparer.Ordinal));

    /// <summary>The words that tell a name from others, as written. Of a name made of nothing else than words of legal forms ("AB Ltd", "The Limited") it is the first that is not an article.</summary>
    /// <param name="name">A name as people wrote it.</param>
    /// <param name="hasForm">It says a legal form: it is no person's.</param>
    internal static IReadOnlyList<string> Meaning(string name, out bool hasForm)
    {
        var words = Words(name);
        var meaning = words.Where(word => !LegalForms.Contains(word)).ToList();
        hasForm = meaning.Count < words.Count;
        if (meaning.Count == 0 && words.Count > 0)
            meaning.Add(words.Find(word => word != Article) ?? Article);
        return meaning;
    }

    /// <summary>True when both names mean the same business as far as their words tell.</summary>
    public static bool AreAlike(string left, string right) => Key(left) is { Length: > 0 } key && key == Key(right);

    /// <summary>A text that sorts as people sort names, fit for a table key: letters and digits of any script in lower case, single blanks; at most 120 characters.</summary>
    /// <param name="name">A name as people wrote it.</param>
    public static string Order(string name)
    {
        var order = string.Join(' ', Words(name));
        if (order.Length <= LongestOrder)
            return order;
        return order[..(char.IsHighSurrogate(order[LongestOrder - 1]) ? LongestOrder - 1 : LongestOrder)];
    }

    /// <summary>A tax number without blanks, punctuation and case; null when nothing is left.</summary>
    /// <param name="taxNumber">As people or the provider wrote it.</param>
    public static string? TaxKey(string? taxNumber)
    {
        var key = string.Concat((taxNumber ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return key.Length > 0 ? key : null;
    }

    // "R.E.M." and "REM" are one word, "Birch-Ash" are two.
    private static List<string> Words(string name)
    {
        List<string> words = [];
        var word = new StringBuilder();
        foreach (var rune in name.Replace("&", " and ", StringComparison.Ordinal).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
                word.Append(Plain(Rune.ToLowerInvariant(rune)));
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) && rune.Value is not ('.' or '\'' or '\u2019'))
                End();
        }
        End();
        return words;

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    // Unicode's own decomposition needs data that not every machine has, and a key must be the same on all of them.
    private static string Plain(Rune letter)
    {
        if (letter.IsAscii)
            return letter.ToString();
        if (letter.Value is >= 0xFF10 and <= 0xFF5A)
            return ((char)(letter.Value - 0xFEE0)).ToString().ToLowerInvariant();
        foreach (var (plain, accented) in Accents)
        {
            if (letter.IsBmp && accented.Contains((char)letter.Value, StringComparison.Ordinal))
                return plain;
        }
        return letter.ToString();
    }
}
