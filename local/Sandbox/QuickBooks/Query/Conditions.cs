using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DataHealth.Local.Sandbox.QuickBooks.Query;

/// <summary>Compares properties of a rendered entity with a query's values.</summary>
internal static class Conditions
{
    public static bool Holds(JsonObject json, Condition condition) =>
        FindAll(json, condition.Property.Split('.')).Any(node => Holds(node, condition));

    /// <summary>The first value at a path; a reference stands for its value.</summary>
    public static JsonNode? Find(JsonObject json, string property) => FindAll(json, property.Split('.')).FirstOrDefault();

    public static bool Meets<T>(Comparison comparison, IReadOnlyList<T> values, Func<T, int> compare) => comparison switch
    {
        Comparison.Equal or Comparison.In or Comparison.Like => values.Any(value => compare(value) == 0),
        Comparison.Less => compare(values[0]) < 0,
        Comparison.LessOrEqual => compare(values[0]) <= 0,
        Comparison.Greater => compare(values[0]) > 0,
        _ => compare(values[0]) >= 0,
    };

    private static IEnumerable<JsonNode> FindAll(JsonNode? node, ReadOnlyMemory<string> path)
    {
        if (node is JsonArray list)
            return list.SelectMany(item => FindAll(item, path));
        if (path.Length == 0)
            return node is JsonObject { } reference ? reference["value"] is { } value ? [value] : [] : node is null ? [] : [node];
        return node is JsonObject json
            ? FindAll(json.FirstOrDefault(pair => pair.Key.Equals(path.Span[0], StringComparison.OrdinalIgnoreCase)).Value, path[1..])
            : [];
    }

    private static bool Holds(JsonNode node, Condition condition)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.Number:
                var number = NodeOrder.Number(node);
                var numbers = condition.Values.Select(value => decimal.TryParse(value, CultureInfo.InvariantCulture, out var parsed)
                    ? parsed : throw QueryException.Invalid($"Invalid value '{value}' for property {condition.Property}")).ToList();
                return Meets(condition.Comparison, numbers, value => number.CompareTo(value));
            case JsonValueKind.True or JsonValueKind.False:
                var flag = node.GetValueKind() == JsonValueKind.True ? "true" : "false";
                return condition.Values.Any(value => value.Equals(flag, StringComparison.OrdinalIgnoreCase));
            default:
                var text = node.GetValue<string>();
                if (condition.Comparison == Comparison.Like)
                    return Like(text, condition.Values[0]);
                if (IsTime(condition.Property) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
                {
                    var moments = condition.Values.Select(value => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                        ? at : throw QueryException.Invalid($"Invalid date value '{value}' for property {condition.Property}")).ToList();
                    return Meets(condition.Comparison, moments, at => moment.CompareTo(at));
                }

                return Meets(condition.Comparison, condition.Values, value => string.Compare(text, value, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static bool IsTime(string property) => property.EndsWith("Time", StringComparison.OrdinalIgnoreCase);

    private static bool Like(string text, string pattern) => Regex.IsMatch(
        text, "^" + Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal) + "$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}

/// <summary>Absent values first, numbers by size, all else as text without regard to case.</summary>
internal sealed class NodeOrder : IComparer<JsonNode?>
{
    public static NodeOrder Instance { get; } = new();

    public int Compare(JsonNode? x, JsonNode? y) => (x, y) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        _ when x.GetValueKind() == JsonValueKind.Number && y.GetValueKind() == JsonValueKind.Number => Number(x).CompareTo(Number(y)),
        _ => string.Compare(x.ToString(), y.ToString(), StringComparison.OrdinalIgnoreCase),
    };

    internal static decimal Number(JsonNode node) => decimal.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
