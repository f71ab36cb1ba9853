using System.Text.Json;

namespace DataHealth.EndToEnd.Tests.Infrastructure;

/// <summary>One place where the copy is not the books.</summary>
/// <param name="Dataset">Our name of the dataset.</param>
/// <param name="Id">The record.</param>
/// <param name="Path">Where in it, e.g. <c>LineItems[2].UnitAmount</c>; empty for the whole record.</param>
/// <param name="InBooks">What the books hold.</param>
/// <param name="InCopy">What the copy holds.</param>
public sealed record Difference(string Dataset, string Id, string Path, string InBooks, string InCopy)
{
    private const string Nothing = "nothing";

    /// <summary>Every place in which two records differ.</summary>
    public static IEnumerable<Difference> Between(string dataset, string id, string? books, string? copy)
    {
        if (books is null || copy is null)
            return [new Difference(dataset, id, "", books is null ? Nothing : "the record", copy is null ? Nothing : "the record")];
        return Walk("", JsonElement.Parse(books), JsonElement.Parse(copy)).Select(found => new Difference(dataset, id, found.Path, found.Books, found.Copy));
    }

    /// <inheritdoc />
    public override string ToString() => $"{Dataset} {Id} {Path}: the books hold {InBooks}, the copy holds {InCopy}";

    private static IEnumerable<(string Path, string Books, string Copy)> Walk(string path, JsonElement books, JsonElement copy)
    {
        if (books.ValueKind == JsonValueKind.Object && copy.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in books.EnumerateObject().Concat(copy.EnumerateObject()).Select(property => property.Name).Distinct())
            {
                var inner = path.Length == 0 ? name : $"{path}.{name}";
                var found = (books.TryGetProperty(name, out var left), copy.TryGetProperty(name, out var right)) switch
                {
                    (true, true) => Walk(inner, left, right),
                    (true, false) => [(inner, left.GetRawText(), Nothing)],
                    _ => [(inner, Nothing, right.GetRawText())],
                };
                foreach (var difference in found)
                    yield return difference;
            }
        }
        else if (books.ValueKind == JsonValueKind.Array && copy.ValueKind == JsonValueKind.Array && books.GetArrayLength() == copy.GetArrayLength())
        {
            for (var i = 0; i < books.GetArrayLength(); i++)
            {
                foreach (var difference in Walk($"{path}[{i}]", books[i], copy[i]))
                    yield return difference;
            }
        }
        else if (books.GetRawText() != copy.GetRawText())
        {
            yield return (path, books.GetRawText(), copy.GetRawText());
        }
    }
}
