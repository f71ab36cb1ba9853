using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DataHealth.Testing.Drivers;
using Microsoft.AspNetCore.WebUtilities;

namespace DataHealth.EndToEnd.Tests.Infrastructure;

/// <summary>The copy, read through our API, beside the provider's books: every field and line of every record of every dataset.</summary>
public sealed class BooksComparison(RunningProduct product)
{
    private const int DetailsPerDataset = 5;
    private const string OnlyOne = "the only one";

    private ProviderUnderTest Provider => product.Provider;

    /// <summary>Compares.</summary>
    /// <param name="client">Our client, of the first practice unless <paramref name="practice"/> says otherwise.</param>
    /// <param name="organisation">Its organisation.</param>
    /// <param name="afterFullPass">
    /// True when every dataset was read in full after the last change. False leaves out the fields that change at the provider without moving its time of last change
    /// (facts 2.4), and the reports that are read weekly.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="practice">Who reads.</param>
    public async Task<ComparisonResult> CompareAsync(
        string client, Company organisation, bool afterFullPass, CancellationToken cancellationToken, PracticeDriver? practice = null)
    {
        var rows = new List<ComparedDataset>();
        foreach (var list in Provider.Lists)
            rows.Add(await ListAsync(practice ?? product.Practice, client, organisation, list, afterFullPass, cancellationToken));
        foreach (var report in afterFullPass ? [.. Provider.CurrentReports, .. Provider.OtherReports] : Provider.CurrentReports)
            rows.Add(await ReportAsync(practice ?? product.Practice, client, organisation, report, cancellationToken));
        return new ComparisonResult(rows);
    }

    /// <summary>All records of a dataset in the copy, deleted ones included.</summary>
    public static async IAsyncEnumerable<JsonElement> CopyAsync(
        PracticeDriver practice, string client, string dataset, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var continuation = "";
        do
        {
            var page = await practice.GetAsync($"clients/{client}/data/{dataset}?take=500{continuation}", cancellationToken);
            foreach (var item in page.GetProperty("items").EnumerateArray())
                yield return item;
            continuation = page.TryGetProperty("continuation", out var next) && next.GetString() is { Length: > 0 } text ? $"&continuation={Uri.EscapeDataString(text)}" : "";
        }
        while (continuation.Length > 0);
    }

    private async Task<ComparedDataset> ListAsync(PracticeDriver practice, string client, Company organisation, ListUnderTest list, bool everything, CancellationToken cancellationToken)
    {
        var books = product.Simulation;
        var truth = books.Records(organisation, list.Collection, !everything).ToDictionary(record => Key(record, list.Id), Hash, StringComparer.OrdinalIgnoreCase);
        var (copied, equal) = (0, 0);
        var wrong = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await foreach (var item in CopyAsync(practice, client, list.Dataset, cancellationToken))
        {
            var isDeleted = item.GetProperty("isDeleted").GetBoolean();
            // Whoever reports a deletion sends no record with it.
            if (isDeleted && (!item.TryGetProperty("record", out var body) || body.ValueKind != JsonValueKind.Object))
            {
                if (truth.ContainsKey(item.GetProperty("id").GetString()!))
                    wrong[item.GetProperty("id").GetString()!] = null;
                continue;
            }
            var record = item.GetProperty("record");
            var json = books.Canonical(list.Collection, record, !everything);
            var key = Key(record, list.Id);
            if (!truth.TryGetValue(key, out var hash))
            {
                // Gone from the books: kept for its history, and no record any more.
                if (!isDeleted)
                    wrong[key] = json;
                continue;
            }
            copied++;
            if (!seen.Add(key) || hash != Hash(json) || isDeleted != books.IsDeleted(record))
                wrong[key] = json;
            else
                equal++;
        }
        foreach (var missing in truth.Keys.Where(key => !seen.Contains(key)))
            wrong[missing] = null;
        var few = wrong.Take(DetailsPerDataset).ToDictionary(StringComparer.OrdinalIgnoreCase);
        var inBooks = few.Count == 0 ? [] : books.Records(organisation, list.Collection, !everything).Where(json => few.ContainsKey(Key(json, list.Id)))
            .ToDictionary(json => Key(json, list.Id), StringComparer.OrdinalIgnoreCase);
        return new ComparedDataset(list.Dataset, truth.Count, copied, equal, wrong.Count,
            [.. few.SelectMany(pair => Explain(list.Dataset, pair.Key, inBooks.GetValueOrDefault(pair.Key), pair.Value))]);
    }

