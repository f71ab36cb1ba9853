using DataHealth.Core;
using DataHealth.Core.Operations;
using DataHealth.Core.Sync;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Orchestrations;

/// <summary>Starts and wakes sync orchestrations. Starting is idempotent: one instance per client, and being refused because it runs already is a normal end.</summary>
public sealed partial class SyncStarter(ILogger<SyncStarter> logger)
{
    // The instance of the run before may still be closing when the next run is claimed: it takes moments. What it does not solve, the sweeper does.
    private const int Tries = 25;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    /// <summary>The orchestration of that client's sync.</summary>
    public static string InstanceId(ClientId client) => $"sync-{client.Value}";

    /// <summary>Does what a ticket asks for.</summary>
    public async Task CarryOutAsync(DurableTaskClient durable, ClientId client, SyncTicket ticket, CancellationToken cancellationToken)
    {
        if (ticket is { MustStart: true, RunId: { } run })
            await StartAsync(durable, client, run, cancellationToken);
        else if (ticket.MustWake)
            await WakeAsync(durable, client, cancellationToken);
    }

    /// <summary>Starts that run's orchestration; false when another run's instance still holds the place.</summary>
    public async Task<bool> StartAsync(DurableTaskClient durable, ClientId client, RunId run, CancellationToken cancellationToken)
    {
        var id = InstanceId(client);
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var there = await durable.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken);
            if (there is null || IsOver(there.RuntimeStatus))
            {
                try
                {
                    await durable.ScheduleNewOrchestrationInstanceAsync(
                        nameof(SyncRun), new SyncRunInput(client.Value, run.Value), new Microsoft.DurableTask.StartOrchestrationOptions(id), cancellationToken);
                    return true;
                }
                catch (Exception refused) when (IsDuplicate(refused))
                {
                    Log.Refused(logger, refused, id);
                }
            }
            else if (there.ReadInputAs<SyncRunInput>()?.RunId == run.Value)
            {
                return true;
            }
            await Task.Delay(BetweenTries, cancellationToken);
        }
        Log.PlaceTaken(logger, id, run);
        return false;
    }

    /// <summary>Wakes a paused run; without one it does nothing.</summary>
    public static Task WakeAsync(DurableTaskClient durable, ClientId client, CancellationToken cancellationToken) =>
        durable.RaiseEventAsync(InstanceId(client), SyncRun.WakeEvent, "wake", cancellationToken);

    /// <summary>Lets a run go on: starts its orchestration where there is none, lets a suspended one on, wakes a sleeping one.</summary>
    public async Task ResumeAsync(DurableTaskClient durable, ClientId client, RunId run, string reason, CancellationToken cancellationToken)
    {
        var id = InstanceId(client);
        if (!await StartAsync(durable, client, run, cancellationToken))
            return;
        if (await durable.GetInstanceAsync(id, cancellationToken) is { RuntimeStatus: OrchestrationRuntimeStatus.Suspended })
        {
            try
            {
                await durable.ResumeInstanceAsync(id, reason, cancellationToken);
            }
            catch (Exception ended) when (ended is InvalidOperationException || ended.GetType().Name == "RpcException")
            {
                // It went on or ended in this moment.
                Log.EndedItself(logger, ended, id);
            }
        }
        await WakeAsync(durable, client, cancellationToken);
    }

    /// <summary>Ends the orchestration of a run whose row has ended. One that works sees it by itself; one that hangs, sleeps or is suspended does not.</summary>
    public async Task EndAsync(DurableTaskClient durable, ClientId client, RunId run, CancellationToken cancellationToken)
    {
        var id = InstanceId(client);
        if (await durable.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is not { } there
            || IsOver(there.RuntimeStatus) || there.ReadInputAs<SyncRunInput>()?.RunId != run.Value)
            return;
        try
        {
            await durable.TerminateInstanceAsync(id, "ended by support", cancellationToken);
        }
        catch (Exception ended) when (ended is InvalidOperationException || ended.GetType().Name == "RpcException")
        {
            // It ended in this moment; the client's next run finds its place free.
            Log.EndedItself(logger, ended, id);
        }
    }

    /// <summary>Starts the orchestration of a batch of replays; one that runs already is success.</summary>
    public async Task StartBatchAsync(DurableTaskClient durable, ReplayBatch batch, CancellationToken cancellationToken)
    {
        var id = BulkReplay.InstanceId(batch.Id);
        if (await durable.GetInstanceAsync(id, cancellationToken) is { } there && !IsOver(there.RuntimeStatus))
            return;
        try
        {
            await durable.ScheduleNewOrchestrationInstanceAsync(
                nameof(BulkReplay), new BulkReplayRunInput(batch.Id, batch.PerMinute), new Microsoft.DurableTask.StartOrchestrationOptions(id), cancellationToken);
        }
        catch (Exception refused) when (IsDuplicate(refused))
        {
            Log.Refused(logger, refused, id);
        }
    }

    /// <summary>True when an instance has ended, so that its id may be used again.</summary>
    public static bool IsOver(OrchestrationRuntimeStatus status) => status
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>True when a start was refused because the instance runs already.</summary>
    // The client throws OrchestrationAlreadyExistsException (an InvalidOperationException) or, in other versions, Grpc's RpcException: a type that we do not reference.
    internal static bool IsDuplicate(Exception exception) =>
        exception is InvalidOperationException
        || (exception.GetType().Name == "RpcException" && exception.Message.Contains("already exists", StringComparison.OrdinalIgnoreCase));

    private static partial class Log
    {
        [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "{Instance} was started by somebody else at the same moment.")]
        public static partial void Refused(ILogger logger, Exception refused, string instance);

        [LoggerMessage(EventId = 1103, Level = LogLevel.Information, Message = "{Instance} had gone on or ended by itself before it was told to.")]
        public static partial void EndedItself(ILogger logger, Exception ended, string instance);

        [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "{Instance} is still held by an earlier run; run {Run} is started by the sweeper.")]
        public static partial void PlaceTaken(ILogger logger, string instance, RunId run);
    }
}
