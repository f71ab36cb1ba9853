using DataHealth.Core.Sync;

namespace DataHealth.Core.Operations;

/// <summary>Many runs to be replayed, one after another at a bounded pace. The list is settled when it begins.</summary>
public sealed record ReplayBatch
{
    /// <summary>At most so many runs in one batch; a filter that finds more takes the first ones.</summary>
    public const int MostRuns = 5_000;

    /// <summary>Its id: 32 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Which runs were looked for.</summary>
    public required OpenRunFilter Filter { get; init; }

    /// <summary>Where each replay begins.</summary>
    public ReplayFrom From { get; init; }

    /// <summary>Replays begun a minute.</summary>
    public int PerMinute { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who began it.</summary>
    public MemberId By { get; init; }

    /// <summary>Who began it, for people.</summary>
    public string ByName { get; init; } = "";

    /// <summary>The request that began it: the audit of each client's practice names it.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Runs in it.</summary>
    public int Total { get; init; }

    /// <summary>When the last of them was dealt with; null before.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>One run of a batch.</summary>
/// <param name="Client">Whose.</param>
/// <param name="Run">The run to be replayed.</param>
/// <param name="State">What became of it.</param>
/// <param name="NewRun">The run that replays it, or that stands in its place.</param>
public sealed record BatchedReplay(ClientId Client, RunId Run, BatchedState State, RunId? NewRun);

/// <summary>What became of a run of a batch.</summary>
public enum BatchedState
{
    /// <summary>Its turn has not come.</summary>
    Pending,

    /// <summary>Its replay was begun.</summary>
    Started,

    /// <summary>Another run of the client was in flight; this one was not replayed.</summary>
    InFlight,

    /// <summary>It was replayed before.</summary>
    AlreadyReplayed,

    /// <summary>A newer run has ended since: there is nothing to repeat.</summary>
    Outdated,

    /// <summary>Our tier's reads of the month at the provider are used up: the schedule syncs it when they are not.</summary>
    ReadsUsedUp,

    /// <summary>The client has no live connection any more.</summary>
    NotConnected,

    /// <summary>The run, or its client, is gone.</summary>
    Gone,
}

/// <summary>How far a batch is.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Counts">Its runs by what became of them.</param>
public sealed record ReplayProgress(ReplayBatch Batch, IReadOnlyDictionary<BatchedState, int> Counts);
