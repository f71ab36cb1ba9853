using DataHealth.Core.Clients.Deletion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataHealth.Core.Operations;

/// <summary>Registers what our staff works with.</summary>
public static class OperationsRegistration
{
    /// <summary>Needs what <see cref="Sync.SyncRegistration.AddSync"/> needs, and that.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<FindOpenRuns>();
        services.AddSingleton<ReadRunDossier>();
        services.AddSingleton<ForecastReplays>();
        services.AddSingleton<ReplayBatches>();
        services.TryAddSingleton<Audit.AuditTrail>();
        // A scan of the whole table, once in a client's deletion: a batch has up to five thousand rows, people begin few, and retention takes the old ones away.
        return services.AddClientRows("replays", ReplayBatches.Table, ErasureStage.Data, scope => [$"RowKey eq '{ReplayBatches.RowOf(scope.Client)}'"], isExported: false);
    }
}
