using DataHealth.Core.Operations;
using DataHealth.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Activities;

/// <summary>The next runs of a batch.</summary>
/// <param name="BatchId">Which batch.</param>
/// <param name="Take">At most so many.</param>
public sealed record ReplayNextInput(string BatchId, int Take);

/// <summary>The steps of a bulk replay. They may run more than once: each run is claimed once.</summary>
public sealed class SupportActivities(ReplayBatches batches, SyncStarter starter)
{
    /// <summary>Replays the next runs of a batch; how many there were, 0 when none is left.</summary>
    [Function(nameof(ReplayNext))]
    public async Task<int> ReplayNext([ActivityTrigger] ReplayNextInput input, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (await batches.FindAsync(input.BatchId, cancellationToken) is not { FinishedAt: null } batch)
            return 0;
        var next = await batches.NextAsync(batch.Id, input.Take, cancellationToken);
        foreach (var run in next)
        {
            var ticket = await batches.ReplayAsync(batch, run, cancellationToken);
            await starter.CarryOutAsync(durable, run.Client, ticket, cancellationToken);
            await batches.NoteAsync(batch.Id, run, ticket, cancellationToken);
        }
        if (next.Count == 0)
            await batches.FinishAsync(batch.Id, cancellationToken);
        return next.Count;
    }
}
