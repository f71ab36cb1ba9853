using DataHealth.Core.Clients.Deletion;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Orchestrations;

/// <summary>Starts the orchestrations of deletions. Starting is idempotent: one instance a deletion, and one that runs is left alone.</summary>
public static class DeletionStarter
{
    /// <summary>Starts it, or again where it has failed.</summary>
    public static async Task StartAsync(DurableTaskClient durable, DeletionId deletion, CancellationToken cancellationToken)
    {
        var id = $"deletion-{deletion}";
        if (await durable.GetInstanceAsync(id, cancellationToken) is { } there && !SyncStarter.IsOver(there.RuntimeStatus))
            return;
        try
        {
            await durable.ScheduleNewOrchestrationInstanceAsync(nameof(ClientErasure), new ErasureInput(deletion.Value), new StartOrchestrationOptions(id), cancellationToken);
        }
        catch (Exception refused) when (SyncStarter.IsDuplicate(refused))
        {
            // Started by somebody else at the same moment.
        }
    }
}
