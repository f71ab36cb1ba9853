using DataHealth.Functions.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataHealth.Functions.Orchestrations;

/// <summary>
/// Starts the runs of the clients that are due, window by window. Its activities start the runs and do not wait for them, so that a paused client holds back none.
/// A limit of the provider on our whole app ends it; the timer begins again a few minutes later.
/// </summary>
public static class FanOut
{
    /// <summary>One at a time: a second start is refused by the id.</summary>
    public const string InstanceId = "fan-out";

    private const int WindowSize = 20;
    private const int MaxWindows = 50;

    // Lets the limits show before more clients are sent against them.
    private static readonly TimeSpan BetweenWindows = TimeSpan.FromSeconds(10);

    [Function(nameof(FanOut))]
    public static async Task<int> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var started = 0;
        for (var window = 1; window <= MaxWindows; window++)
        {
            var due = await context.CallActivityAsync<string[]>(nameof(DueActivities.TakeDue), WindowSize, ActivityRetries.OwnStorage);
            var results = await Task.WhenAll(due.Select(client => StartAsync(context, client)));
            started += results.Count(result => result is DueStart.Started);
            // Without progress the same clients would come again and again.
            if (due.Length < WindowSize || results.Contains(DueStart.AppLimited) || results.All(result => result is DueStart.Failed))
                return started;
            await context.CreateTimer(BetweenWindows, CancellationToken.None);
        }
        return started;
    }

    private static async Task<DueStart> StartAsync(TaskOrchestrationContext context, string client)
    {
        try
        {
            return await context.CallActivityAsync<DueStart>(nameof(DueActivities.StartDueSync), client, ActivityRetries.OwnStorage);
        }
        catch (TaskFailedException)
        {
            // One client that cannot be started holds back none of the others.
            return await PostponeAsync(context, client);
        }
    }

    private static async Task<DueStart> PostponeAsync(TaskOrchestrationContext context, string client)
    {
        try
        {
            return await context.CallActivityAsync<DueStart>(nameof(DueActivities.PostponeDue), client, ActivityRetries.OwnStorage);
        }
        catch (TaskFailedException)
        {
            return DueStart.Failed;
        }
    }
}
