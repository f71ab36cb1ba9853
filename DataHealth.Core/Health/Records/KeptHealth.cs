namespace DataHealth.Core.Health.Records;

/// <summary>A version as it is read: never changes, and may be kept in memory.</summary>
public sealed class KeptHealth
{
    private readonly Lazy<IReadOnlyDictionary<string, CheckOutcome>> _outcomes;
    private readonly Lazy<Dictionary<string, int>> _places;

    internal KeptHealth(HealthHead head, IReadOnlyList<KeptFinding> findings)
    {
        (Head, Findings) = (head, findings);
        _outcomes = new(() =>
        {
            var found = findings.Where(kept => kept.Sight == FindingSight.Found).Select(kept => kept.Finding).ToLookup(finding => finding.Check, StringComparer.Ordinal);
            return new SortedDictionary<string, CheckOutcome>(head.Outcomes.ToDictionary(outcome => outcome.Key, outcome => outcome.Value.With([.. found[outcome.Key]])), StringComparer.Ordinal);
        });
        _places = new(() => findings.Select((kept, place) => (kept.Finding.Id, place)).ToDictionary(pair => pair.Id, pair => pair.place, StringComparer.Ordinal));
    }

    /// <summary>Everything but findings.</summary>
    public HealthHead Head { get; }

    /// <summary>By check and id, those that are gone included.</summary>
    public IReadOnlyList<KeptFinding> Findings { get; }

    /// <summary>What came of each check, with what it found.</summary>
    public IReadOnlyDictionary<string, CheckOutcome> Outcomes => _outcomes.Value;

    /// <summary>One finding, or null.</summary>
    public KeptFinding? Find(string id) => _places.Value.TryGetValue(id, out var place) ? Findings[place] : null;

    /// <summary>In which body the evidence of a finding is.</summary>
    internal int ChunkOf(string id) => _places.Value[id] / HealthPublication.FindingsInChunk;
}
