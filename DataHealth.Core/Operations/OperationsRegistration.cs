using Microsoft.Extensions.DependencyInjection;

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
        return services;
    }
}
