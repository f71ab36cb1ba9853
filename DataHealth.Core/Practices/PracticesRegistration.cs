using DataHealth.Core.Audit;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Practices.Deletion;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Practices.SupportAccess;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Practices;

/// <summary>Puts practices, members and the audit into a container.</summary>
public static class PracticesRegistration
{
    /// <summary>Adds the stores and commands. Needs <see cref="Storage.AppStorage"/>. Section <c>Members</c>, checked at start.</summary>
    public static IServiceCollection AddPractices(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<MembersOptions>().Bind(configuration.GetSection(MembersOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MembersOptions>, MembersRule>();
        services.TryAddSingleton<AuditTrail>();
        services.AddSingleton<MemberStore>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<MemberChanges>();
        services.AddSingleton<PracticeChanges>();
        services.AddSingleton<SupportAccesses>();
        services.AddSingleton<FindActor>();
        services.AddClientTrace<MemberAccessTrace>();
        // Its list of practices first: what is listed without being there shows nothing.
        return services
            .AddPracticeRows("members", MemberStore.Table, practice => $"PartitionKey eq '{MemberStore.IndexPartition}' and RowKey eq '{practice}'", practice => $"PartitionKey eq '{practice}'")
            .AddPracticeRows("people", MemberStore.PeopleTable, practice => $"RowKey eq '{practice}'")
            .AddPracticeRows("support-access", SupportAccesses.Table, practice => $"PartitionKey eq '{practice}'");
    }
}
