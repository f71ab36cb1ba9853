using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>Says before the first sync what it will take.</summary>
public sealed class ForecastSync(AppStorage storage, IConnectedBooks connections, ProviderCatalog providers, IOptions<SyncOptions> options, TimeProvider time)
{
    internal const string Table = "forecasts";
    private const string Row = "forecast";
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(24);
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>Counts what can be counted cheaply (one call a countable dataset, remembered for a day). Null when the client is not connected.</summary>
    public async Task<SyncForecast?> ExecuteAsync(ClientId client, CancellationToken cancellationToken)
    {
        if (await connections.FindAsync(client, cancellationToken) is not { } connected)
            return null;
        var table = await storage.TableAsync(Table, cancellationToken);
        var held = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, Row, cancellationToken: cancellationToken);
        if (held.HasValue && JsonSerializer.Deserialize(held.Value!.GetString("Body"), SyncJson.Default.SyncForecast) is { IsPartial: false } forecast
            && time.GetUtcNow() - forecast.At < GoodFor && forecast.At >= connected.ConnectedAt)
            return forecast;

        var provider = providers.Get(connected.Books.Organisation.Provider);
        var states = await _checkpoints.AllAsync(client, cancellationToken);
        var datasets = new List<DatasetForecast>();
        var isPartial = false;
        foreach (var dataset in provider.Datasets)
        {
            var state = states.GetValueOrDefault(dataset.Name);
            var count = state?.Pass?.ItemCount ?? (state?.CompletedAt is null ? null : state.Listed);
            if (count is null && dataset.IsCountable && !isPartial)
            {
                // A limit ends the counting: the forecast must not eat what the sync needs.
                var outcome = await provider.Books.CountAsync(connected.Books, dataset, CallPriority.Person, cancellationToken);
                count = (outcome as PageOutcome.Page)?.ItemCount;
                (outcome as IDisposable)?.Dispose();
                isPartial = outcome is PageOutcome.Limited or PageOutcome.ConnectionLost;
            }
            datasets.Add(new DatasetForecast(dataset.Name, count, dataset.IsPaged && count is { } records ? Math.Max(1, (records + options.Value.PageSize - 1) / options.Value.PageSize) : 1));
        }
        var headroom = await provider.Books.HeadroomAsync(connected.Books.Organisation, cancellationToken);
        var calls = datasets.Sum(part => part.Calls);
        var days = headroom.DayLimit is { } perDay ? Days(calls, Math.Min(headroom.DayRemaining ?? perDay, perDay), Math.Max(1, perDay)) : 1;
        forecast = new SyncForecast(datasets.Sum(part => part.Records ?? 0), calls, (calls + Math.Max(1, headroom.MinuteLimit) - 1) / Math.Max(1, headroom.MinuteLimit), days, headroom.DayLimit, isPartial, time.GetUtcNow(), datasets);
        await table.UpsertEntityAsync(new TableEntity(client.Value, Row) { ["Body"] = JsonSerializer.Serialize(forecast, SyncJson.Default.SyncForecast) }, TableUpdateMode.Replace, cancellationToken);
        return forecast;
    }

    private static int Days(int calls, int today, int perDay) => 1 + (calls <= today ? 0 : (calls - today + perDay - 1) / perDay);
}

/// <summary>What a full sync takes.</summary>
/// <param name="Records">Records in the datasets that could be counted.</param>
/// <param name="Calls">Calls in all.</param>
/// <param name="Minutes">At the provider's minute limit.</param>
/// <param name="Days">At the provider's day limit, the reserve not counted in; 1 when it can finish today.</param>
/// <param name="CallsPerDay">The day limit; null where there is none.</param>
/// <param name="IsPartial">Some datasets could not be counted now.</param>
/// <param name="At">When it was reckoned.</param>
/// <param name="Datasets">By dataset.</param>
public sealed record SyncForecast(int Records, int Calls, int Minutes, int Days, int? CallsPerDay, bool IsPartial, DateTimeOffset At, IReadOnlyList<DatasetForecast> Datasets);

/// <summary>What one dataset takes.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Records">Its records; null when not countable.</param>
/// <param name="Calls">Calls.</param>
public sealed record DatasetForecast(string Dataset, int? Records, int Calls);
