using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Retention;

/// <summary>
/// Where each daily round of retention stands: table <c>retention</c>, a row for each part of it. A round is done in slices, one at a tick of the timer; the next one begins a day after
/// the one before began. Two at a time do the same work twice and harm nothing.
/// </summary>
public sealed class RetentionCursors(AppStorage storage, TimeProvider time)
{
    internal const string Table = "retention";
    internal const string Partition = "cursor";
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromHours(20);

    /// <summary>Where a part goes on.</summary>
    /// <param name="part">Which part.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Null while its round of the day is over; else what <see cref="MoveAsync"/> was given, empty at the beginning of a round.</returns>
    public async Task<RetentionCursor?> FindAsync(string part, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(Partition, part, cancellationToken: cancellationToken);
        var now = time.GetUtcNow();
        var after = found.HasValue ? found.Value!.GetString("After") ?? "" : "";
        var begun = found.HasValue ? found.Value!.GetDateTimeOffset("BegunAt") : null;
        if (after.Length > 0)
            return new RetentionCursor(part, after, begun ?? now);
        return now - begun < BetweenRounds ? null : new RetentionCursor(part, "", now);
    }

    /// <summary>Notes how far a slice came.</summary>
    /// <param name="cursor">From <see cref="FindAsync"/>.</param>
    /// <param name="after">Where the next slice goes on; empty when the round is over.</param>
    /// <param name="cancellationToken">Cancels the note: the slice is done once more.</param>
    public async Task MoveAsync(RetentionCursor cursor, string after, CancellationToken cancellationToken) =>
        await (await storage.TableAsync(Table, cancellationToken)).UpsertEntityAsync(
            new TableEntity(Partition, cursor.Part) { ["After"] = after, ["BegunAt"] = cursor.BegunAt }, TableUpdateMode.Replace, cancellationToken);
}

/// <summary>Where a part of retention goes on.</summary>
/// <param name="Part">Which part.</param>
/// <param name="After">Behind this; empty at the beginning of a round.</param>
/// <param name="BegunAt">When its round began.</param>
public sealed record RetentionCursor(string Part, string After, DateTimeOffset BegunAt);
