using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>
/// Looks again at clients that were deleted, and opens a deletion anew where something of the client is there: a process that was frozen through all of it and woke.
/// For a timer; a restore opens them itself.
/// </summary>
public sealed partial class RecheckDeletions(DeletionStore deletions, ClientStore clients, IEnumerable<IClientTrace> traces, IClientDeparture departure, TimeProvider time,
    ILogger<RecheckDeletions> logger)
{
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(60);

    /// <summary>Looks at all deletions that ended since a time.</summary>
    /// <param name="since">The end of the earliest deletion to look at.</param>
    /// <param name="cancellationToken">Stops between two.</param>
    /// <returns>Deletions that are under way again: start them.</returns>
    public async Task<IReadOnlyList<DeletionId>> ExecuteAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        (await SliceAsync(since, "", int.MaxValue, cancellationToken)).Again;

    /// <summary>Looks at some of them, oldest first.</summary>
    /// <param name="since">The end of the earliest deletion to look at.</param>
    /// <param name="after">Where the slice before ended; empty for the first.</param>
    /// <param name="most">At most so many, and for about a minute: each is a scan of all places.</param>
    /// <param name="cancellationToken">Stops between two.</param>
    public async Task<RecheckSlice> SliceAsync(DateTimeOffset since, string after, int most, CancellationToken cancellationToken)
    {
        List<DeletionId> again = [];
        var (begun, seen) = (time.GetTimestamp(), 0);
        await foreach (var (place, done) in deletions.DoneSinceAsync(since, after, cancellationToken))
        {
            if (seen > 0 && (seen >= most || (most < int.MaxValue && time.GetElapsedTime(begun) > SliceTime)))
                return new RecheckSlice(again, after);
            (after, seen) = (place, seen + 1);
            if (done.CompletedAt is null)
            {
                // Opened again before: it may have broken off before anybody was told.
                await deletions.KeepOpenAsync(done, cancellationToken);
                again.Add(done.Id);
                continue;
            }
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
            var opened = await deletions.WriteAsync(done with { CompletedAt = null, Scope = scope, Provider = ProviderPart.Pending, FoundAgain = done.FoundAgain + 1 }, cancellationToken);
            // Between the two writes a sweep may have seen one that is done, and closed it.
            await deletions.KeepOpenAsync(opened, cancellationToken);
            again.Add(done.Id);
        }
        return new RecheckSlice(again, null);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Of the client of deletion {Deletion} there are {Left} items again; it is deleted again")]
        public static partial void Found(ILogger logger, DeletionId deletion, long left);
    }
}

/// <summary>What a slice found.</summary>
/// <param name="Again">Deletions that are under way again: start them.</param>
/// <param name="Continuation">Where the next slice goes on; null at the end.</param>
public sealed record RecheckSlice(IReadOnlyList<DeletionId> Again, string? Continuation);
