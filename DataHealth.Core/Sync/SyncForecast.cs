namespace DataHealth.Core.Sync;

/// <summary>Says before the first sync what it will take.</summary>
public sealed class ForecastSync
{
    /// <summary>Counts what can be counted cheaply (one call a countable dataset, remembered for a day). Null when the client is not connected.</summary>
    public Task<SyncForecast?> ExecuteAsync(ClientId client, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>What a full sync takes.</summary>
/// <param name="Records">Records in the datasets that could be counted.</param>
/// <param name="Calls">Calls in all.</param>
/// <param name="Minutes">At the provider's minute limit.</param>
/// <param name="Days">At the provider's day limit, the reserve not counted in; 1 when it can finish today.</param>
/// <param name="CallsPerDay">The day limit.</param>
/// <param name="IsPartial">Some datasets could not be counted now.</param>
/// <param name="At">When it was reckoned.</param>
/// <param name="Datasets">By dataset.</param>
public sealed record SyncForecast(int Records, int Calls, int Minutes, int Days, int CallsPerDay, bool IsPartial, DateTimeOffset At, IReadOnlyList<DatasetForecast> Datasets);

/// <summary>What one dataset takes.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Records">Its records; null when not countable.</param>
/// <param name="Calls">Calls.</param>
public sealed record DatasetForecast(string Dataset, int? Records, int Calls);
