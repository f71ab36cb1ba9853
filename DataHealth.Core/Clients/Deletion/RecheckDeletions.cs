using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>
/// Looks again at clients that were deleted, and opens a deletion anew where something of the client is there: a process that was frozen through all of it and woke, or a backup from
/// before that was restored. For a timer with a short past, and for the restore with a long one.
/// </summary>
public sealed partial class RecheckDeletions(DeletionStore deletions, ClientStore clients, IEnumerable<IClientTrace> traces, IClientDeparture departure, ILogger<RecheckDeletions> logger)
{
    /// <summary>Looks at the deletions that ended since a time.</summary>
    /// <param name="since">The end of the earliest deletion to look at.</param>
    /// <param name="cancellationToken">Stops between two.</param>
    /// <returns>Deletions that are under way again: start them.</returns>
    public async Task<IReadOnlyList<DeletionId>> ExecuteAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        List<DeletionId> again = [];
        await foreach (var done in deletions.DoneSinceAsync(since, cancellationToken))
        {
            if (done.CompletedAt is null)
                continue;
            // Where one consent makes many clients, repeating it makes a deleted one anew, by the same id and on a person's word.
            if (await clients.FindAsync(done.Practice, done.Client, cancellationToken) is { } anew && anew.CreatedAt > done.RequestedAt)
                continue;
            var scope = await departure.ReadScopeAsync(done.Client, done.Practice, cancellationToken);
            var left = 0L;
            foreach (var trace in traces)
                left += await trace.CountAsync(scope, cancellationToken);
            if (left == 0)
                continue;
            Log.Found(logger, done.Id, left);
            // Its counts stay as they were certified; the provider is asked again, since a restored connection may be there with it.
            await deletions.WriteAsync(done with { CompletedAt = null, Scope = scope, Provider = ProviderPart.Pending, FoundAgain = done.FoundAgain + 1 }, cancellationToken);
            again.Add(done.Id);
        }
        return again;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Of the client of deletion {Deletion} there are {Left} items again; it is deleted again")]
        public static partial void Found(ILogger logger, DeletionId deletion, long left);
    }
}
