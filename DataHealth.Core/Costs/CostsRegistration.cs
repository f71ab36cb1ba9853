using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Practices.Deletion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Costs;

/// <summary>Puts the cost ledger and the tiers' caps into a container.</summary>
public static class CostsRegistration
{
    /// <summary>Needs <see cref="Storage.AppStorage"/>, the clients and connections besides. Section: <c>Costs</c>, checked at start.</summary>
    public static IServiceCollection AddCosts(this IServiceCollection services)
    {
        services.AddOptions<CostOptions>().BindConfiguration(CostOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CostOptions>, CostRule>();
        services.AddSingleton<IClientTrace>(provider => new TableTrace(
            provider.GetRequiredService<Storage.AppStorage>(), "costs", "costs", ErasureStage.Identity, (scope, _) => new([CostLedger.OfClient(scope.Practice, scope.Client)]))
        {
            Told = CostLedger.Told,
        });
        services.AddPracticeRows("costs", "costs", practice => $"PartitionKey gt '{practice}|' and PartitionKey lt '{practice}}}'");
        services.AddSingleton<CostLedger>();
        services.AddSingleton<MonthlyReads>();
        services.Replace(ServiceDescriptor.Singleton<IReadsCap>(provider => provider.GetRequiredService<MonthlyReads>()));
        services.Replace(ServiceDescriptor.Singleton<ICostMeter>(provider => provider.GetRequiredService<CostLedger>()));
        return services;
    }
}
