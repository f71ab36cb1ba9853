namespace DataHealth.Core.Providers.Xero;

/// <summary>A dataset of Xero: what only Xero's client needs to know of it.</summary>
/// <param name="Name">Stable name.</param>
/// <param name="Title">For people.</param>
/// <param name="Path">Under the API's root, e.g. <c>Invoices</c>.</param>
/// <param name="IdField">The record's id in its JSON.</param>
internal sealed record XeroDataset(string Name, string Title, string Path, string IdField) : Dataset(Name, Title)
{
    /// <summary>Which API.</summary>
    public XeroApi Api { get; init; } = XeroApi.Accounting;

    /// <summary>The property that holds the records; in the accounting API it is named after the endpoint.</summary>
    public string Collection { get; init; } = Path;

    /// <summary>Query parameters that every call of it carries, already encoded.</summary>
    public string Query { get; init; } = "";

    /// <summary>The status field that says DELETED.</summary>
    public string StatusField { get; init; } = "Status";

    /// <summary>How the answer is built and asked for.</summary>
    public XeroShape Shape { get; init; } = XeroShape.Envelope;

    /// <summary>For reports: which months.</summary>
    public XeroWindow Window { get; init; }
}

/// <summary>Xero's APIs by their path.</summary>
internal enum XeroApi
{
    Accounting,
    Assets,
}

/// <summary>Forms of an answer.</summary>
internal enum XeroShape
{
    /// <summary>An object with the records in a named array.</summary>
    Envelope,

    /// <summary>A bare array (asset types).</summary>
    Array,

    /// <summary>One object that is the record (asset settings).</summary>
    Single,

    /// <summary>Pages for each asset status, one status after another.</summary>
    AssetPages,
}

/// <summary>Months of a report.</summary>
internal enum XeroWindow
{
    /// <summary>Not a report.</summary>
    None,

    /// <summary>Twelve month-ends up to the current month's.</summary>
    TwelveMonths,

    /// <summary>The twelve month-ends before those.</summary>
    TwelveMonthsBefore,

    /// <summary>The end of the last complete month.</summary>
    LastMonthEnd,
}
