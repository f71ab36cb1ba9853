using DataHealth.Core;
using DataHealth.Core.Sync;
using DataHealth.Functions.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataHealth.Functions.Orchestrations;

/// <summary>
/// Recalculates a client's health without syncing. It shares its place with <see cref="HistoryRecomputation"/>: one instance a client, so never two by a press and never one beside the other; killed, it goes on by itself.
/// </summary>
public static class Recalculation
{
    // How a second press was told before presses were rows (HealthWishes); instances of that time still listen for it.
    private const string AgainEvent = "again";

    /// <summary>The place of that client's recalculation.</summary>
    public static string InstanceId(ClientId client) => $"health-{client.Value}";

    [Function(nameof(Recalculation))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<RecalculationInput>() ?? throw new InvalidOperationException("A recalculation needs its client.");
        var again = context.WaitForExternalEvent<string>(AgainEvent);
        context.SetCustomStatus((await context.CallActivityAsync<HealthStep>(nameof(HealthActivities.Recalculate), input, ActivityRetries.Recalculation)).ToString());
        // Once, however often it was pressed meanwhile: the next one begins after all of them. What is pressed after this look the sweeper makes up for.
        if (again.IsCompleted || (input.IsWish && await context.CallActivityAsync<bool>(nameof(HealthActivities.IsRecalculationAsked), input.ClientId, ActivityRetries.OwnStorage)))
            context.ContinueAsNew(input, preserveUnprocessedEvents: false);
    }
}

/// <summary>Where a recalculation stands.</summary>
public enum RecalculationState
{
    /// <summary>None is at work.</summary>
    None,

    /// <summary>One is at work, or about to be.</summary>
    Running,

    /// <summary>The latest failed; what was visible before still is.</summary>
    Failed,
}
