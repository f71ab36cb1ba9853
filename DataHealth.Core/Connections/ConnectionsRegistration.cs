using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Traces;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Deletion;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections;

/// <summary>Puts clients and connections into a container.</summary>
public static class ConnectionsRegistration
{
    /// <summary>
    /// Adds the client store, the connection commands, the vault that the options choose and <see cref="IAccessTokens"/>. Needs <see cref="Storage.AppStorage"/> and the providers besides.
    /// Sections: <c>Connections</c>, <c>Vault</c>; checked at start.
    /// </summary>
    public static IServiceCollection AddConnections(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.TryAddSingleton<ConnectionMetrics>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(HostingPlace.From(Environment.GetEnvironmentVariable));
        services.TryAddSingleton<ProviderCatalog>();
        services.AddOptions<ConnectionsOptions>().Bind(configuration.GetSection(ConnectionsOptions.Section)).ValidateOnStart();
        services.AddOptions<VaultOptions>().Bind(configuration.GetSection(VaultOptions.Section)).ValidateOnStart();
        services.AddOptions<DeletionOptions>().Bind(configuration.GetSection(DeletionOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DeletionOptions>, DeletionRule>();
        services.AddSingleton<IValidateOptions<ConnectionsOptions>, ConnectionsRule>();
        services.AddSingleton<IValidateOptions<VaultOptions>, VaultRule>();
        services.TryAddSingleton<AuditTrail>();
        services.TryAddSingleton<MemberStore>();
        services.TryAddSingleton<MemberChanges>();
        services.TryAddSingleton<IClientWatch, NoWatch>();
        services.AddSingleton<ClientStore>();
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<ConsentStore>();
        services.AddSingleton<ConsentOffer>();
        services.AddSingleton<ConsentCompletion>();
        services.AddSingleton<ParkedPairs>();
        services.AddSingleton<Holders>();
        services.AddSingleton<Releases>();
        services.AddSingleton<GrantStore>();
        services.AddSingleton<GrantSecrets>();
        services.AddSingleton<GrantLeases>();
        services.AddSingleton<GrantRefresh>();
        services.AddSingleton<GrantEnd>();
        services.AddSingleton<GrantAdoption>();
        services.AddSingleton<GrantReach>();
        services.AddSingleton<LeftThere>();
        services.AddSingleton<GrantRelease>();
        services.AddSingleton<ITokenVault>(TokenVaults.Open);
        services.AddSingleton<ConnectionEvidence>();
        services.TryAddSingleton<Sync.DueClients>();
        services.TryAddSingleton<Costs.ConnectionCap>();
        services.AddSingleton<MakeConnection>();
        services.AddSingleton<ConsentStart>();
        services.AddSingleton<StartConnect>();
        services.AddSingleton<StartMany>();
        services.AddSingleton<ManyConsents>();
        services.AddSingleton<MatchOrganisations>();
        services.AddSingleton<ReceiveCallback>();
        services.AddSingleton<ConfirmConsent>();
        services.AddSingleton<ChooseOrganisation>();
        services.AddSingleton<EndConsent>();
        services.AddSingleton<EndConsents>();
        services.AddSingleton<ExpirePending>();
        services.AddSingleton<Departure>();
        services.AddSingleton<DisconnectClient>();
        services.AddSingleton<KeepAlive>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<IAccessTokens>(provider => provider.GetRequiredService<AccessTokens>());
        return services.AddConnectionTraces().AddClientTraces();
    }

    // What the stage says decides the order of erasing, not the place here.
    private static IServiceCollection AddClientTraces(this IServiceCollection services) => services
        .AddSingleton<DeletionStore>()
        .AddSingleton<DeletionMarks>()
        .AddSingleton<RequestDeletion>()
        .AddSingleton<CarryOutDeletion>()
        .AddSingleton<RecheckDeletions>()
        .AddSingleton<PracticeDeletionStore>()
        .AddSingleton<ReadPracticeDeletion>()
        .AddSingleton<RequestPracticeDeletion>()
        .AddSingleton<CarryOutPracticeDeletion>()
        .AddSingleton<ExportClient>()
        .AddClientRows("clients", ClientStore.Table, ErasureStage.Identity, scope => [$"PartitionKey eq '{scope.Practice}' and RowKey eq '{scope.Client}'"])
        .AddClientPartition("client-practices", ClientStore.IndexTable, ErasureStage.Identity, isExported: false);
}