    private static List<Difference> Explain(string dataset, string id, string? books, string? copy)
    {
        var found = Difference.Between(dataset, id, books, copy).ToList();
        return found.Count > 0 ? found : [new Difference(dataset, id, "", "the same record", "it twice, or wrongly marked as deleted")];
    }

    // A report has parameters and no list: the sandbox's log tells what was asked, and the books answer the same again.
    private async Task<ComparedDataset> ReportAsync(PracticeDriver practice, string client, Company organisation, ReportUnderTest report, CancellationToken cancellationToken)
    {
        var truth = product.DataCalls(organisation).Where(call => call.Endpoint == $"Reports/{report.Name}" && call.Status == 200 && call.Query.Contains(report.Asked, StringComparison.Ordinal))
            .Select(call => call.Query).Distinct()
            .Select(query => product.Simulation.Report(organisation, report.Name, QueryHelpers.ParseQuery(query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString())))
            .ToHashSet();
        var differences = new List<Difference>();
        var copied = 0;
        await foreach (var item in CopyAsync(practice, client, report.Dataset, cancellationToken))
        {
            copied++;
            var json = product.Simulation.CanonicalReport(item.GetProperty("record"));
            if (!truth.Contains(json))
                differences.Add(new Difference(report.Dataset, item.GetProperty("id").GetString()!, "", string.Join(" or ", truth.Select(Hash)), json[..Math.Min(300, json.Length)]));
        }
        if (copied == 0)
            differences.Add(new Difference(report.Dataset, "", "", "a report", "none"));
        return new ComparedDataset(report.Dataset, copied, copied, copied - differences.Count, differences.Count, differences);
    }

    private static string Key(string json, string field)
    {
        if (field.Length == 0)
            return OnlyOne;
        using var record = JsonDocument.Parse(json);
        return Key(record.RootElement, field);
    }

    private static string Key(JsonElement record, string field) => field.Length == 0 ? OnlyOne : record.GetProperty(field).GetString()!;

    private static string Hash(string json) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(json)), 0, 16);
}

/// <summary>One dataset in the books and in the copy.</summary>
/// <param name="Dataset">Our name.</param>
/// <param name="Books">Records in the books.</param>
/// <param name="Copy">Of these, in the copy.</param>
/// <param name="Equal">Of these, equal in every field.</param>
/// <param name="Wrong">Records that differ, are missing or are too many.</param>
/// <param name="First">The first differences in detail.</param>
public sealed record ComparedDataset(string Dataset, int Books, int Copy, int Equal, int Wrong, IReadOnlyList<Difference> First);

/// <summary>All datasets.</summary>
public sealed record ComparisonResult(IReadOnlyList<ComparedDataset> Datasets)
{
    /// <summary>Records in the books.</summary>
    public int Records => Datasets.Sum(dataset => dataset.Books);

    /// <summary>True when the copy is the books.</summary>
    public bool IsEqual => Datasets.All(dataset => dataset.Wrong == 0 && dataset.Books == dataset.Equal);

    /// <summary>Fails with the first differences.</summary>
    public void ShouldBeEqual() => IsEqual.ShouldBeTrue(ToString());

    /// <inheritdoc />
    public override string ToString() => IsEqual
        ? $"{Records:N0} records in {Datasets.Count} datasets, equal in every field"
        : string.Join('\n', Datasets.Where(dataset => dataset.Wrong > 0).SelectMany(dataset =>
            dataset.First.Take(20).Select(difference => difference.ToString()).Prepend($"{dataset.Dataset}: {dataset.Books} in the books, {dataset.Equal} equal, {dataset.Wrong} wrong")));
}
