namespace DataHealth.Local.Sandbox.QuickBooks.Query;

/// <summary>One parsed query.</summary>
internal sealed record Statement(bool IsCount, string Entity, IReadOnlyList<Condition> Where, IReadOnlyList<Order> OrderBy, int StartPosition, int MaxResults);

/// <summary>One comparison; all of a query's hold together.</summary>
internal sealed record Condition(string Property, Comparison Comparison, IReadOnlyList<string> Values);

internal sealed record Order(string Property, bool Descending);

internal enum Comparison { Equal, Less, LessOrEqual, Greater, GreaterOrEqual, In, Like }

/// <summary>A query that cannot be read (4000) or is not allowed (4001), as the answer says it.</summary>
internal sealed class QueryException(string code, string message, string detail) : Exception(detail)
{
    public string Code => code;

    public string Title => message;

    public static QueryException Parse(string detail) => new("4000", "Error parsing query", "QueryParserError: " + detail);

    public static QueryException NotInPlan(string entity) => new("5020", "Permission Denied Error", $"Permission Denied Error : {entity} is not part of this company's plan.");

    public static QueryException Invalid(string detail) => new("4001", "Invalid query", "QueryValidationError: " + detail);
}
