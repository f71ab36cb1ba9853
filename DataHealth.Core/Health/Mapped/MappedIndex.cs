using System.Text.Json.Serialization;

namespace DataHealth.Core.Health.Mapped;

/// <summary>What is kept of a client's books: one row names every body, and what no row names is nothing.</summary>
internal sealed record MappedIndex
{
    /// <summary>The build that wrote it (<see cref="MappedBooks.Build"/>): another one may map records otherwise, or write them otherwise, and reads the books anew.</summary>
    public required string Build { get; init; }

    /// <summary>The provider whose records they are.</summary>
    public required string Provider { get; init; }

    /// <summary>By name, in the order in which a pass reads them.</summary>
    public required IReadOnlyList<MappedDataset> Datasets { get; init; }
}

/// <summary>What is kept of one dataset: bodies of what it was when it was last read as a whole, and one body of what changed since.</summary>
internal sealed record MappedDataset
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The change of the dataset's feed up to which it is true.</summary>
    public required long Sequence { get; init; }

    /// <summary>Whose books they are, as the checkpoint said.</summary>
    public required string? Organisation { get; init; }

    /// <summary>Partitions of the dataset's rows, as the checkpoint said.</summary>
    public required int Buckets { get; init; }

    /// <summary>Records that counted at that change.</summary>
    public required int Held { get; init; }

    /// <summary>Records that the provider listed at that change.</summary>
    public required int Listed { get; init; }

    /// <summary>The bodies, in order.</summary>
    public required IReadOnlyList<string> Bodies { get; init; }

    /// <summary>The body of what changed since these were written; null: nothing.</summary>
    public string? Delta { get; init; }

    /// <summary>How many records that names.</summary>
    public int Changed { get; init; }
}

/// <summary>The index as it is stored.</summary>
[JsonSerializable(typeof(MappedIndex))]
internal sealed partial class MappedJson : JsonSerializerContext;
