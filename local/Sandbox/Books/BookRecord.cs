using System.Text.Json;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>One record of the books, a snapshot.</summary>
public abstract record BookRecord
{
    public required Guid Id { get; init; }

    /// <summary>Its UpdatedDateUTC (for a bank transfer its CreatedDateUTC); kinds without one have the company's first day.</summary>
    public required DateTime UpdatedUtc { get; init; }

    /// <summary>The status in the provider's spelling; empty for kinds without one.</summary>
    public abstract string Status { get; }

    /// <summary>
    /// A field by its path in the provider's JSON (<c>Date</c>, <c>Contact.ContactID</c>, <c>Total</c>) for filters and orders: string, decimal, bool, Guid,
    /// DateTime (UTC) or null when the record has no such field. Names are matched without regard to case.
    /// </summary>
    public abstract object? Field(string path);

    /// <summary>Writes the record as one JSON object in the provider's shape.</summary>
    public abstract void WriteJson(Utf8JsonWriter writer, JsonSpelling spelling);
}

/// <summary>How the provider's JSON is spelled in one answer.</summary>
public sealed record JsonSpelling
{
    public static JsonSpelling Default { get; } = new();

    public DateSpelling Dates { get; init; }

    /// <summary>Slashes of dates as <c>\/</c> (true, as Xero does) or plain.</summary>
    public bool EscapeSlashes { get; init; } = true;

    /// <summary>Decimals of UnitAmount: 2, or 4 with unitdp=4.</summary>
    public int UnitDecimals { get; init; } = 2;

    /// <summary>False for unpaged lists of documents.</summary>
    public bool LineItems { get; init; } = true;

    /// <summary>summaryOnly=true: no lines, payments or HasAttachments; contacts without IsSupplier/IsCustomer.</summary>
    public bool Summary { get; init; }

    /// <summary>False for unpaged lists of contacts: fewer fields.</summary>
    public bool Full { get; init; } = true;
}

public enum DateSpelling
{
    /// <summary><c>/Date(1795465852123+0000)/</c></summary>
    WithOffset,

    /// <summary><c>/Date(1795465852123)/</c></summary>
    WithoutOffset,
}
