using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Practices.Deletion;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Connections.Traces;

/// <summary>Registers what connections keep of a client. In this order: secrets and grants while the holders still tell who else uses them.</summary>
internal static class ConnectionTraceRegistration
{
    public static IServiceCollection AddConnectionTraces(this IServiceCollection services) => services
        .AddSingleton<ClientScopes>()
        .AddSingleton<ClientDeparture>()
        .AddSingleton<IClientDeparture>(provider => provider.GetRequiredService<ClientDeparture>())
        .AddSingleton<IClientStop>(provider => provider.GetRequiredService<ClientDeparture>())
        .AddClientTrace<SecretTrace>()
        .AddClientTrace<GrantTrace>()
        .AddClientRows("consents", ConsentStore.Table, ErasureStage.Connection, scope => [$"PartitionKey eq '{ConsentStore.Partition}' and Client eq '{scope.Client}'"], isExported: false)
        .AddClientRows("grant-holders", Holders.GrantsTable, ErasureStage.Connection,
            scope => [.. scope.Grants.Select(grant => $"PartitionKey eq '{grant}' and RowKey eq '{Holders.ClientPrefix}{scope.Client}'")], isExported: false)
        .AddClientRows("organisation-holders", Holders.OrganisationsTable, ErasureStage.Connection,
            scope => [.. scope.HeldKeys.Select(key => $"PartitionKey eq '{key}' and RowKey eq '{scope.Practice}' and Client eq '{scope.Client}'")], isExported: false)
        .AddClientRows("releases", Releases.Table, ErasureStage.Connection,
            // '.' is the letter after '-'.
            scope => [$"PartitionKey eq '{Releases.Partition}' and RowKey ge '{scope.Client}-' and RowKey lt '{scope.Client}.'"], isExported: false)
        // Later than the others: where only the data is deleted, the client's own deletion must still know of it.
        .AddClientRows("left-at-provider", Releases.Table, ErasureStage.Identity, scope => [LeftThere.OfClient(scope.Client)])
        .AddClientPartition("connection", ConnectionStore.Table, ErasureStage.Connection)
        .AddPracticeRows("organisation-holders", Holders.OrganisationsTable, practice => $"RowKey eq '{practice}'");
}
