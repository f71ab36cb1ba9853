namespace DataHealth.Core.Health.Export;

/// <summary>A table to export, row by row: it is never in memory at once.</summary>
/// <param name="Name">Of the sheet and the file: letters, digits, spaces, at most 31 characters.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">A value a column: text, <see cref="decimal"/>, <see cref="int"/>, <see cref="bool"/>, <see cref="DateOnly"/>, <see cref="DateTimeOffset"/> (shown in UTC), <see cref="Uri"/>, or null.</param>
public sealed record Grid(string Name, IReadOnlyList<GridColumn> Columns, IAsyncEnumerable<IReadOnlyList<object?>> Rows);

/// <summary>A column.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Kind">How its values look in a workbook.</param>
/// <param name="Width">In characters.</param>
public sealed record GridColumn(string Title, GridKind Kind = GridKind.Text, int Width = 18);

/// <summary>How values of a column look.</summary>
public enum GridKind
{
    /// <summary>Text, whole numbers, yes or no.</summary>
    Text,

    /// <summary>Two decimals.</summary>
    Money,

    /// <summary>Per cent of a share between 0 and 1.</summary>
    Share,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A time, UTC.</summary>
    Time,
}
