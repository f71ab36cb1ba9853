using System.Globalization;
using CsvHelper;

namespace DataHealth.Core.Health.Export;

/// <summary>A grid as CSV (RFC 4180, UTF-8): days and times as ISO 8601, numbers with a point, formulas disarmed.</summary>
public static class GridCsv
{
    /// <summary>The media type.</summary>
    public const string ContentType = "text/csv; charset=utf-8";

    private static readonly CsvWriterOptions Options = new()
    {
        NewLine = "\r\n",
        FormatProvider = CultureInfo.InvariantCulture,
        Injection = CsvInjection.Escape,
        InjectionCharacters = SpreadsheetText.FormulaStarts,
        InjectionEscape = '\'',
    };

    /// <summary>Writes it, row by row.</summary>
    /// <param name="grid">What.</param>
    /// <param name="into">Stays open.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public static async Task WriteAsync(Grid grid, Stream into, CancellationToken cancellationToken)
    {
        var output = new Storage.AsyncWrites(into);
        await using (var csv = CsvWriter.Create(output, Options, leaveOpen: true))
        {
            foreach (var column in grid.Columns)
                csv.WriteField(column.Title);
            await csv.EndRecordAsync(cancellationToken);
            await foreach (var row in grid.Rows.WithCancellation(cancellationToken))
            {
                foreach (var value in row)
                    Write(csv, value);
                await csv.EndRecordAsync(cancellationToken);
            }

            await csv.FlushAsync(cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
    }

    private static void Write(CsvWriter csv, object? value)
    {
        switch (value)
        {
            case decimal number:
                csv.WriteField(number, default, CultureInfo.InvariantCulture);
                break;
            case int number:
                csv.WriteField(number, default, CultureInfo.InvariantCulture);
                break;
            case DateOnly day:
                csv.WriteField(day, "yyyy-MM-dd");
                break;
            case DateTimeOffset time:
                csv.WriteField(time.ToUniversalTime(), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
                break;
            default:
                csv.WriteField(value?.ToString());
                break;
        }
    }
}
