using DataHealth.Core.Clients;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Costs;
using DataHealth.Core.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>Registers the sync and the ledger store.</summary>
public static class SyncRegistration
{
    /// <summary>Needs <see cref="Storage.AppStorage"/>, a <see cref="Providers.ProviderCatalog"/>, a <see cref="TimeProvider"/>, logging and an <see cref="IConnectedBooks"/>.</summary>
    public static IServiceCollection AddSync(this IServiceCollection services)
    {
        services.AddOptions<SyncOptions>().BindConfiguration(SyncOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SyncOptions>, SyncOptionsValidator>();
        services.AddMetrics();
        services.TryAddSingleton<SyncMetrics>();
        services.TryAddSingleton<IClientWatch, NoWatch>();
        services.TryAddSingleton<ICostMeter, NoMeter>();
        services.TryAddSingleton<IReadsCap, NoReadsCap>();
        services.AddSingleton<LedgerStore>();
        services.AddSingleton<RunStore>();
        services.TryAddSingleton<DueClients>();
        services.AddSingleton<SkippedRecords>();
        services.AddSingleton<RequestSync>();
        services.AddSingleton<ReplayRun>();
        services.AddSingleton<PlanRun>();
        services.AddSingleton<RunSlice>();
        services.AddSingleton<PauseRun>();
        services.AddSingleton<ContinueRun>();
        services.AddSingleton<FinishRun>();
        services.AddSingleton<EndRun>();
        services.AddSingleton<SweepRuns>();
        services.AddSingleton<ForecastSync>();
        services.AddSingleton<ReadProgress>();
        return services.AddTraces();
    }

    private static IServiceCollection AddTraces(this IServiceCollection services) => services
        .AddSingleton<IClientStop, SyncStop>()
        .AddClientPartition("checkpoints", Checkpoints.Table, ErasureStage.Checkpoints)
        .AddClientTrace<LedgerTrace>()
        .AddClientPartition("skipped-records", SkippedRecords.Table)
        .AddClientPartition("forecasts", ForecastSync.Table)
        // '}' is the letter after '|'.
        .AddClientRows("run-events", RunEvents.Table, ErasureStage.Data, scope => [$"PartitionKey ge '{scope.Client}|' and PartitionKey lt '{scope.Client}}}'"])
        .AddClientRows("open-runs", OpenRunIndex.Table, ErasureStage.Data, scope => [$"PartitionKey eq '{OpenRunIndex.Partition}' and RowKey eq '{scope.Client}'"], isExported: false)
        .AddClientPartition("runs", RunRows.Table)
        .AddClientTrace<DueTrace>();
}
