using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;

namespace DataHealth.Core.Health.Findings;

/// <summary>Lists findings: filtered, sorted and paged here, also fifty thousand of them (decision 0802).</summary>
public sealed class ListFindings(HealthStore store)
{
    /// <summary>A page.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="health">What stands.</param>
    /// <param name="query">Which.</param>
    /// <param name="take">At least 1.</param>
    /// <param name="continuation">From the page before, of the same order; null for the first.</param>
    /// <param name="cancellationToken">Cancels the read of evidence.</param>
    public async Task<FindingPage> ExecuteAsync(ClientId client, JudgedHealth health, FindingQuery query, int take, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var matching = Matching(health, query).Select(one => (one.Kept, one.State, Key: query.KeyOf(one.Kept))).ToList();
        var rest = continuation is not null && SortKey.TryRead(continuation, out var last) ? matching.Where(one => query.Compare(one.Key, last) > 0).ToList() : matching;
        rest.Sort((one, other) => query.Compare(one.Key, other.Key));
        var page = rest.Take(take).ToList();
        var evidence = await EvidenceAsync(client, health, [.. page.Select(one => one.Kept)], cancellationToken);
        return new FindingPage(
            [.. page.Select(one => ListedFinding.Of(health, one.Kept, one.State, evidence.GetValueOrDefault(one.Kept.Finding.Id)))], matching.Count, rest.Count > take ? page[^1].Key.Write() : null);
    }

    /// <summary>One finding, or null.</summary>
    public async Task<ListedFinding?> FindAsync(ClientId client, JudgedHealth health, string id, CancellationToken cancellationToken) =>
        health.Health.Find(id) is { } kept
            ? ListedFinding.Of(health, kept, health.StateOf(kept), (await EvidenceAsync(client, health, [kept], cancellationToken)).GetValueOrDefault(id)) : null;

    internal static IEnumerable<(KeptFinding Kept, FindingState State)> Matching(JudgedHealth health, FindingQuery query) =>
        health.Standing().Where(one => query.Matches(health, one.Kept, one.State));

    // The first record is with the finding; only where there are more, they are read.
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<Evidence>>> EvidenceAsync(ClientId client, JudgedHealth health, IReadOnlyList<KeptFinding> findings, CancellationToken cancellationToken) =>
        await store.EvidenceAsync(client, health.Health, [.. findings.Where(kept => kept.Finding.EvidenceCount > 1).Select(kept => kept.Finding.Id)], cancellationToken);
}

/// <summary>A page of findings.</summary>
/// <param name="Findings">In the order asked for.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Continuation">Pass it to read on; null at the end.</param>
public sealed record FindingPage(IReadOnlyList<ListedFinding> Findings, int Total, string? Continuation);
