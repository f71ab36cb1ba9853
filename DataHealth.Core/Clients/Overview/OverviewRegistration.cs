using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Notices;
using DataHealth.Core.Practices.Deletion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Clients.Overview;

/// <summary>Puts the summaries, the lists read from them and the notices into a container.</summary>
public static class OverviewRegistration
{
    /// <summary>Needs <see cref="Storage.AppStorage"/>, the connections and the sync besides. Section: <c>Notices</c>, checked at start.</summary>
    public static IServiceCollection AddOverview(this IServiceCollection services)
    {
        services.AddOptions<NoticeOptions>().BindConfiguration(NoticeOptions.Section).ValidateOnStart();
        services.Replace(ServiceDescriptor.Singleton<IClientWatch, ClientWatch>());
        services.AddClientRows("overview", "overview", ErasureStage.Identity, scope => [SummaryRows.OfClient(scope.Practice, scope.Client)], isExported: false);
        // The walk's place may be at the client, too: without it the walk begins anew.
        services.AddClientRows(
            "overviewmarks", "overviewmarks", ErasureStage.Identity,
            scope => [$"PartitionKey eq '{SummaryMarks.Partition}' and RowKey eq '{scope.Client}'", $"PartitionKey eq '{TendSummaries.WalkPartition}' and Client eq '{scope.Client}'"], isExported: false);
        services.AddClientRows("favourites", "favourites", ErasureStage.Identity, scope => [Favourites.OfClient(scope.Practice, scope.Client)], isExported: false);
        services.AddPracticeRows("overview", "overview", practice => $"PartitionKey eq '{practice}'");
        services.AddPracticeRows("favourites", "favourites", practice => $"PartitionKey gt '{practice}|' and PartitionKey lt '{practice}}}'");
        services.AddPracticeRows("digests", SendDigests.Table, practice => $"PartitionKey eq '{practice}'");
        services.AddSingleton<IValidateOptions<NoticeOptions>, NoticeRule>();
        services.AddSingleton<INoticeSender>(provider => provider.GetRequiredService<IOptions<NoticeOptions>>().Value switch
        {
            { SmtpHost.Length: > 0 } => ActivatorUtilities.CreateInstance<SmtpSender>(provider),
            { DropFolder.Length: > 0 } => ActivatorUtilities.CreateInstance<FileDropSender>(provider),
            _ => new NoSender(),
        });
        services.AddSingleton<NoticeWords>();
        services.AddSingleton<ListNotices>();
        services.AddSingleton<IDigestReaders, MemberReaders>();
        services.AddSingleton<SendDigests>();
        services.AddSingleton<SendInvitation>();
        services.AddSingleton<NoticeRules>();
        services.AddSingleton<RefreshSummary>();
        services.AddSingleton<Func<RefreshSummary>>(provider => provider.GetRequiredService<RefreshSummary>);
        services.AddSingleton<TendSummaries>();
        services.AddSingleton<Favourites>();
        services.AddSingleton<ListClients>();
        services.AddSingleton<ConnectionStandings>();
        services.AddSingleton<CountStandings>();
        services.AddSingleton<AuthorisedConnections>();
        services.AddSingleton<Connections.Consents.OfferMany>();
        return services;
    }
}
