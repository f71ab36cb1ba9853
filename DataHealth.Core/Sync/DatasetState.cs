using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Sync;

/// <summary>What is known of one dataset of one client: the checkpoint of a pass under way, and what completed passes left. One row, changed only on its ETag.</summary>
internal sealed record DatasetState
{
    public required string Dataset { get; init; }

    /// <summary>The newest run that claimed it.</summary>
    public long RunFence { get; init; }

    /// <summary>Counts claims: a slice each.</summary>
    public long Epoch { get; init; }

    /// <summary>Partitions of its records; 0 until its first answer.</summary>
    public int Buckets { get; init; }

    /// <summary>The last committed row of its change feed.</summary>
    public long Sequence { get; init; }

    /// <summary>Rows of the change feed up to it are gone.</summary>
    public long FeedFloor { get; init; }

    public int Held { get; init; }

    public int Listed { get; init; }

    /// <summary>The provider's time up to which it is complete.</summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>The organisation whose books the last pass read; another one makes the next pass a full one that clears the former's records away.</summary>
    public string? Organisation { get; init; }

    /// <summary>When a pass was last completed, by our clock.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset? LastFullPass { get; init; }

    public DateTimeOffset? NextSlowPass { get; init; }

    public DateTimeOffset? NextCount { get; init; }

    /// <summary>The provider's count when last asked or told, and when.</summary>
    public int? ProviderCount { get; init; }

    /// <summary>How far the provider's count is off what a proven full pass brings: it counts by other rules.</summary>
    public int KnownDifference { get; init; }

    /// <summary>The last pass did not prove itself: the next sync reads all.</summary>
    public bool NeedsFull { get; init; }

    /// <summary>How often that may still happen before the next slow pass; books that never rest would else be read in full every day.</summary>
    public int ConfirmsLeft { get; init; } = 1;

    /// <summary>The time of the last pass of several pages, until an incremental pass has looked at what appeared in it.</summary>
    public PassWindow? Window { get; init; }

    /// <summary>Why it could not be read at all when last tried: an optional dataset without scope or right.</summary>
    public ProviderFault? Unavailable { get; init; }

    public Pass? Pass { get; init; }

    /// <summary>The run (and round) that last completed it.</summary>
    public string? DoneBy { get; init; }

    /// <summary>What the run did to it so far.</summary>
    public RunCounts Run { get; init; } = new();

    /// <summary>The last checkpoint, by our clock.</summary>
    public DateTimeOffset TouchedAt { get; init; }
}

/// <summary>A pass under way.</summary>
internal sealed record Pass
{
    public required string Id { get; init; }

    public required PassMode Mode { get; init; }

    /// <summary>The run that began it.</summary>
    public string BegunBy { get; init; } = "";

    public PassReason Reason { get; init; }

    /// <summary>The first pass over another organisation's books: what it does not bring is the former's, and goes.</summary>
    public bool IsOtherBooks { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>The page to ask for next; null when all are read.</summary>
    public int? NextPage { get; init; } = 1;

    /// <summary>How the reader goes on with it.</summary>
    public string? Cursor { get; init; }

    /// <summary>Records that are gone were not told of: the provider's count decides at the end.</summary>
    public bool HidesDeletions { get; init; }

    /// <summary>The provider's times of the first and the last answer.</summary>
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public int Pages { get; init; }

    public int Records { get; init; }

    /// <summary>Those of them that could not be read and were left out.</summary>
    public int LeftOut { get; init; }

    public int? ItemCount { get; init; }

    /// <summary>The provider's count moved while it was read.</summary>
    public bool HasMoved { get; init; }

    /// <summary>Nothing was held when it began: written without looking.</summary>
    public bool InsertOnly { get; init; }

    /// <summary>The sequence after which it began.</summary>
    public long Sequence { get; init; }

    /// <summary>Records that appeared during the pass before; see <see cref="PassWindow"/>.</summary>
    public int Appeared { get; init; }

    /// <summary>It reads changes once more that the pass before this one's read.</summary>
    public bool IsReread { get; init; }

    /// <summary>Records that entered the lists which the pass before read; see <see cref="PassWindow"/>.</summary>
    public int Entered { get; init; }

    /// <summary>The provider's count that called for it.</summary>
    public int? CountedBefore { get; init; }

    /// <summary>It was begun anew after it did not prove itself.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>How often it was begun anew because the provider lost its place.</summary>
    public int Restarts { get; init; }

    /// <summary>What was not seen is proven absent.</summary>
    public bool IsProven { get; init; }

    /// <summary>The next bucket to sweep, and what the sweep has counted.</summary>
    public int SweepBucket { get; init; }

    public int SweepListed { get; init; }

    public int SweepHeld { get; init; }
}

/// <summary>Why a pass is made.</summary>
internal enum PassReason
{
    Routine,
    Confirm,
    Drift,
}

/// <summary>What one run did to a dataset.</summary>
internal sealed record RunCounts
{
    public string RunId { get; init; } = "";

    public int New { get; init; }

    public int Changed { get; init; }

    public int Unchanged { get; init; }

    public int Deleted { get; init; }

    public int Skipped { get; init; }

    public int Calls { get; init; }

    public long Bytes { get; init; }

    public int Pages { get; init; }

    /// <summary>The most records that one of its passes brought, once read to its end. A pass that reads the same again brings nothing more.</summary>
    public int Records { get; init; }

    /// <summary>How the last of these passes read.</summary>
    public PassMode Mode { get; init; }

    public int? ProviderCount { get; init; }

    /// <summary>With the pass that is now behind, where that was read to its end.</summary>
    public RunCounts With(Pass? pass) => pass is { NextPage: null } read ? this with { Records = Math.Max(Records, read.Records), Mode = read.Mode } : this;
}
