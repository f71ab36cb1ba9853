using DataHealth.Core.Clients;
using DataHealth.Core.Health.Export;
using DataHealth.Core.Health.Recalculation;

namespace DataHealth.Core.Health.Sharing;

/// <summary>Clients' overviews as they stand.</summary>
public interface IOverviews
{
    /// <summary>The overview of the latest recalculation; null before the first.</summary>
    Task<OverviewReport?> FindAsync(Client client, CancellationToken cancellationToken);
}

/// <summary>What recalculations left, with what people dismissed since.</summary>
public sealed class StoredOverviews(ReadHealth health) : IOverviews
{
    /// <inheritdoc />
    public async Task<OverviewReport?> FindAsync(Client client, CancellationToken cancellationToken) =>
        await health.ExecuteAsync(client.Id, client.Practice, cancellationToken) is { } judged ? OverviewReport.Of(client.Name, judged) : null;
}
