namespace DataHealth.Local.Sandbox.Books;

public sealed partial class CompanyBooks
{
    public BooksPage Query(string collection, BooksQuery query)
    {
        var shelf = On(collection);
        BookRecord?[] records;
        List<int> slots;
        var (from, total) = (0, 0);
        lock (_gate)
        {
            slots = Listed(shelf, query);
            if (query.Filter is { } filter)
                slots = slots.FindAll(slot => filter(Read(shelf, slot)));
            if (query.OrderBy is { } field && !IsNativeOrder(shelf, field))
                slots = [.. slots.OrderBy(slot => Read(shelf, slot).Field(field), FieldOrder.Instance)];
            if (query.Descending)
                slots.Reverse();
            var count = total = slots.Count;
            if (query.Page is { } page)
            {
                from = (int)Math.Min((long)(Math.Max(page, 1) - 1) * query.PageSize, total);
                count = Math.Min(query.PageSize, total - from);
            }

            records = new BookRecord[count];
            for (var i = 0; i < count; i++)
                records[i] = collection == BookCollections.Contacts ? Read(shelf, slots[from + i]) : shelf.Changed(slots[from + i]);
        }

        // What was never edited is made outside the lock, so that concurrent readers do not wait for one another.
        for (var i = 0; i < records.Length; i++)
            records[i] ??= shelf.Make(slots[from + i]);
        return new BooksPage(total, records!);
    }

    /// <summary>The slots that a list without filter holds, in the order asked for where that is one of the two that are kept.</summary>
    private static List<int> Listed(Shelf shelf, BooksQuery query)
    {
        var byId = query.OrderBy is { } field && IsIdField(shelf.Name, field);
        var since = query.ModifiedSince is { } moment && shelf.KeepsMoments ? moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerSecond)) : (DateTime?)null;
        var ids = query.Ids?.ToHashSet();
        var hides = (shelf.Name is BookCollections.BankTransfers) ? !query.IncludeDeleted : !query.IncludeArchived;
        var order = byId ? shelf.ById() : shelf.ByUpdated();
        var slots = new List<int>(order.Length);
        foreach (var slot in order)
        {
            if (shelf.IsGone(slot) || (hides && shelf.IsHidden(slot)) || (since is { } from && shelf.Moment(slot) < from))
                continue;
            if (ids is null || ids.Contains(shelf.IdAt(slot)))
                slots.Add(slot);
        }

        return slots;
    }

    private static bool IsNativeOrder(Shelf shelf, string field) =>
        IsIdField(shelf.Name, field) || (shelf.KeepsMoments && field.Equals(
            shelf.Name == BookCollections.BankTransfers ? "CreatedDateUTC" : "UpdatedDateUTC", StringComparison.OrdinalIgnoreCase));

    private static bool IsIdField(string collection, string field) => field.Equals("Id", StringComparison.OrdinalIgnoreCase) || field.Equals(
        collection switch
        {
            BookCollections.BatchPayments => "BatchPaymentID",
            BookCollections.TrackingCategories => "TrackingCategoryID",
            _ => collection[..^1] + "ID",
        }, StringComparison.OrdinalIgnoreCase);

    /// <summary>Absent values first, ids as the database does, texts without regard to case.</summary>
    private sealed class FieldOrder : IComparer<object?>
    {
        public static FieldOrder Instance { get; } = new();

        public int Compare(object? x, object? y) => (x, y) switch
        {
            (null, null) => 0,
            (null, _) => -1,
            (_, null) => 1,
            (Guid a, Guid b) => DatabaseOrder.Key(a).CompareTo(DatabaseOrder.Key(b)),
            (string a, string b) => StringComparer.OrdinalIgnoreCase.Compare(a, b),
            (IComparable a, _) when x.GetType() == y.GetType() => a.CompareTo(y),
            _ => 0,
        };
    }
}
