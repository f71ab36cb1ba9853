namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>An attribute of a report cell.</summary>
internal sealed class XeroAttribute
{
    public string? Id { get; set; }

    public string? Value { get; set; }
}

/// <summary>A report cell.</summary>
internal sealed class XeroCell
{
    public string? Value { get; set; }

    public List<XeroAttribute>? Attributes { get; set; }
}

/// <summary>A report row.</summary>
internal sealed class XeroRow
{
    public string? RowType { get; set; }

    public string? Title { get; set; }

    public List<XeroCell>? Cells { get; set; }

    public List<XeroRow>? Rows { get; set; }
}

/// <summary>A report.</summary>
internal sealed class XeroReport
{
    public List<XeroRow>? Rows { get; set; }
}
