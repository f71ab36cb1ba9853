using System.IO.Pipelines;
using DataHealth.Core.Storage;
using MiniExcelLibs;
using MiniExcelLibs.Attributes;
using MiniExcelLibs.OpenXml;

namespace DataHealth.Core.Health.Export;

/// <summary>
/// Grids as sheets of an XLSX workbook: numbers are numbers, days and times are dates, formulas are disarmed. Rows go out as they come. MiniExcel's asynchronous writer puts elements in an order that the
/// file format does not allow (1.46.0: the drawing within the sheet's data), so its synchronous one writes into a pipe on a thread of its own.
/// </summary>
public static class Workbook
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Writes them, a sheet each.</summary>
    /// <param name="grids">At least one; columns of one title look the same on all.</param>
    /// <param name="into">Stays open; written asynchronously only.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public static async Task WriteAsync(IReadOnlyList<Grid> grids, Stream into, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe();
        var writing = Task.Run(() => WriteAsync(grids, pipe.Writer, stop.Token), CancellationToken.None);
        try
        {
            await pipe.Reader.CopyToAsync(into, cancellationToken);
        }
        finally
        {
            // A reader that has gone must not leave the writer waiting for it.
            await stop.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    // What goes wrong here is told by the reader's side.
    private static async Task WriteAsync(IReadOnlyList<Grid> grids, PipeWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await using (var stream = new PipeStream(writer.AsStream(leaveOpen: true)))
            {
                var sheets = grids.ToDictionary(grid => grid.Name, object (grid) => Rows(grid, cancellationToken), StringComparer.Ordinal);
                MiniExcel.SaveAs(stream, sheets, printHeader: true, excelType: ExcelType.XLSX, configuration: Look(grids));
            }

            await writer.CompleteAsync();
        }
        catch (Exception failure)
        {
            await writer.CompleteAsync(failure);
        }
    }

    private static IEnumerable<IDictionary<string, object?>> Rows(Grid grid, CancellationToken cancellationToken)
    {
        var isEmpty = true;
        foreach (var row in grid.Rows.ToBlockingEnumerable(cancellationToken))
        {
            isEmpty = false;
            yield return Row(grid, row);
        }

        // The headings come from the first row.
        if (isEmpty)
            yield return Row(grid, [.. grid.Columns.Select(_ => (object?)null)]);
    }

    private static Dictionary<string, object?> Row(Grid grid, IReadOnlyList<object?> values)
    {
        var row = new Dictionary<string, object?>(grid.Columns.Count);
        for (var at = 0; at < grid.Columns.Count; at++)
            row[grid.Columns[at].Title] = Cell(values[at]);
        return row;
    }

    private static object? Cell(object? value) => value switch
    {
        null or decimal or int or DateOnly => value,
        bool flag => flag ? "yes" : "no",
        DateTimeOffset time => time.UtcDateTime,
        _ => SpreadsheetText.Cell(value.ToString() ?? ""),
    };

    private static OpenXmlConfiguration Look(IReadOnlyList<Grid> grids) => new()
    {
        TableStyles = TableStyles.None,
        FreezeRowCount = 1,
        Culture = System.Globalization.CultureInfo.InvariantCulture,
        EnableWriteNullValueCell = false,
        DynamicColumns =
        [
            .. grids.SelectMany(grid => grid.Columns).DistinctBy(column => column.Title).Select(column => new DynamicExcelColumn(column.Title)
            {
                Width = column.Width,
                Format = column.Kind switch
                {
                    GridKind.Money => "#,##0.00",
                    GridKind.Share => "0%",
                    GridKind.Date => "yyyy-mm-dd",
                    GridKind.Time => "yyyy-mm-dd hh:mm",
                    _ => null,
                },
            }),
        ],
    };

    /// <summary>Into a pipe.</summary>
    private sealed class PipeStream(Stream inner) : ForwardStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            Written += buffer.Length;
        }

        public override void Flush() => inner.Flush();
    }
}
