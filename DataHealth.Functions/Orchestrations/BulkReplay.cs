using DataHealth.Functions.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataHealth.Functions.Orchestrations;

/// <summary>Replays the runs of a batch, a few at a time, no faster than the batch says. Which runs, and what became of each, stands in our tables.</summary>
public static class BulkReplay
{
    private const int StepsInOneHistory = 100;

    // Six steps a minute keep a low pace even; a step of more than twenty would be long in one activity.
    private const int StepsInAMinute = 6;
    private const int MostAtATime = 20;

    /// <summary>The orchestration of that batch.</summary>
    public static string InstanceId(string batch) => $"replays-{batch}";

    [Function(nameof(BulkReplay))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<BulkReplayRunInput>() ?? throw new InvalidOperationException("A bulk replay needs its batch.");
        var take = Math.Clamp(input.PerMinute / StepsInAMinute, 1, MostAtATime);
        for (var step = 0; step < StepsInOneHistory; step++)
        {
            if (await context.CallActivityAsync<int>(nameof(SupportActivities.ReplayNext), new ReplayNextInput(input.BatchId, take), ActivityRetries.OwnStorage) == 0)
                return;
            await context.CreateTimer(TimeSpan.FromMinutes((double)take / input.PerMinute), CancellationToken.None);
        }
        context.ContinueAsNew(input);
    }
}

/// <summary>What a bulk replay knows.</summary>
/// <param name="BatchId">Its batch.</param>
/// <param name="PerMinute">Its pace.</param>
public sealed record BulkReplayRunInput(string BatchId, int PerMinute);
