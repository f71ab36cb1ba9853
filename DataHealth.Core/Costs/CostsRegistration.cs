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
        services.AddClientRows("costs", "costs", ErasureStage.Identity, scope => [CostLedger.OfClient(scope.Practice, scope.Client)]);
        services.AddPracticeRows("costs", "costs", practice => $"PartitionKey gt '{practice}|' and PartitionKey lt '{practice}}}'");
        services.AddSingleton<CostLedger>();
        services.AddSingleton<MonthlyReads>();
        services.Replace(ServiceDescriptor.Singleton<IReadsCap>(provider => provider.GetRequiredService<MonthlyReads>()));
        services.Replace(ServiceDescriptor.Singleton<ICostMeter>(provider => provider.GetRequiredService<CostLedger>()));
        return services;
    }
}
