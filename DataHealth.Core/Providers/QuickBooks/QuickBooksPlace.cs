using System.Globalization;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>
/// The place that a pass over an entity has reached. QuickBooks pages by row numbers over live data: a deletion moves the rows behind it forward, and the next page would skip as many. So
/// each page begins with the last row of the page before, and a reader that does not find it there steps back until it does.
/// </summary>
/// <param name="Start">The row number at which <paramref name="LastId"/> stood.</param>
/// <param name="LastId">The last id that was read; null at the beginning.</param>
/// <param name="Order">How the ids have been seen to be sorted.</param>
internal sealed record QuickBooksPlace(int Start, string? LastId, IdOrder Order)
{
    /// <summary>Before the first row.</summary>
    public static QuickBooksPlace Beginning { get; } = new(1, null, IdOrder.Numeric | IdOrder.Ordinal);

    /// <summary>Reads a page's cursor back.</summary>
    /// <exception cref="FormatException">It is none of ours.</exception>
    public static QuickBooksPlace Parse(string cursor) =>
        cursor.Split(':', 3) is [var start, var order, { Length: > 0 } id] && int.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var row) && row > 0
            && int.TryParse(order, NumberStyles.None, CultureInfo.InvariantCulture, out var flags)
            ? new(row, id, (IdOrder)flags) : throw new FormatException("A cursor of another making.");

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}:{(int)Order}:{LastId}");

    /// <summary>Of a page that was asked for from <paramref name="start"/>, the records behind this place.</summary>
    /// <returns>The index of the first of them; null when the page begins behind the place, so that rows may lie between.</returns>
    public int? Behind(IReadOnlyList<SourceRecord> page, int start)
    {
        if (LastId is null || start == 1)
            return Index(page) + 1;
        var found = Index(page);
        if (found >= 0)
            return found + 1;
        // The record itself is gone; sorted ids still tell which rows come after it.
        if (page.Count == 0 || Compare(page[0].Id, LastId) is not < 0)
            return null;
        for (var first = 1; first < page.Count; first++)
        {
            switch (Compare(page[first].Id, LastId))
            {
                case null:
                    return null;
                case > 0:
                    return first;
            }
        }

        return page.Count;
    }

    /// <summary>The place behind a page.</summary>
    public QuickBooksPlace After(IReadOnlyList<SourceRecord> page, int start) => page.Count == 0 ? this : new(start + page.Count - 1, page[^1].Id, Order & OrderOf(page));

    private int Index(IReadOnlyList<SourceRecord> page)
    {
        for (var at = 0; at < page.Count; at++)
        {
            if (page[at].Id == LastId)
                return at;
        }

        return -1;
    }

    // Null: pages have not shown yet by which of the two orders it goes, and here they differ.
    private int? Compare(string left, string right)
    {
        var (asNumbers, asTexts) = (Math.Sign(Number(left).CompareTo(Number(right))), Math.Sign(string.CompareOrdinal(left, right)));
        return Order switch
        {
            IdOrder.Numeric => asNumbers,
            IdOrder.Ordinal => asTexts,
            IdOrder.Numeric | IdOrder.Ordinal when asNumbers == asTexts => asNumbers,
            _ => null,
        };
    }

    // Whether "10" comes before "9" is not documented: the page itself shows it.
    private static IdOrder OrderOf(IReadOnlyList<SourceRecord> page)
    {
        var order = IdOrder.Numeric | IdOrder.Ordinal;
        for (var at = 0; at < page.Count && order != IdOrder.Unknown; at++)
        {
            if (Number(page[at].Id) < 0 || (at > 0 && Number(page[at - 1].Id) >= Number(page[at].Id)))
                order &= ~IdOrder.Numeric;
            if (at > 0 && string.CompareOrdinal(page[at - 1].Id, page[at].Id) >= 0)
                order &= ~IdOrder.Ordinal;
        }

        return order;
    }

    private static long Number(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

/// <summary>How ids are sorted, as far as pages have shown it.</summary>
[Flags]
internal enum IdOrder
{
    /// <summary>In none of the ways that we can follow.</summary>
    Unknown = 0,

    /// <summary>As numbers.</summary>
    Numeric = 1,

    /// <summary>As texts.</summary>
    Ordinal = 2,
}
