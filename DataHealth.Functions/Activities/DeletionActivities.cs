using DataHealth.Core;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Activities;

/// <summary>A deletion to stop its client for.</summary>
/// <param name="DeletionId">The deletion.</param>
/// <param name="Force">Its run has not ended by itself for too long: end its orchestration.</param>
public sealed record StopInput(string DeletionId, bool Force);

/// <summary>A slice to erase.</summary>
public sealed record EraseInput(string DeletionId, ErasureStage Stage);

/// <summary>Whether a client's work has stopped.</summary>
public enum ClientStopState
{
    /// <summary>The deletion is done, or never began.</summary>
    Nothing,

    /// <summary>Its run is about to end.</summary>
    Stopping,

    /// <summary>Nothing works for it any more.</summary>
    Stopped,
}

/// <summary>The steps of a deletion. They take and give no client's id: the deletion's history outlives the client.</summary>
public sealed class DeletionActivities(CarryOutDeletion deletion, DeletionStore deletions)
{
    [Function(nameof(StopClient))]
    public async Task<ClientStopState> StopClient([ActivityTrigger] StopInput input, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (await deletion.StopAsync(new DeletionId(input.DeletionId), cancellationToken) is not { } running)
            return ClientStopState.Nothing;
        var state = ClientStopState.Stopped;
        foreach (var instance in InstancesOf(running.Client))
        {
            if (await IsOverAsync(durable, instance, cancellationToken))
                continue;
            state = ClientStopState.Stopping;
            if (input.Force)
                await durable.TerminateInstanceAsync(instance, cancellationToken);
            else if (instance == SyncStarter.InstanceId(running.Client))
                await SyncStarter.WakeAsync(durable, running.Client, cancellationToken);
        }
        return state;
    }

    [Function(nameof(CountTraces))]
    public Task CountTraces([ActivityTrigger] string deletionId, CancellationToken cancellationToken) => deletion.CountAsync(new DeletionId(deletionId), cancellationToken);

    [Function(nameof(EraseSlice))]
    public Task<bool> EraseSlice([ActivityTrigger] EraseInput input, CancellationToken cancellationToken) =>
        deletion.EraseAsync(new DeletionId(input.DeletionId), input.Stage, cancellationToken);

    [Function(nameof(LeaveProvider))]
    public Task<bool> LeaveProvider([ActivityTrigger] string deletionId, CancellationToken cancellationToken) => deletion.LeaveAsync(new DeletionId(deletionId), cancellationToken);

    [Function(nameof(PurgeHistories))]
    public async Task<bool> PurgeHistories([ActivityTrigger] string deletionId, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (await deletions.FindOpenAsync(new DeletionId(deletionId), cancellationToken) is not { } running)
            return true;
        var isDone = true;
        // The fan-out's history names the clients that were due when it last ran.
        foreach (var instance in (string[])[.. InstancesOf(running.Client), FanOut.InstanceId])
            isDone &= await PurgeAsync(durable, instance, cancellationToken);
        return isDone;
    }

    [Function(nameof(VerifyDeletion))]
    public async Task<bool> VerifyDeletion([ActivityTrigger] string deletionId, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        // A run that was asked for as the deletion began may have started after its place was purged.
        await deletion.VerifyAsync(new DeletionId(deletionId), cancellationToken)
        && (await deletions.FindOpenAsync(new DeletionId(deletionId), cancellationToken) is not { } running || await AreGoneAsync(durable, running.Client, cancellationToken));

    [Function(nameof(CompleteDeletion))]
    public Task CompleteDeletion([ActivityTrigger] string deletionId, CancellationToken cancellationToken) => deletion.CompleteAsync(new DeletionId(deletionId), cancellationToken);

    private static string[] InstancesOf(ClientId client) => [SyncStarter.InstanceId(client), Recalculation.InstanceId(client)];

    private static async Task<bool> AreGoneAsync(DurableTaskClient durable, ClientId client, CancellationToken cancellationToken)
    {
        foreach (var instance in InstancesOf(client))
        {
            if (await durable.GetInstanceAsync(instance, cancellationToken) is not null)
                return false;
        }
        return true;
    }

    private static async Task<bool> IsOverAsync(DurableTaskClient durable, string instance, CancellationToken cancellationToken) =>
        await durable.GetInstanceAsync(instance, cancellationToken) is not { } there || SyncStarter.IsOver(there.RuntimeStatus);

    private static async Task<bool> PurgeAsync(DurableTaskClient durable, string instance, CancellationToken cancellationToken)
    {
        if (await durable.GetInstanceAsync(instance, cancellationToken) is not { } there)
            return true;
        if (!SyncStarter.IsOver(there.RuntimeStatus))
            return false;
        try
        {
            await durable.PurgeInstanceAsync(instance, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // Started again in this moment.
            return false;
        }
        return await durable.GetInstanceAsync(instance, cancellationToken) is null;
    }
}
