using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Health.Findings;
using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Mapped;
using DataHealth.Core.Health.PracticeLevel;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Sharing;
using DataHealth.Core.Insights;
using DataHealth.Core.Practices.Deletion;
using DataHealth.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataHealth.Core.Health;

/// <summary>Puts Data Health into a container.</summary>
public static class HealthRegistration
{
    /// <summary>Needs <see cref="Storage.AppStorage"/>, the connections, the sync, and for the practice level the overview.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<HealthMetrics>();
        services.TryAddSingleton<Audit.AuditTrail>();
        services.TryAddSingleton<IClientBooks, ClientBooks>();
        services.AddSingleton<HealthStore>();
        services.AddSingleton<NoteStore>();
        services.AddSingleton<SettingStore>();
        services.AddSingleton<MappedBooks>();
        services.AddSingleton<RecalculateHealth>();
        services.AddSingleton<PreviewHealth>();
        services.AddSingleton<ReadHealth>();
        services.AddSingleton<ListFindings>();
        services.AddSingleton<DismissFindings>();
        services.AddSingleton<LabelFinding>();
        services.AddSingleton<ChangeCheckSettings>();
        services.AddSingleton<ReadScoreHistory>();
        services.AddSingleton<RecomputationStore>();
        services.AddSingleton<HealthWishes>();
        services.AddSingleton<RequestRecomputation>();
        services.AddSingleton<RecomputeHistory>();
        services.AddSingleton<AttributeChange>();
        services.AddSingleton<PracticeScores>();
        services.AddSingleton<PracticeHealth>();
        services.AddSingleton<ReadPracticeHealth>();
        services.AddSingleton<ReadInsights>();
        services.AddSingleton<ChangeInsightSettings>();
        services.AddSingleton<ShareStore>();
        services.AddSingleton<ShareOverview>();
        services.AddSingleton<RevokeShare>();
        services.AddSingleton<ListShares>();
        services.AddSingleton<OpenSharedOverview>();
        services.AddClientPartition("shared-overviews", ShareStore.Table);
        services.AddClientTrace<HealthTrace>();
        services.AddClientRows("health-wishes", HealthWishes.Table, ErasureStage.Data, scope => [HealthWishes.FilterOf(scope.Client)], isExported: false);
        // Made of the ledger, which is exported.
        services.AddSingleton<IClientTrace>(provider => new TableTrace(
            provider.GetRequiredService<AppStorage>(), "mapped-books", MappedBooks.Table, ErasureStage.Data, (scope, _) => new([$"PartitionKey eq '{scope.Client}'"]))
        {
            FenceRow = FencedPartition.FenceKey,
            IsExported = false,
        });
        // What it copies is exported by the trace of health.
        services.AddClientRows(
            "health-overview", PracticeHealth.Table, ErasureStage.Data, scope => [$"PartitionKey eq '{scope.Practice}' and RowKey eq '{PracticeHealth.Rows}{scope.Client}'"], isExported: false);
        return services.AddPracticeRows("health-scores", PracticeHealth.Table, practice => $"PartitionKey eq '{practice}'");
    }
}
