using System.Collections.Concurrent;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Providers.Xero;

/// <summary>
/// Remembers for which organisations Xero refuses to page a dataset by its id (extremely high volume): from then on that dataset is read by last change. Kept in a table, so that a pass
/// which another process goes on with never mixes two orders.
/// </summary>
internal sealed class XeroOrders(AppStorage storage)
{
    private const string Table = "limits";
    private const string Prefix = "order-";

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> _byChange = new(StringComparer.Ordinal);

    /// <summary>True when the dataset must be read by last change.</summary>
    public async Task<bool> IsByChangeAsync(OrganisationId organisation, XeroDataset dataset, CancellationToken cancellationToken)
    {
        var key = Key(organisation);
        if (!_byChange.TryGetValue(key, out var known))
        {
            known = new(StringComparer.Ordinal);
            var table = await storage.TableAsync(Table, cancellationToken);
            await foreach (var row in table.QueryAsync<TableEntity>(row => row.PartitionKey == key, cancellationToken: cancellationToken))
                known[row.RowKey] = true;
            known = _byChange.GetOrAdd(key, known);
        }

        return known.ContainsKey(Prefix + dataset.Name);
    }

    /// <summary>Remembers a refusal.</summary>
    public async Task RememberAsync(OrganisationId organisation, XeroDataset dataset, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        await table.UpsertEntityAsync(new TableEntity(Key(organisation), Prefix + dataset.Name), cancellationToken: cancellationToken);
        _byChange.GetOrAdd(Key(organisation), _ => new(StringComparer.Ordinal))[Prefix + dataset.Name] = true;
    }

    internal static string Key(OrganisationId organisation) => $"{organisation.Provider}-orders-{Limits.TableKey.Of(organisation.Id)}";
}
