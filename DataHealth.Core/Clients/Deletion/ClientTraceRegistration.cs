using DataHealth.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>Registers the places where something of a client is kept.</summary>
public static class ClientTraceRegistration
{
    /// <summary>Adds a table of which every row of a client has the client's id as its partition.</summary>
    /// <param name="services">The container.</param>
    /// <param name="name">See <see cref="IClientTrace.Name"/>.</param>
    /// <param name="table">The table's logical name.</param>
    /// <param name="stage">When it is erased.</param>
    /// <param name="isExported">False for rows that only help to find others.</param>
    public static IServiceCollection AddClientPartition(this IServiceCollection services, string name, string table, ErasureStage stage = ErasureStage.Data, bool isExported = true) =>
        services.AddClientRows(name, table, stage, scope => [$"PartitionKey eq '{scope.Client}'"], isExported);

    /// <summary>Adds a table of which the client's rows are found by filters.</summary>
    /// <param name="services">The container.</param>
    /// <param name="name">See <see cref="IClientTrace.Name"/>.</param>
    /// <param name="table">The table's logical name.</param>
    /// <param name="stage">When it is erased.</param>
    /// <param name="filters">OData filters that find the client's rows, and no others.</param>
    /// <param name="isExported">False for rows that only help to find others.</param>
    public static IServiceCollection AddClientRows(
        this IServiceCollection services, string name, string table, ErasureStage stage, Func<ClientScope, IReadOnlyList<string>> filters, bool isExported = true) =>
        services.AddSingleton<IClientTrace>(provider => new TableTrace(provider.GetRequiredService<AppStorage>(), name, table, stage, (scope, _) => new(filters(scope))) { IsExported = isExported });

    /// <summary>Adds any other place.</summary>
    public static IServiceCollection AddClientTrace<T>(this IServiceCollection services)
        where T : class, IClientTrace => services.AddSingleton<IClientTrace, T>();
}
