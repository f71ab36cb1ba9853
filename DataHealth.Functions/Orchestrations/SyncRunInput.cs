using DataHealth.Core.Sync;

namespace DataHealth.Functions.Orchestrations;

/// <summary>What a sync orchestration knows: ids and outcomes, never records.</summary>
/// <param name="ClientId">Whose books.</param>
/// <param name="RunId">The run that it carries out.</param>
public sealed record SyncRunInput(string ClientId, string RunId)
{
    /// <summary>Where the round stands; null to plan one.</summary>
    public SyncRound? Round { get; init; }

    /// <summary>Slices and pauses so far, over all generations of the orchestration.</summary>
    public int Steps { get; init; }
}

/// <summary>One pass over the datasets of the plan, as it is carried from one generation of the orchestration to the next.</summary>
/// <param name="Open">Datasets still to be read, in order.</param>
/// <param name="SideBySide">How many at a time.</param>
/// <param name="Results">The last result of each dataset that was begun.</param>
/// <param name="Attempts">How often each of the open ones has failed in a row.</param>
public sealed record SyncRound(IReadOnlyList<string> Open, int SideBySide, IReadOnlyList<SliceResult> Results, IReadOnlyDictionary<string, int> Attempts)
{
    /// <summary>How long a dataset rests after its first failure.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(30);
}
