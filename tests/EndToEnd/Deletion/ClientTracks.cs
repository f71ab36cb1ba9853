using System.Text.RegularExpressions;
using Azure.Data.Tables;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.EndToEnd.Tests.Secrets;

namespace DataHealth.EndToEnd.Tests.Deletion;

/// <summary>Looks through everything that a product has stored, not by the places that the product itself knows.</summary>
public static partial class ClientTracks
{
    /// <summary>Where any of these ids stands, plain or encoded or inside of what is compressed: tables (histories among them), blobs, vault. Audit and certificates may name them.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(RunningProduct product, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var scan = new SecretScan([.. ids, .. ids.Select(id => id.Replace("-", "", StringComparison.Ordinal))]);
        string[] allowed = [$"{product.Prefix}audit: ", $"{product.Prefix}deletions: "];
        List<Leak> found = [
            .. await scan.TablesAsync(product.Azurite, cancellationToken, product.Prefix),
            .. await scan.BlobsAsync(product.Azurite, cancellationToken, product.Prefix),
            .. scan.Files(product.VaultFolder)];
        scan.Looked.ShouldBeGreaterThan(100, "a scan that looks at nothing finds nothing");
        return [.. found.Select(track => track.Place).Where(place => !allowed.Any(name => place.StartsWith(name, StringComparison.OrdinalIgnoreCase)))];
    }

    /// <summary>Every row of the product's own tables that names a client, whole, with its ETag: what differs was touched.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> RowsAsync(RunningProduct product, string client, CancellationToken cancellationToken)
    {
        Dictionary<string, string> rows = new(StringComparer.Ordinal);
        var service = new TableServiceClient(product.Azurite.ConnectionString);
        await foreach (var table in service.QueryAsync(cancellationToken: cancellationToken))
        {
            if (!table.Name.StartsWith(product.Prefix, StringComparison.OrdinalIgnoreCase) || table.Name.StartsWith(product.Prefix + "hub", StringComparison.OrdinalIgnoreCase))
                continue;
            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: cancellationToken))
            {
                // The list's copy of a client may be written anew by a timer: what it says of the client counts, not when, nor until when the grant is good that a later consent of the same person renewed.
                if (table.Name.EndsWith("overview", StringComparison.OrdinalIgnoreCase))
                {
                    row.Remove("odata.etag");
                    row.Remove("Timestamp");
                    if (row.GetString("Body") is { } body)
                        row["Body"] = AccessEnds().Replace(body, "");
                }
                if (row.Select(pair => pair.Value).OfType<string>().Any(text => text.Contains(client, StringComparison.Ordinal)))
                    rows[$"{table.Name} {row.PartitionKey} {row.RowKey}"] = string.Join('\n', row.Select(pair => $"{pair.Key}={(pair.Value is byte[] bytes ? Convert.ToBase64String(bytes) : pair.Value)}"));
            }
        }
        return rows;
    }

    /// <summary>What differs between two looks at rows, and nothing else: a whole client's rows fill a screen a hundred times.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
    [
        .. before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key))
            .Select(key => $"{key}\n  was {before.GetValueOrDefault(key) ?? "not there"}\n  is {after.GetValueOrDefault(key) ?? "gone"}"),
    ];

    [GeneratedRegex("\"AccessEndsAt\":\"[^\"]*\",?")]
    private static partial Regex AccessEnds();
}
