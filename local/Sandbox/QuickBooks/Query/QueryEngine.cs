using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Query;

/// <summary>What a query found: a page, or only the number of all.</summary>
internal sealed record QueryResult(IReadOnlyList<JsonObject> Page, int Total);

/// <summary>How an Id is compared and in what order a list comes that asks for none; no source settles either.</summary>
internal sealed record QuerySpelling(bool IdsAsText, bool DefaultById);

/// <summary>Carries queries out. What ids, moments and activity decide needs no record to be made.</summary>
internal static class QueryEngine
{
    private const string Updated = "MetaData.LastUpdatedTime";

    public static QueryResult Run(RealmBooks books, Statement statement, QuerySpelling spelling) => EntityNames.Empty.Contains(statement.Entity)
        ? new QueryResult([], 0)
        : books.Read(book => Run(books, book, statement, spelling));

    private static QueryResult Run(RealmBooks books, EntityBook book, Statement statement, QuerySpelling spelling)
    {
        var shelf = book.On(statement.Entity);
        var quick = statement.Where.Where(IsQuick).Select(condition => Quick(shelf, condition, spelling)).ToList();
        var slow = statement.Where.Where(condition => !IsQuick(condition)).ToList();
        var activeOnly = EntityNames.Lists.Contains(statement.Entity) && !statement.Where.Any(condition => Same(condition.Property, "Active"));
        var places = new List<int>();
        foreach (var place in Ordered(shelf, statement, spelling))
        {
            if (!shelf.IsGone(place) && (!activeOnly || shelf.IsActive(place)) && quick.All(holds => holds(place)))
                places.Add(place);
        }

        if (slow.Count > 0)
            places = places.FindAll(place => books.Render(book, statement.Entity, place) is { } json && slow.TrueForAll(condition => Conditions.Holds(json, condition)));
        if (statement.OrderBy.Count > 0 && !IsQuickOrder(statement.OrderBy))
            places = Sorted(books, book, statement, places);
        if (statement.IsCount)
            return new QueryResult([], places.Count);
        var page = places.Skip(statement.StartPosition - 1).Take(statement.MaxResults).Select(place => books.Render(book, statement.Entity, place)).OfType<JsonObject>().ToList();
        return new QueryResult(page, places.Count);
    }

    private static IEnumerable<int> Ordered(EntityShelf shelf, Statement statement, QuerySpelling spelling)
    {
        if (statement.OrderBy is [])
            return spelling.DefaultById ? Enumerable.Range(0, shelf.Places) : shelf.ByUpdatedDescending();
        var order = statement.OrderBy[0];
        if (Same(order.Property, Updated))
            return order.Descending ? shelf.ByUpdatedDescending() : shelf.ByUpdatedDescending().Reverse();
        var places = Enumerable.Range(0, shelf.Places);
        if (spelling.IdsAsText && Same(order.Property, "Id"))
            places = places.OrderBy(place => EntityBook.Text(shelf.IdAt(place)), StringComparer.Ordinal);
        return order.Descending && Same(order.Property, "Id") ? places.Reverse() : places;
    }

    private static List<int> Sorted(RealmBooks books, EntityBook book, Statement statement, List<int> places)
    {
        var keyed = places.Select(place => (place, keys: statement.OrderBy.Select(order => books.Render(book, statement.Entity, place) is { } json
            ? Conditions.Find(json, order.Property) : null).ToArray()));
        IOrderedEnumerable<(int Place, JsonNode?[] Keys)>? sorted = null;
        for (var i = 0; i < statement.OrderBy.Count; i++)
        {
            var (at, descending) = (i, statement.OrderBy[i].Descending);
            sorted = (sorted, descending) switch
            {
                (null, false) => keyed.OrderBy(pair => pair.keys[at], NodeOrder.Instance),
                (null, true) => keyed.OrderByDescending(pair => pair.keys[at], NodeOrder.Instance),
                ({ } before, false) => before.ThenBy(pair => pair.Keys[at], NodeOrder.Instance),
                ({ } before, true) => before.ThenByDescending(pair => pair.Keys[at], NodeOrder.Instance),
            };
        }

        return [.. sorted!.Select(pair => pair.Place)];
    }

    private static bool IsQuick(Condition condition) => Same(condition.Property, "Id") || Same(condition.Property, Updated) || Same(condition.Property, "Active");

    private static bool IsQuickOrder(IReadOnlyList<Order> orders) => orders.Count == 1 && (Same(orders[0].Property, "Id") || Same(orders[0].Property, Updated));

    private static Func<int, bool> Quick(EntityShelf shelf, Condition condition, QuerySpelling spelling)
    {
        if (Same(condition.Property, "Active"))
        {
            var wanted = condition.Values.Select(value => Same(value, "true")).ToHashSet();
            return place => wanted.Contains(shelf.IsActive(place));
        }

        if (Same(condition.Property, Updated))
        {
            var moments = condition.Values.Select(Moment).ToList();
            return place => Conditions.Meets(condition.Comparison, moments, moment => shelf.UpdatedAt(place).CompareTo(moment));
        }

        if (spelling.IdsAsText)
            return place => Conditions.Meets(condition.Comparison, condition.Values, value => string.CompareOrdinal(EntityBook.Text(shelf.IdAt(place)), value));
        var ids = condition.Values.Select(value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id : throw QueryException.Invalid($"Invalid value '{value}' for property Id")).ToList();
        return place => Conditions.Meets(condition.Comparison, ids, id => shelf.IdAt(place).CompareTo(id));
    }

    private static DateTime Moment(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
        ? moment.UtcDateTime
        : throw QueryException.Invalid($"Invalid date value '{text}' for property {Updated}");

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
