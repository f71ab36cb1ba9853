using DataHealth.Core.Clients.Deletion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Retention;

/// <summary>Puts retention into a container.</summary>
public static class RetentionRegistration
{
    /// <summary>Needs <see cref="Storage.AppStorage"/> and a <see cref="TimeProvider"/>. Section: <c>Retention</c>, checked at start.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionRule>();
        services.AddSingleton<ForgetThePast>();
        // Its place may be at the client: without it a round begins anew.
        return services.AddClientRows(
            "retention", ForgetThePast.Table, ErasureStage.Identity, scope => [$"PartitionKey eq '{ForgetThePast.Cursor}' and After eq '{scope.Client}'"], isExported: false);
    }
}
