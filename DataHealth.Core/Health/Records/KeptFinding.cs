namespace DataHealth.Core.Health.Records;

/// <summary>A finding over time.</summary>
/// <param name="Finding">As it was last found; of its evidence only the first record, the rest is stored apart.</param>
/// <param name="FirstSeen">The recalculation that found it first.</param>
/// <param name="LastSeen">The latest that found it.</param>
/// <param name="Sight">Whether the latest recalculation found it.</param>
public sealed record KeptFinding(Finding Finding, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, FindingSight Sight)
{
    /// <summary>What is no longer found is listed for so long.</summary>
    public static readonly TimeSpan GoneFor = TimeSpan.FromDays(90);

    /// <summary>What becomes of the findings of before by what is found now, by check and id.</summary>
    /// <param name="before">Those of the version before.</param>
    /// <param name="now">What came of each check now.</param>
    /// <param name="at">When.</param>
    internal static IReadOnlyList<KeptFinding> Merge(IEnumerable<KeptFinding> before, IReadOnlyDictionary<string, CheckOutcome> now, DateTimeOffset at)
    {
        var former = before.ToDictionary(kept => kept.Finding.Id, StringComparer.Ordinal);
        var merged = new List<KeptFinding>();
        foreach (var finding in now.Values.OfType<CheckOutcome.Checked>().SelectMany(ran => ran.Findings))
        {
            var first = former.Remove(finding.Id, out var known) ? known.FirstSeen : at;
            merged.Add(new KeptFinding(finding, first, at, FindingSight.Found));
        }
        // A check that could not judge has not put anything right: what it had found waits until it can tell.
        merged.AddRange(former.Values
            .Select(kept => now.GetValueOrDefault(kept.Finding.Check) is CheckOutcome.NotAvailable ? kept with { Sight = kept.Sight == FindingSight.Gone ? FindingSight.Gone : FindingSight.NotJudged } : kept with { Sight = FindingSight.Gone })
            .Where(kept => kept.Sight != FindingSight.Gone || at - kept.LastSeen < GoneFor));
        merged.Sort((one, other) => (one.Finding.Check, one.Finding.Id).CompareTo((other.Finding.Check, other.Finding.Id)));
        return merged;
    }
}

/// <summary>Whether the latest recalculation found it.</summary>
public enum FindingSight
{
    /// <summary>It did.</summary>
    Found,

    /// <summary>It did not: put right, or no longer what is looked at.</summary>
    Gone,

    /// <summary>Its check could not judge.</summary>
    NotJudged,
}
