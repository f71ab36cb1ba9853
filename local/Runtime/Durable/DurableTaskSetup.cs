using Azure.Core.Pipeline;
using DataHealth.Local.Runtime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>Puts the durable engine and its client into the host.</summary>
internal static class DurableTaskSetup
{
    public static IServiceCollection AddLocalDurableTask(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DataConverter, JsonPayloads>();
        services.TryAddSingleton<IDurableFunctions, CatalogFunctions>();
        services.AddSingleton(provider => DurableSettings.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new HubStorage(provider.GetRequiredService<DurableSettings>(), provider.GetServices<HttpPipelinePolicy>()));
        services.AddSingleton<Payloads>();
        services.AddSingleton<WorkIndex>();
        services.AddSingleton<InstanceStore>();
        services.AddSingleton<InstanceQueries>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<ActivityRuns>();
        services.AddSingleton<InstanceChanges>();
        services.AddSingleton<DurableEngine>();
        services.AddHostedService(provider => provider.GetRequiredService<DurableEngine>());
        services.AddSingleton<DurableTaskClient, LocalDurableTaskClient>();
        return services;
    }
}
