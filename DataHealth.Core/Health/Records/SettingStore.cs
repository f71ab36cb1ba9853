using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.Records;

/// <summary>A client's own settings of checks, in full, as they were found right when they were stored; they count from the next recalculation on.</summary>
public sealed class SettingStore(AppStorage storage)
{
    /// <summary>By check key, JSON; a check without has its defaults.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AllAsync(ClientId client, CancellationToken cancellationToken)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(HealthKeys.Range(client, HealthKeys.Settings), cancellationToken: cancellationToken))
            settings[row.RowKey[HealthKeys.Settings.Length..]] = row.GetString("Body");
        return settings;
    }

    internal async Task SaveAsync(ClientId client, string check, string json, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).UpsertEntityAsync(new TableEntity(client.Value, HealthKeys.Settings + check) { ["Body"] = json }, TableUpdateMode.Replace, cancellationToken);

    internal async Task ForgetAsync(ClientId client, string check, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).DeleteEntityAsync(client.Value, HealthKeys.Settings + check, ETag.All, cancellationToken);

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(HealthKeys.Table, cancellationToken);
}
