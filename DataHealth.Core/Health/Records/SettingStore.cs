using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Insights;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Health.Records;

/// <summary>A client's own settings of checks, in full, as they were found right when they were stored; they count from the next recalculation on.</summary>
public sealed partial class SettingStore(AppStorage storage, ClientStore clients, ILogger<SettingStore> logger)
{
    /// <summary>By check key, JSON; a check without has its defaults.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AllAsync(ClientId client, CancellationToken cancellationToken)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(HealthKeys.Range(client, HealthKeys.Settings), cancellationToken: cancellationToken))
            settings[row.RowKey[HealthKeys.Settings.Length..]] = row.GetString("Body");
        return settings;
    }

    /// <summary>Those that today's rules understand. Rules may have moved on since settings were stored: what they no longer understand counts as not set.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> UnderstoodAsync(ClientId client, CancellationToken cancellationToken)
    {
        var stored = await AllAsync(client, cancellationToken);
        var understood = stored.Where(setting => CheckCatalog.Find(setting.Key)?.Understood(setting.Value, out _) is not null).ToDictionary(StringComparer.Ordinal);
        if (understood.Count < stored.Count)
            Log.NotUnderstood(logger, client, string.Join(", ", stored.Keys.Except(understood.Keys)));
        return understood;
    }

    /// <summary>What the practice told of a client that its insights need; the defaults where it told nothing.</summary>
    public async Task<InsightSettings> OfInsightsAsync(ClientId client, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(client.Value, HealthKeys.InsightSettings, cancellationToken: cancellationToken);
        return row.HasValue ? JsonSerializer.Deserialize(row.Value!.GetString("Body"), InsightsJson.Default.InsightSettings) ?? InsightSettings.Default : InsightSettings.Default;
    }

    internal Task SaveAsync(ClientId client, InsightSettings settings) => SaveAsync(client, HealthKeys.InsightSettings, "", JsonSerializer.Serialize(settings, InsightsJson.Default.InsightSettings));

    internal Task SaveAsync(ClientId client, string check, string json) => SaveAsync(client, HealthKeys.Settings, check, json);

    private async Task SaveAsync(ClientId client, string prefix, string name, string json)
    {
        var table = await TableAsync(CancellationToken.None);
        await table.UpsertEntityAsync(new TableEntity(client.Value, prefix + name) { ["Body"] = json }, TableUpdateMode.Replace);
        // A deletion that began meanwhile may have looked here already.
        if (await clients.FindAsync(client, CancellationToken.None) is not { ClearedBy: null })
            await table.DeleteEntityAsync(client.Value, prefix + name, ETag.All);
    }

    internal async Task ForgetAsync(ClientId client, string check, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).DeleteEntityAsync(client.Value, HealthKeys.Settings + check, ETag.All, cancellationToken);

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(HealthKeys.Table, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Client {Client}: stored settings of {Checks} are no longer understood, the defaults count")]
        public static partial void NotUnderstood(ILogger logger, ClientId client, string checks);
    }
}
