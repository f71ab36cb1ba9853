using DataHealth.Core.Clients;
using DataHealth.Core.Health.Export;
using DataHealth.Core.Health.Overview;
using DataHealth.Core.Health.Recalculation;

namespace DataHealth.Core.Health.Sharing;

/// <summary>Opens a share link, for whoever has its code.</summary>
public sealed class OpenSharedOverview(ShareStore shares, ClientStore clients, ReadHealth health, TimeProvider time)
{
    /// <summary>What the link shows; null when it opens nothing: an unknown code, one that ended or was taken back, a client that is gone. Which of these it is nobody is told.</summary>
    public async Task<SharedOverview?> ExecuteAsync(string? code, CancellationToken cancellationToken)
    {
        if (!ShareCode.TryRead(code, out var read) || await shares.FindAsync(read, cancellationToken) is not { } found || !found.Share.IsOpen(time.GetUtcNow()))
            return null;
        // One whose deletion has begun is not known here any more.
        if (await clients.FindAsync(found.Practice, found.Share.Client, cancellationToken) is not { ClearedBy: null } client)
            return null;
        return await health.ExecuteAsync(client.Id, client.Practice, cancellationToken) is { } judged
            ? SharedOverview.Of(OverviewReport.Of(client.Name, HealthOverview.Of(judged)), found.Share.ExpiresAt)
            : null;
    }
}
