using System.Text.Json.Serialization;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>One deletion. Histories and addresses carry this id and never the client's, so that they may outlive it.</summary>
/// <param name="Value">32 lower-case hexadecimal digits, sorting by time of making.</param>
public readonly record struct DeletionId(string Value)
{
    /// <summary>A new id that sorts by time of making.</summary>
    public static DeletionId New(TimeProvider time) => new(Identifier.New(time));

    /// <summary>When it was made: an id begins with the milliseconds of that.</summary>
    internal DateTimeOffset MadeAt => DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(Value[..12], 16));

    /// <summary>True when an id could be one. Anything else must not become a storage key.</summary>
    public bool IsWellFormed => Value is { Length: 32 } && Value.All(char.IsAsciiHexDigitLower);

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>What is deleted.</summary>
public enum DeletionKind
{
    /// <summary>The client with everything.</summary>
    Client,

    /// <summary>Its connection and all data; the client stays.</summary>
    Data,
}

/// <summary>What became of the connection at the provider.</summary>
public enum ProviderPart
{
    /// <summary>Not done yet.</summary>
    Pending,

    /// <summary>Nothing of this client is left there: removed, revoked, or never there; what other clients use was left to them.</summary>
    LetGo,

    /// <summary>The provider never confirmed it: it did not answer, or refused day after day, be it before the deletion. Our secrets are gone all the same. Its person can remove the app there.</summary>
    Unconfirmed,
}

/// <summary>
/// A deletion while it runs, and its certificate once it is done: what, how many, when, on whose word. Holds ids, counts and times; no name, nothing of the books.
/// It is also the tombstone: a backup from before that is restored is cleaned again by it (<see cref="Backup.RestoreBackup"/>).
/// </summary>
public sealed record ClientDeletion
{
    /// <summary>The deletion.</summary>
    public required DeletionId Id { get; init; }

    /// <summary>Whose client.</summary>
    public required PracticeId Practice { get; init; }

    /// <summary>Which client.</summary>
    public required ClientId Client { get; init; }

    /// <summary>What is deleted.</summary>
    public required DeletionKind Kind { get; init; }

    /// <summary>The member who asked for it.</summary>
    public required MemberId RequestedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When nothing was left; null while it runs.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>How many there were of what is let go with the connection, before anything was: a sweep may have let go of some by the time <see cref="Counts"/> are taken. Forgotten with these.</summary>
    public IReadOnlyDictionary<string, long>? CountedBefore { get; init; }

    /// <summary>How many items of what there were when nothing wrote any more, or before anything was let go if that was more, by <see cref="IClientTrace.Name"/>; null until they are counted.</summary>
    public IReadOnlyDictionary<string, long>? Counts { get; init; }

    /// <summary>What became of the connection at the provider.</summary>
    public ProviderPart Provider { get; init; }

    /// <summary>What the vault still holds, unreadable, because we may not purge it there.</summary>
    public IReadOnlyList<HeldSecret> Vault { get; init; } = [];

    /// <summary>How often the scan afterwards found something left, which was erased then.</summary>
    public int FoundAgain { get; init; }

    /// <summary>Where to look; forgotten when it is done.</summary>
    public ClientScope? Scope { get; init; }

    [JsonIgnore]
    internal Azure.ETag ETag { get; init; }
}

/// <summary>A removed secret that a vault keeps for its retention.</summary>
/// <param name="Name">The secret's name: a hash.</param>
/// <param name="Until">When the vault forgets it; null when it does not say.</param>
public sealed record HeldSecret(string Name, DateTimeOffset? Until);

/// <summary>How asking for a deletion ended.</summary>
public abstract record DeletionOutcome
{
    private DeletionOutcome()
    {
    }

    /// <summary>It is under way: begun now, or asked for before.</summary>
    public sealed record UnderWay(ClientDeletion Deletion) : DeletionOutcome;

    /// <summary>The typed name is not the client's.</summary>
    public sealed record NameDiffers : DeletionOutcome;

    /// <summary>The client's data is being deleted; the client itself can be once that is done.</summary>
    public sealed record Busy(ClientDeletion Other) : DeletionOutcome;

    /// <summary>No such client in this practice.</summary>
    public sealed record ClientUnknown : DeletionOutcome;
}

// Ids are structs of one value; enums are words.
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ClientDeletion))]
internal sealed partial class DeletionJson : JsonSerializerContext;
