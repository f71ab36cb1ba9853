using DataHealth.Core;
using DataHealth.Core.Clients.Deletion;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Orchestrations;

/// <summary>Starts the orchestrations of deletions. Starting is idempotent: one instance a deletion, and one that runs is left alone.</summary>
public static class DeletionStarter
{
    /// <summary>Starts it, or again where it has failed.</summary>
    public static Task StartAsync(DurableTaskClient durable, DeletionId deletion, CancellationToken cancellationToken) =>
        StartAsync(durable, $"deletion-{deletion}", nameof(ClientErasure), new ErasureInput(deletion.Value), cancellationToken);

    /// <summary>Starts that of a practice, or again where it has failed.</summary>
    public static Task StartAsync(DurableTaskClient durable, PracticeId practice, CancellationToken cancellationToken) =>
        StartAsync(durable, $"practice-deletion-{practice}", nameof(PracticeErasure), new PracticeErasureInput(practice.Value), cancellationToken);

    private static async Task StartAsync(DurableTaskClient durable, string id, string orchestration, object input, CancellationToken cancellationToken)
    {
        if (await durable.GetInstanceAsync(id, cancellationToken) is { } there && !SyncStarter.IsOver(there.RuntimeStatus))
            return;
        try
        {
            await durable.ScheduleNewOrchestrationInstanceAsync(orchestration, input, new StartOrchestrationOptions(id), cancellationToken);
        }
        catch (Exception refused) when (SyncStarter.IsDuplicate(refused))
        {
            // Started by somebody else at the same moment.
        }
    }
}
