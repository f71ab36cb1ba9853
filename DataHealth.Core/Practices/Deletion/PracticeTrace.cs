using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Practices.Deletion;

/// <summary>Rows of a practice itself, not of one of its clients (<see cref="IClientTrace"/>).</summary>
/// <param name="name">A stable word for certificates, e.g. <c>members</c>.</param>
/// <param name="rows">Finds them; of the scope only the practice counts.</param>
public sealed class PracticeTrace(string name, TableTrace rows)
{
    /// <summary>See the type.</summary>
    public string Name => name;

    internal Task<long> CountAsync(PracticeId practice, CancellationToken cancellationToken) => rows.CountAsync(Scope(practice), cancellationToken);

    internal Task<bool> EraseAsync(PracticeId practice, int atMost, CancellationToken cancellationToken) => rows.EraseAsync(Scope(practice), atMost, cancellationToken);

    private static ClientScope Scope(PracticeId practice) => new(default, practice);
}

/// <summary>Registers the places where something of a practice is kept.</summary>
public static class PracticeTraceRegistration
{
    /// <summary>Adds a table of which a practice's rows are found by filters.</summary>
    /// <param name="services">The container.</param>
    /// <param name="name">See <see cref="PracticeTrace.Name"/>.</param>
    /// <param name="table">The table's logical name.</param>
    /// <param name="filters">OData filters that find the practice's rows, and no others.</param>
    public static IServiceCollection AddPracticeRows(this IServiceCollection services, string name, string table, params IReadOnlyList<Func<PracticeId, string>> filters) =>
        services.AddSingleton(provider => new PracticeTrace(
            name, new TableTrace(provider.GetRequiredService<AppStorage>(), name, table, ErasureStage.Identity, (scope, _) => new([.. filters.Select(filter => filter(scope.Practice))]))));
}
