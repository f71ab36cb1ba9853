using DataHealth.Core;
using DataHealth.Core.Sync;
using DataHealth.Functions.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Orchestrations;

/// <summary>Recalculates a client's health without syncing. One instance a client, so never two by a press; killed, it goes on by itself.</summary>
public static class Recalculation
{
    // How often it is looked whether the one at work has heard of it.
    private const int Looks = 4;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    // Pressed once more: what has changed since the first press may have come too late for it.
    private const string AgainEvent = "again";

    /// <summary>The orchestration of that client's recalculation.</summary>
    public static string InstanceId(ClientId client) => $"health-{client.Value}";

    [Function(nameof(Recalculation))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<RecalculationInput>() ?? throw new InvalidOperationException("A recalculation needs its client.");
        var again = context.WaitForExternalEvent<string>(AgainEvent);
        context.SetCustomStatus((await context.CallActivityAsync<HealthStep>(nameof(HealthActivities.Recalculate), input, ActivityRetries.Recalculation)).ToString());
        // Once, however often it was pressed meanwhile: the next one begins after all of them.
        if (again.IsCompleted)
            context.ContinueAsNew(input, preserveUnprocessedEvents: false);
    }

    /// <summary>Starts it; false when one is at work, which then begins once more when it is done.</summary>
    public static async Task<bool> StartAsync(DurableTaskClient durable, ClientId client, CancellationToken cancellationToken)
    {
        if (await StandsAsync(durable, client, null, cancellationToken) == RecalculationState.Running)
        {
            await durable.RaiseEventAsync(InstanceId(client), AgainEvent, "again", cancellationToken);
            // One that was ending at this moment has not heard it, and is over soon: then another is started.
            for (var look = 0; look < Looks && await StandsAsync(durable, client, null, cancellationToken) == RecalculationState.Running; look++)
                await Task.Delay(BetweenLooks, cancellationToken);
            if (await StandsAsync(durable, client, null, cancellationToken) == RecalculationState.Running)
                return false;
        }
        try
        {
            await durable.ScheduleNewOrchestrationInstanceAsync(nameof(Recalculation), new RecalculationInput(client.Value), new StartOrchestrationOptions(InstanceId(client)), cancellationToken);
            return true;
        }
        catch (Exception refused) when (SyncStarter.IsDuplicate(refused))
        {
            // Started by somebody else at the same moment.
            return false;
        }
    }

    /// <summary>Where the latest that was asked for by itself stands; one that failed before the visible result was reckoned is forgotten.</summary>
    public static async Task<RecalculationState> StandsAsync(DurableTaskClient durable, ClientId client, DateTimeOffset? calculatedAt, CancellationToken cancellationToken) =>
        await durable.GetInstanceAsync(InstanceId(client), cancellationToken) switch
        {
            { RuntimeStatus: OrchestrationRuntimeStatus.Failed } failed => failed.LastUpdatedAt < calculatedAt ? RecalculationState.None : RecalculationState.Failed,
            { } there when !SyncStarter.IsOver(there.RuntimeStatus) => RecalculationState.Running,
            _ => RecalculationState.None,
        };
}

/// <summary>Where a recalculation stands.</summary>
public enum RecalculationState
{
    /// <summary>None is at work.</summary>
    None,

    /// <summary>One is at work.</summary>
    Running,

    /// <summary>The latest failed; what was visible before still is.</summary>
    Failed,
}
