namespace DataHealth.Core.Providers.QuickBooks.Mapping;

/// <summary>A report: Intuit's columns and nested rows. Every figure is a text.</summary>
internal sealed class QboReport
{
    public QboReportColumns? Columns { get; set; }

    public QboReportRows? Rows { get; set; }
}

/// <summary>The columns.</summary>
internal sealed class QboReportColumns
{
    public List<QboReportColumn>? Column { get; set; }
}

/// <summary>A column.</summary>
internal sealed class QboReportColumn
{
    public string? ColTitle { get; set; }

    public string? ColType { get; set; }

    public List<QboNameValue>? MetaData { get; set; }
}

/// <summary>Rows.</summary>
internal sealed class QboReportRows
{
    public List<QboReportRow>? Row { get; set; }
}

/// <summary>A row, or a section with a header, rows and a summary.</summary>
internal sealed class QboReportRow
{
    [System.Text.Json.Serialization.JsonPropertyName("group")]
    public string? Group { get; set; }

    public QboReportCells? Header { get; set; }

    public QboReportRows? Rows { get; set; }

    public List<QboReportCell>? ColData { get; set; }
}

/// <summary>A section's header.</summary>
internal sealed class QboReportCells
{
    public List<QboReportCell>? ColData { get; set; }
}

/// <summary>A cell.</summary>
internal sealed class QboReportCell
{
    [System.Text.Json.Serialization.JsonPropertyName("value")]
    public string? Value { get; set; }

    [System.Text.Json.Serialization.JsonPropertyName("id")]
    public string? Id { get; set; }
}
