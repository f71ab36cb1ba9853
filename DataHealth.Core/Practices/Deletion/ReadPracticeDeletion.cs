using DataHealth.Core.Clients.Deletion;

namespace DataHealth.Core.Practices.Deletion;

/// <summary>How far the deletion of a practice is.</summary>
public sealed class ReadPracticeDeletion(PracticeDeletionStore deletions, DeletionStore clients)
{
    /// <summary>Reads it; null where nobody asked for one.</summary>
    public async Task<PracticeDeletion?> ExecuteAsync(PracticeId practice, CancellationToken cancellationToken)
    {
        if (await deletions.FindAsync(practice, cancellationToken) is not { } deletion)
            return null;
        if (deletion.CompletedAt is not null)
            return deletion with { ClientsDone = deletion.Clients };
        var done = await clients.CountDoneAsync(practice, deletion.RequestedAt, cancellationToken);
        // One that was added since is deleted as well.
        return deletion with { ClientsDone = done, Clients = Math.Max(deletion.Clients, done) };
    }
}
