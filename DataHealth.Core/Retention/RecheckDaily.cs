using DataHealth.Core.Clients.Deletion;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Retention;

/// <summary>Looks once a day whether the clients that were deleted lately are gone indeed, some at a tick: each look is a scan of every place where something of a client is kept.</summary>
public sealed class RecheckDaily(RecheckDeletions recheck, RetentionCursors cursors, IOptions<DeletionOptions> options, TimeProvider time)
{
    private const string Part = "recheck";
    private const int MostDeletions = 50;

    /// <summary>Does the next slice.</summary>
    /// <returns>Deletions that are under way again: start them.</returns>
    public async Task<IReadOnlyList<DeletionId>> ExecuteAsync(CancellationToken cancellationToken)
    {
        if (await cursors.FindAsync(Part, cancellationToken) is not { } cursor)
            return [];
        var slice = await recheck.SliceAsync(time.GetUtcNow() - options.Value.RecheckFor, cursor.After, MostDeletions, cancellationToken);
        await cursors.MoveAsync(cursor, slice.Continuation ?? "", cancellationToken);
        return slice.Again;
    }
}
