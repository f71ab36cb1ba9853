using DataHealth.Core.Health.History;
using DataHealth.Core.Sync;
using DataHealth.Functions.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataHealth.Functions.Orchestrations;

/// <summary>
/// Judges past month-ends of a client by the rules of today, one after another. In the place of the client's recalculation (<see cref="Recalculation.InstanceId"/>): never beside one, and what is pressed meanwhile is done between two months.
/// Which months, and how far it is, stands in our tables.
/// </summary>
public static class HistoryRecomputation
{
    private const int StepsInOneHistory = 60;

    // A day: no sync works for longer without a pause.
    private const int MostWaits = 2_880;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    [Function(nameof(HistoryRecomputation))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<HistoryRecomputationInput>() ?? throw new InvalidOperationException("A recomputation needs its client.");
        try
        {
            if (await GoOnAsync(context, input) is { } next)
                context.ContinueAsNew(next);
        }
        catch (TaskFailedException)
        {
            // The activity's own retries are spent: what was asked for must not stand as if it were at work.
            await context.CallActivityAsync(nameof(HealthActivities.GiveUpRecomputation), input.ClientId, ActivityRetries.OwnStorage);
        }
    }

    private static async Task<HistoryRecomputationInput?> GoOnAsync(TaskOrchestrationContext context, HistoryRecomputationInput input)
    {
        for (var step = 0; step < StepsInOneHistory; step++)
        {
            var now = await context.CallActivityAsync<RecomputationProgress>(nameof(HealthActivities.RecomputeMonth), input.ClientId, ActivityRetries.Recalculation);
            // Who waits for the score of today comes before the months of the past.
            if (now.IsRecalculationAsked && !input.LeavesRecalculation)
                input = input with { LeavesRecalculation = !await RecalculateAsync(context, input) };
            if (now.Step is RecomputationStep.Over)
                return null;
            if (now.Step is not RecomputationStep.Wait)
                continue;
            input = input with { Waits = input.Waits + 1 };
            if (input.Waits > MostWaits)
            {
                await context.CallActivityAsync(nameof(HealthActivities.GiveUpRecomputation), input.ClientId, ActivityRetries.OwnStorage);
                return null;
            }
            await context.CreateTimer(Wait, CancellationToken.None);
        }
        return input;
    }

    private static async Task<bool> RecalculateAsync(TaskOrchestrationContext context, HistoryRecomputationInput input)
    {
        try
        {
            await context.CallActivityAsync<HealthStep>(nameof(HealthActivities.Recalculate), new RecalculationInput(input.ClientId) { IsWish = true }, ActivityRetries.Recalculation);
            return true;
        }
        catch (TaskFailedException)
        {
            // The press stands as a wish: the sweeper tries it again when this has ended.
            return false;
        }
    }
}

/// <summary>What a recomputation knows.</summary>
/// <param name="ClientId">Whose.</param>
public sealed record HistoryRecomputationInput(string ClientId)
{
    /// <summary>How often it waited for a sync or a recalculation.</summary>
    public int Waits { get; init; }

    /// <summary>A recalculation that was pressed meanwhile failed: it is not tried again here.</summary>
    public bool LeavesRecalculation { get; init; }
}
