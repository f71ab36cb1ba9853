using System.Text.Json.Serialization;

namespace DataHealth.Core.Practices.Deletion;

/// <summary>The deletion of a practice while it runs, and its certificate once it is done. Ids, counts and times; no name. Its clients have certificates of their own.</summary>
public sealed record PracticeDeletion
{
    /// <summary>Which practice.</summary>
    public required PracticeId Practice { get; init; }

    /// <summary>The member who asked for it.</summary>
    public required MemberId RequestedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When nothing was left; null while it runs.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>How many rows of what there were, by <see cref="PracticeTrace.Name"/>, counted before the first was erased; null until then.</summary>
    public IReadOnlyDictionary<string, long>? Counts { get; init; }

    /// <summary>Clients that are deleted with it: while it runs as many as there were when it was asked for, at its end as many as have a certificate.</summary>
    public int Clients { get; init; }

    /// <summary>How many of them are deleted; known where it is read by <see cref="ReadPracticeDeletion"/>.</summary>
    [JsonIgnore]
    public int ClientsDone { get; init; }

    [JsonIgnore]
    internal Azure.ETag ETag { get; init; }
}

/// <summary>How asking for it ended.</summary>
public abstract record PracticeDeletionOutcome
{
    private PracticeDeletionOutcome()
    {
    }

    /// <summary>It is under way: begun now, or asked for before.</summary>
    public sealed record UnderWay(PracticeDeletion Deletion) : PracticeDeletionOutcome;

    /// <summary>The typed name is not the practice's.</summary>
    public sealed record NameDiffers : PracticeDeletionOutcome;

    /// <summary>No such practice (any more), or one that is nobody's to delete.</summary>
    public sealed record Unknown : PracticeDeletionOutcome;
}

[JsonSerializable(typeof(PracticeDeletion))]
internal sealed partial class PracticeDeletionJson : JsonSerializerContext;
