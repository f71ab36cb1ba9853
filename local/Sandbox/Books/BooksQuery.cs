namespace DataHealth.Local.Sandbox.Books;

/// <summary>What a list is asked for. The default is the whole default list in the default order.</summary>
public sealed record BooksQuery
{
    /// <summary>Only records whose UpdatedUtc, cut to the second, is at or after this.</summary>
    public DateTime? ModifiedSince { get; init; }

    public Func<BookRecord, bool>? Filter { get; init; }

    /// <summary>A field's name; null is the default order (updated, then id). The id's field (or "Id") sorts as the database does, not as text.</summary>
    public string? OrderBy { get; init; }

    public bool Descending { get; init; }

    public bool IncludeArchived { get; init; }

    public bool IncludeDeleted { get; init; }

    /// <summary>Restricts the list to these ids; null does not.</summary>
    public IReadOnlyCollection<Guid>? Ids { get; init; }

    /// <summary>From 1; null gives the whole list.</summary>
    public int? Page { get; init; }

    public int PageSize { get; init; } = 100;
}

/// <summary>A page and the number of records in the whole list that it is a page of.</summary>
public sealed record BooksPage(int ItemCount, IReadOnlyList<BookRecord> Records);
