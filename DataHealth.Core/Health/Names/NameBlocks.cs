namespace DataHealth.Core.Health.Names;

/// <summary>
/// Brings names together that could be alike, so that not every name is compared with every other. A name stands in a block for its words, for its letters run together, for each of its words left
/// out but for two letters (one slip is in one word, and not at its beginning), and at the looser levels for each word that is not common. In a block that is large for its kind only neighbours in
/// order are compared: the number of comparisons grows with the number of names.
/// </summary>
internal sealed class NameBlocks(NameLevel level)
{
    private const int LargeBlock = 24;
    private const int Neighbours = 8;
    private readonly List<(string Id, PreparedName Name)> _names = [];

    /// <summary>How many pairs were compared.</summary>
    public long Comparisons { get; private set; }

    public void Add(string id, string name)
    {
        var prepared = new PreparedName(name);
        if (prepared.Key.Length > 0)
            _names.Add((id, prepared));
    }

    /// <summary>The pairs that are alike, each once, the lower id first.</summary>
    public IReadOnlyCollection<(string One, string Other)> Pairs()
    {
        var blocks = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        _names.Sort(Compare);
        for (var at = 0; at < _names.Count; at++)
        {
            foreach (var key in Keys(_names[at].Name).Distinct(StringComparer.Ordinal))
            {
                if (!blocks.TryGetValue(key, out var block))
                    blocks[key] = block = [];
                block.Add(at);
            }
        }
        var pairs = new HashSet<(string, string)>();
        // A pair as one long would hash to its two places' exclusive or, and neighbours all to the same few numbers.
        var seen = new HashSet<(int, int)>();
        foreach (var block in blocks.Values.Where(block => block.Count > 1))
        {
            var reach = block.Count > LargeBlock ? Neighbours : block.Count;
            for (var i = 0; i < block.Count; i++)
            {
                for (var j = i + 1; j < block.Count && j - i <= reach; j++)
                {
                    if (!seen.Add((block[i], block[j])))
                        continue;
                    Comparisons++;
                    var (one, other) = (_names[block[i]], _names[block[j]]);
                    if (NameLikeness.AreAlike(one.Name, other.Name, level))
                        pairs.Add(string.CompareOrdinal(one.Id, other.Id) < 0 ? (one.Id, other.Id) : (other.Id, one.Id));
                }
            }
        }
        return pairs;
    }

    private static int Compare((string Id, PreparedName Name) one, (string Id, PreparedName Name) other) =>
        string.CompareOrdinal(one.Name.Key, other.Name.Key) is var order && order != 0 ? order : string.CompareOrdinal(one.Id, other.Id);

    private IEnumerable<string> Keys(PreparedName name)
    {
        yield return "=" + name.Key;
        if (level == NameLevel.Strict)
            yield break;
        yield return "~" + name.Compact;
        for (var left = 0; left < name.Sorted.Length; left++)
        {
            var word = name.Sorted[left];
            var others = string.Join(' ', name.Sorted.Where((_, at) => at != left));
            yield return $"-{others}|{word[..Math.Min(2, word.Length)]}";
            if (level >= NameLevel.Similar && word.Length >= 5)
                yield return "+" + word;
            if (level == NameLevel.Rough && word.Length >= 4)
                yield return "?" + word[..4];
        }
    }
}
