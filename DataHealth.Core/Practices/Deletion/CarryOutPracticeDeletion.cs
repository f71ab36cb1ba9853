using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Practices.Deletion;

/// <summary>
/// The steps of a practice's deletion, for an orchestration that calls them in their order. Every step can be repeated at any point. The member who asked stays in until the clients are
/// gone, to see how far it is; all others are out with the first step.
/// </summary>
public sealed partial class CarryOutPracticeDeletion(
    AppStorage storage, PracticeDeletionStore deletions, DeletionStore clientDeletions, RequestDeletion request, MemberStore members, EndConsents consents, IEnumerable<PracticeTrace> traces,
    TimeProvider time, ILogger<CarryOutPracticeDeletion> logger)
{
    // So that a practice of thousands leaves room for everybody else's syncs.
    private const int AtATime = 10;
    private const int SliceRows = 1000;
    private const int MostSlices = 20;

    /// <summary>Counts what there is, once, and lets nobody in any more but the member who asked.</summary>
    /// <returns>False when there is nothing to do: nobody asked, or it is done.</returns>
    public async Task<bool> BeginAsync(PracticeId practice, CancellationToken cancellationToken)
    {
        if (await deletions.FindAsync(practice, cancellationToken) is not { CompletedAt: null } deletion)
            return false;
        if (deletion.Counts is null)
        {
            Dictionary<string, long> counts = new(StringComparer.Ordinal);
            foreach (var trace in traces)
                counts[trace.Name] = await trace.CountAsync(practice, cancellationToken);
            deletion = await deletions.WriteAsync(deletion with { Counts = counts }, cancellationToken);
        }
        await members.EraseAsync(practice, deletion.RequestedBy, cancellationToken);
        return true;
    }

    /// <summary>Begins the deletion of some more clients.</summary>
    /// <returns>Deletions whose orchestrations are to be started, which is repeatable; none when no client is left.</returns>
    public async Task<IReadOnlyList<DeletionId>> NextClientsAsync(PracticeId practice, CancellationToken cancellationToken)
    {
        if (await deletions.FindAsync(practice, cancellationToken) is not { CompletedAt: null } deletion)
            return [];
        List<DeletionId> running = [.. await clientDeletions.OpenAsync(practice, cancellationToken)];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {practice.Value}");
        var table = await storage.TableAsync(ClientStore.Table, cancellationToken);
        await foreach (var row in table.QueryAsync<TableEntity>(filter, 100, ["PartitionKey", "RowKey"], cancellationToken))
        {
            if (running.Count >= AtATime)
                break;
            if (await request.OpenAsync(practice, new ClientId(row.RowKey), DeletionKind.Client, deletion.RequestedBy, cancellationToken) is { } id && !running.Contains(id))
                running.Add(id);
        }
        return running;
    }

    /// <summary>Lets nobody in any more. What a process remembers of the member who asked is to be waited out, before it is asked again whether a client is left.</summary>
    public Task RemoveMembersAsync(PracticeId practice, CancellationToken cancellationToken) => members.EraseAsync(practice, null, cancellationToken);

    /// <summary>Erases the practice's own rows.</summary>
    /// <returns>True when nothing was left; false to be called again.</returns>
    public async Task<bool> EraseAsync(PracticeId practice, CancellationToken cancellationToken)
    {
        // What a consent for many clients added at the provider, and nobody matched.
        if (!await consents.OfPracticeAsync(practice, cancellationToken))
            return false;
        foreach (var trace in traces)
        {
            var slices = 0;
            while (!await trace.EraseAsync(practice, SliceRows, cancellationToken))
            {
                if (++slices == MostSlices)
                    return false;
            }
        }
        foreach (var trace in traces)
        {
            if (await trace.CountAsync(practice, cancellationToken) > 0)
                return false;
        }
        return true;
    }

    /// <summary>Turns the deletion into its certificate.</summary>
    public async Task CompleteAsync(PracticeId practice, CancellationToken cancellationToken)
    {
        if (await deletions.FindAsync(practice, cancellationToken) is not { CompletedAt: null } deletion)
            return;
        var clients = await clientDeletions.CountDoneAsync(practice, deletion.RequestedAt, cancellationToken);
        await deletions.WriteAsync(deletion with { CompletedAt = time.GetUtcNow(), Clients = clients }, cancellationToken);
        Log.Done(logger, practice, clients);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Practice {Practice} is deleted, with {Clients} clients")]
        public static partial void Done(ILogger logger, PracticeId practice, int clients);
    }
}
