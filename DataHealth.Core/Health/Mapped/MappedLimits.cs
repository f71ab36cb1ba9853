namespace DataHealth.Core.Health.Mapped;

/// <summary>How much of a client's books is in memory, in a row or in a request at once, and from where on rows are read in place of what changed.</summary>
internal sealed record MappedLimits
{
    /// <summary>So many changed records of a dataset are kept beside its bodies; more are written into the bodies, and where more came at once the dataset is read whole.</summary>
    public int MostChanged { get; init; } = 2000;

    /// <summary>So many records and lines of a dataset's changed records are held while a pass is at work; of more the dataset is read whole.</summary>
    public int MostLines { get; init; } = 20_000;

    /// <summary>A dataset of no more records is read whole where anything of it changed: one request, where the feed, what is kept of it and the records would be three at least.</summary>
    public int FewRecords { get; init; } = 100;

    /// <summary>A dataset is read whole where that takes no more requests than to look its changed records up, and no more than so many records for each of these.</summary>
    public int RecordsPerLook { get; init; } = 8;

    /// <summary>Stored records in one body.</summary>
    public int RecordsInBody { get; init; } = 2000;

    /// <summary>Bytes of a body before it is compressed, to a fifth or less.</summary>
    public int BytesInBody { get; init; } = 1_000_000;

    /// <summary>Bytes in one transaction: in Azurite's base64 a third more, within its 4 MiB.</summary>
    public int BytesInBatch { get; init; } = 2_000_000;
}
