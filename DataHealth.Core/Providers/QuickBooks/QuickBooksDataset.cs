namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>A dataset of QuickBooks: what only its client needs to know of it.</summary>
/// <param name="Name">Stable name.</param>
/// <param name="Title">For people.</param>
/// <param name="Source">The entity as queries spell it, or the report's name.</param>
internal sealed record QuickBooksDataset(string Name, string Title, string Source) : Dataset(Name, Title)
{
    /// <summary>Queries give only what is active unless both are asked for.</summary>
    public bool HasInactive { get; init; }

    /// <summary>It is a report over this many months up to the end of <see cref="MonthsBack"/>; 0 for entities.</summary>
    public int Months { get; init; }

    /// <summary>How many months before this one the report ends.</summary>
    public int MonthsBack { get; init; }

    /// <summary>Parameters of a report besides its dates, already encoded.</summary>
    public string Query { get; init; } = "";

    /// <summary>How a report that comes cut is taken apart.</summary>
    public ReportSplit Split { get; init; }

    /// <summary>There is one record of it in a company.</summary>
    public bool IsSingle { get; init; }

    /// <summary>It is a report.</summary>
    public bool IsReport => Months > 0;
}

/// <summary>Where a report may be cut into shorter ones that tell the same together.</summary>
internal enum ReportSplit
{
    /// <summary>Between any two days: a list.</summary>
    Days,

    /// <summary>Between months: its columns are months.</summary>
    Months,

    /// <summary>Nowhere: its figures are sums over the whole span.</summary>
    None,
}
