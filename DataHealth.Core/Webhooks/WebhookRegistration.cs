using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Webhooks;

/// <summary>Registers webhooks.</summary>
public static class WebhookRegistration
{
    /// <summary>Needs storage, connections, the sync and the providers besides. Section <c>Webhooks</c>, checked at start.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection(WebhookOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookRule>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookHints>();
        services.AddSingleton<ReceiveWebhook>();
        services.AddSingleton<DrainHints>();
        // Hints name an organisation, and so its client; what other clients hold as well is theirs.
        return services.AddClientRows(
            "webhook-hints", WebhookHints.Table, ErasureStage.Connection, scope => [.. scope.SoleOrganisations.Select(organisation => $"PartitionKey eq '{StorageKeys.Of(organisation)}'")], isExported: false);
    }
}
