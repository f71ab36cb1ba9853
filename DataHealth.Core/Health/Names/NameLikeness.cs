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
        Words = Clients.BusinessName.Meaning(name, out var hasForm);
        Sorted = [.. Words.Order(StringComparer.Ordinal)];
        Key = string.Join(' ', Sorted);
        Compact = string.Concat(Words);
        // Two or three words without a legal form may be a person's name: one letter more is somebody else there.
        MayBePerson = !hasForm && Words.Count is 2 or 3 && Words.All(word => word.All(char.IsLetter));
    }

    public IReadOnlyList<string> Words { get; }

    public IReadOnlyList<string> Sorted { get; }

    public string Key { get; }

    public string Compact { get; }

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
            || (level >= NameLevel.Close && (one.Compact == other.Compact || IsSlip(one, other)))
            || (level >= NameLevel.Similar && (AreSlips(one, other, 2) || Holds(one, other, 2)))
            || (level >= NameLevel.Rough && (Holds(one, other, 1) || Dice(one.Compact, other.Compact) >= RoughDice)));

    // One word differs by one letter. In a person's name only by two letters that changed places or one that was doubled.
    private static bool IsSlip(PreparedName one, PreparedName other)
    {
        if (Differing(one, other) is not [var (left, right)] || Math.Min(left.Length, right.Length) < LeastLetters || left[..2] != right[..2] || Distance(left, right) != 1)
            return false;
        return one.MayBePerson || other.MayBePerson ? IsSwapOrDouble(left, right) : char.IsLetter(left[^1]) == char.IsLetter(right[^1]) && !left.Any(char.IsDigit) && !right.Any(char.IsDigit);
    }

    private static bool AreSlips(PreparedName one, PreparedName other, int atMost) =>
        Differing(one, other) is { Count: > 0 } words && words.Count <= atMost && words.TrueForAll(word => word.Left[0] == word.Right[0] && Distance(word.Left, word.Right) <= (Math.Min(word.Left.Length, word.Right.Length) >= 8 ? 2 : 1));

    // All words of the shorter one are in the longer one.
    private static bool Holds(PreparedName one, PreparedName other, int least)
    {
        var (few, many) = one.Words.Count <= other.Words.Count ? (one, other) : (other, one);
        return few.Words.Count >= least && few.Words.Any(word => word.Length >= LeastLetters) && few.Words.All(many.Words.Contains);
    }

    // The words without a partner, in order; null where the names have different numbers of them.
    private static List<(string Left, string Right)>? Differing(PreparedName one, PreparedName other)
    {
        if (one.Sorted.Count != other.Sorted.Count)
            return null;
        var right = other.Sorted.ToList();
        var left = one.Sorted.Where(word => !right.Remove(word)).ToList();
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

    private static double Dice(string left, string right)
    {
        if (left.Length < 4 || right.Length < 4)
            return 0;
        var grams = Grams(right).ToList();
        var total = left.Length + right.Length - 4;
        var shared = Grams(left).Count(grams.Remove);
        return 2.0 * shared / total;

        static IEnumerable<string> Grams(string text) => Enumerable.Range(0, text.Length - 2).Select(at => text.Substring(at, 3));
    }
}
