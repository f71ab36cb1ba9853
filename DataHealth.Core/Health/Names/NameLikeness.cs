namespace DataHealth.Core.Health.Names;

/// <summary>How alike two names must be to mean the same contact.</summary>
public enum NameLevel
{
    /// <summary>The same words: case, accents, punctuation, legal form and word order aside.</summary>
    Strict,

    /// <summary>Also words run together, and one small slip in one word. Names of persons must have the same letters: siblings are two people.</summary>
    Close,

    /// <summary>Also two slips, and a name that holds all words of the other.</summary>
    Similar,

    /// <summary>Also names that only look alike.</summary>
    Rough,
}

/// <summary>A name made ready to be compared.</summary>
internal sealed class PreparedName
{
    public PreparedName(string name)
    {
        Words = [.. Clients.BusinessName.Meaning(name, out var hasForm)];
        Sorted = [.. Words.Order(StringComparer.Ordinal)];
        Key = string.Join(' ', Sorted);
        Compact = string.Concat(Words);
        Triples = [.. Enumerable.Range(0, Math.Max(0, Compact.Length - 2)).Select(at => ((long)Compact[at] << 32) | ((long)Compact[at + 1] << 16) | Compact[at + 2]).Order()];
        // Two or three words without a legal form may be a person's name: one letter more is somebody else there.
        MayBePerson = !hasForm && Words.Length is 2 or 3 && Words.All(word => word.All(char.IsLetter));
    }

    public string[] Words { get; }

    public string[] Sorted { get; }

    public string Key { get; }

    public string Compact { get; }

    /// <summary>Every three letters that follow each other in <see cref="Compact"/>, in order: names are compared by them millions of times.</summary>
    public long[] Triples { get; }

    public bool MayBePerson { get; }
}

/// <summary>Compares two names that a block brought together.</summary>
internal static class NameLikeness
{
    private const int LeastLetters = 5;
    private const double RoughDice = 0.6;

    public static bool AreAlike(PreparedName one, PreparedName other, NameLevel level) =>
        one.Key.Length > 0 && other.Key.Length > 0
        && (one.Key == other.Key
            || (level >= NameLevel.Close && (one.Compact == other.Compact || AreSlips(one, other, level)))
            || (level >= NameLevel.Similar && Holds(one, other, level == NameLevel.Rough ? 1 : 2))
            || (level == NameLevel.Rough && Dice(one, other) >= RoughDice));

    private static bool AreSlips(PreparedName one, PreparedName other, NameLevel level) =>
        Differing(one, other) is { } words && (IsSlip(one, other, words) || (level >= NameLevel.Similar && AreSlips(words)));

    // One word differs by one letter. In a person's name only by two letters that changed places or one that was doubled.
    private static bool IsSlip(PreparedName one, PreparedName other, List<(string Left, string Right)> words)
    {
        if (words is not [var (left, right)] || Math.Min(left.Length, right.Length) < LeastLetters || !left.AsSpan(0, 2).SequenceEqual(right.AsSpan(0, 2)) || Distance(left, right) != 1)
            return false;
        return one.MayBePerson || other.MayBePerson ? IsSwapOrDouble(left, right) : char.IsLetter(left[^1]) == char.IsLetter(right[^1]) && !left.Any(char.IsDigit) && !right.Any(char.IsDigit);
    }

    private static bool AreSlips(List<(string Left, string Right)> words) =>
        words.Count > 0 && words.TrueForAll(word => word.Left[0] == word.Right[0] && Distance(word.Left, word.Right) <= (Math.Min(word.Left.Length, word.Right.Length) >= 8 ? 2 : 1));

    // All words of the shorter one are in the longer one.
    private static bool Holds(PreparedName one, PreparedName other, int least)
    {
        var (few, many) = one.Words.Length <= other.Words.Length ? (one.Words, other.Words) : (other.Words, one.Words);
        return few.Length >= least && Array.TrueForAll(few, word => Array.IndexOf(many, word) >= 0) && Array.Exists(few, word => word.Length >= LeastLetters);
    }

    // The words without a partner, in order; null where the names have different numbers of them, or where more than two differ, which no rule forgives.
    private static List<(string Left, string Right)>? Differing(PreparedName one, PreparedName other)
    {
        if (one.Sorted.Length != other.Sorted.Length)
            return null;
        List<string> left = [], right = [];
        for (int i = 0, j = 0; i < one.Sorted.Length || j < other.Sorted.Length;)
        {
            var order = i == one.Sorted.Length ? 1 : j == other.Sorted.Length ? -1 : string.CompareOrdinal(one.Sorted[i], other.Sorted[j]);
            if (order < 0)
                left.Add(one.Sorted[i]);
            if (order > 0)
                right.Add(other.Sorted[j]);
            if (left.Count > 2 || right.Count > 2)
                return null;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return [.. left.Zip(right)];
    }

    private static bool IsSwapOrDouble(string left, string right)
    {
        if (left.Length == right.Length)
            return left.Order().SequenceEqual(right.Order());
        var (longer, shorter) = left.Length > right.Length ? (left, right) : (right, left);
        for (var at = 1; at < longer.Length; at++)
        {
            if (longer[at] == longer[at - 1] && longer.Remove(at, 1) == shorter)
                return true;
        }
        return false;
    }

    /// <summary>Letters to insert, leave out, replace or swap; more than 2 is 3.</summary>
    internal static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > 2)
            return 3;
        var (before, last, row) = (new int[right.Length + 1], new int[right.Length + 1], new int[right.Length + 1]);
        for (var j = 0; j <= right.Length; j++)
            last[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return Math.Min(last[right.Length], 3);
    }

    private static double Dice(PreparedName left, PreparedName right)
    {
        if (left.Compact.Length < 4 || right.Compact.Length < 4)
            return 0;
        var shared = 0;
        for (int i = 0, j = 0; i < left.Triples.Length && j < right.Triples.Length;)
        {
            var order = left.Triples[i].CompareTo(right.Triples[j]);
            shared += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return 2.0 * shared / (left.Triples.Length + right.Triples.Length);
    }
}
