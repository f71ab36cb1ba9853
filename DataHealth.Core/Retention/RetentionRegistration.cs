using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Practices.Deletion;
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
        services.AddSingleton<RetentionCursors>();
        services.AddSingleton<ForgetThePast>();
        services.AddSingleton<RecheckDaily>();
        // Its place may be at the client or the practice: without it a round begins anew.
        services.AddPracticeRows("retention", RetentionCursors.Table, practice => $"PartitionKey eq '{RetentionCursors.Partition}' and After eq '{practice}'");
        return services.AddClientRows(
            "retention", RetentionCursors.Table, ErasureStage.Identity, scope => [$"PartitionKey eq '{RetentionCursors.Partition}' and After eq '{scope.Client}'"], isExported: false);
    }
}
