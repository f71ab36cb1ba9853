using System.Globalization;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Accounting;

/// <summary>What one call asks of a list, read from its query and headers.</summary>
internal sealed record ListRequest(
    BooksQuery Query, bool Paged, int UnitDecimals, bool Summary, WhereClause? Where, bool Incremental)
{
    private const string SecondsFormat = "yyyy-MM-dd'T'HH:mm:ss";

    /// <exception cref="QueryParseException">where or order cannot be read.</exception>
    /// <exception cref="ArgumentException">Another parameter cannot be read.</exception>
    public static ListRequest Read(Endpoint endpoint, IReadOnlyDictionary<string, string> query, string? ifModifiedSince, Switches switches)
    {
        var paged = endpoint.Paged && (query.ContainsKey("page") || query.ContainsKey("pageSize"));
        var since = endpoint.Incremental && !string.IsNullOrWhiteSpace(ifModifiedSince) ? Moment(ifModifiedSince) : null;
        var where = query.TryGetValue("where", out var clause) && clause.Trim().Length > 0 ? WhereParser.Parse(endpoint, clause) : null;
        var (orderBy, descending) = Order(endpoint, query.GetValueOrDefault("order"));
        if (orderBy is null && endpoint.Name != "Invoices" && switches.DefaultOrder == DefaultOrder.Id)
            orderBy = "Id";
        var filters = Filters(endpoint, query, switches).ToList();
        if (where is not null)
            filters.Add(where.Matches);
        var books = new BooksQuery
        {
            ModifiedSince = since,
            Filter = filters.Count == 0 ? null : record => filters.TrueForAll(filter => filter(record)),
            OrderBy = orderBy,
            Descending = descending,
            IncludeArchived = Yes(query, "includeArchived") || since is not null && endpoint.Name == "Contacts" && switches.ArchivedContactsInModifiedSince,
            IncludeDeleted = Yes(query, "includeDeleted") || since is not null && endpoint.Name == "BankTransfers" && switches.DeletedTransfersInModifiedSince,
            Ids = Ids(query, endpoint.Name is "Invoices" or "Contacts" or "CreditNotes" ? "IDs" : null),
            Page = paged ? Page(query) : null,
            PageSize = PageSize(query.GetValueOrDefault("pageSize"), 100, 1000),
        };
        return new ListRequest(books, paged, query.GetValueOrDefault("unitdp") == "4" ? 4 : 2, Yes(query, "summaryOnly"), where, since is not null);
    }

    public static int PageSize(string? text, int usual, int most) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var size) ? Math.Clamp(size, 1, most) : usual;

    public static int Page(IReadOnlyDictionary<string, string> query)
    {
        if (!query.TryGetValue("page", out var text) || text.Length == 0)
            return 1;
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var page)
            ? Math.Max(1, page)
            : throw new ArgumentException($"'{text}' is not a valid page");
    }

    /// <summary>Accurate to the second; without a zone it is UTC, with one it is converted; the HTTP form is read as well.</summary>
    private static DateTime? Moment(string text)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment))
            throw new ArgumentException($"The If-Modified-Since header '{text}' is not a valid date, e.g. {SecondsFormat}");
        return new DateTime(moment.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
    }

    private static (string? By, bool Descending) Order(Endpoint endpoint, string? order)
    {
        if (string.IsNullOrWhiteSpace(order))
            return (null, false);
        var words = order.Split(',')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var field = words[0].Split('.')[0];
        if (words.Length > 2 || !endpoint.Fields.Contains(field))
            throw new QueryParseException($"No property or field '{field}' exists in type '{endpoint.Name.TrimEnd('s')}'");
        var direction = words.Length == 2 ? words[1].ToUpperInvariant() : "ASC";
        if (direction is not ("ASC" or "ASCENDING" or "DESC" or "DESCENDING"))
            throw new QueryParseException("Syntax error");
        return (words[0], direction.StartsWith("DESC", StringComparison.Ordinal));
    }

    private static IEnumerable<Func<BookRecord, bool>> Filters(Endpoint endpoint, IReadOnlyDictionary<string, string> query, Switches switches)
    {
        if (!switches.DeletedListed && endpoint.Name is "Invoices" or "CreditNotes" or "Accounts")
            yield return record => switches.DeletedListed || record.Status != "DELETED";
        if (endpoint.Name == "Invoices")
        {
            if (Texts(query, "Statuses") is { } statuses)
                yield return record => statuses.Contains(record.Status);
            if (Texts(query, "InvoiceNumbers") is { } numbers)
                yield return record => record.Field("InvoiceNumber") is string number && numbers.Contains(number);
            if (Ids(query, "ContactIDs") is { } contacts)
                yield return record => record.Field("Contact.ContactID") is Guid contact && contacts.Contains(contact);
            if (Yes(query, "createdByMyApp"))
                yield return _ => false;
        }

        if (endpoint.Name is "Invoices" or "Contacts" && query.TryGetValue("searchTerm", out var term) && term.Length > 0)
        {
            string[] fields = endpoint.Name == "Contacts" ? ["Name", "FirstName", "LastName", "ContactNumber", "EmailAddress"] : ["InvoiceNumber", "Reference", "Contact.Name"];
            yield return record => fields.Any(field => record.Field(field) is string text && text.Contains(term, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static bool Yes(IReadOnlyDictionary<string, string> query, string name) => query.TryGetValue(name, out var text) && text.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static HashSet<string>? Texts(IReadOnlyDictionary<string, string> query, string name) =>
        query.TryGetValue(name, out var text) && text.Length > 0 ? text.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase) : null;

    private static HashSet<Guid>? Ids(IReadOnlyDictionary<string, string> query, string? name)
    {
        if (name is null || !query.TryGetValue(name, out var text) || text.Length == 0)
            return null;
        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part =>
            Guid.TryParse(part, out var id) ? id : throw new ArgumentException($"'{part}' is not a valid identifier"))];
    }
}
