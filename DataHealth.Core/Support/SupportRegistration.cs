using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Support;

/// <summary>Registers what our staff works with.</summary>
public static class SupportRegistration
{
    /// <summary>Needs what <see cref="Sync.SyncRegistration.AddSync"/> needs, and that.</summary>
    public static IServiceCollection AddSupport(this IServiceCollection services)
    {
        services.AddSingleton<FindOpenRuns>();
        services.AddSingleton<ReadRunDossier>();
        services.AddSingleton<ForecastReplays>();
        services.AddSingleton<ReplayBatches>();
        return services;
    }
}
