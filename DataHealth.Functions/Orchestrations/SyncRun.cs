using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Functions.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataHealth.Functions.Orchestrations;

/// <summary>One run of a client's sync: plan, slices side by side, pauses, the score, receipt. It decides and never does; the work is in the activities.</summary>
public static class SyncRun
{
    /// <summary>Wakes a paused run: the limit has lifted, or the connection is gone.</summary>
    public const string WakeEvent = "wake";

    // A run that sleeps for longer shows what there is to say of the copy so far.
    private static readonly TimeSpan LongPause = TimeSpan.FromHours(1);

    // Far above any real run (a slice is up to 200 calls); a run that reaches it goes in circles.
    private const int MaxSteps = 20_000;

    [Function(nameof(SyncRun))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<SyncRunInput>() ?? throw new InvalidOperationException("A sync run needs its client and run.");
        try
        {
            await GoOnAsync(context, input);
        }
        catch (TaskFailedException failure)
        {
            // The activity's own retries are spent. The run must not be left as running: its record gets the words.
            await FinishAsync(context, input, input.Round?.Results ?? [], new ProviderFault(FaultKind.OurStorage, $"{failure.TaskName}: {failure.FailureDetails.ErrorType}"));
        }
    }

    private static async Task GoOnAsync(TaskOrchestrationContext context, SyncRunInput input)
    {
        if (input.Steps > MaxSteps)
        {
            await FinishAsync(context, input, input.Round?.Results ?? [], new ProviderFault(FaultKind.BadAnswer, $"The run did not end within {MaxSteps} steps."));
            return;
        }
        if ((input.Round ?? await PlanAsync(context, input)) is not { } round)
            return;
        context.SetCustomStatus("running");
        using var pass = new SyncPass(context, input, round);
        var end = await pass.ReadAsync();
        input = input with { Round = pass.Round, Steps = input.Steps + pass.Steps };
        switch (end)
        {
            case PassEnd.Superseded:
                return;
            case PassEnd.Paused paused:
                if (!await SleepAsync(context, input, paused))
                    return;
                // A new generation after each pause bounds the history of a run that takes days.
                context.ContinueAsNew(input with { Steps = input.Steps + 1 });
                return;
            case PassEnd.HistoryFull:
                context.ContinueAsNew(input);
                return;
            default:
                await FinishAsync(context, input, pass.Round.Results, null, await RecalculateAsync(context, input, pass.Round.Results));
                return;
        }
    }

    // A dataset that failed is judged as it stood before, and how far each was copied stands beside the score. The copy is good whatever becomes of the score: the receipt tells it.
    private static async Task<HealthStep?> RecalculateAsync(TaskOrchestrationContext context, SyncRunInput input, IReadOnlyList<SliceResult> results)
    {
        if (results.Count == 0 || results.Any(result => result.State is not (SliceState.Completed or SliceState.Failed)))
            return null;
        context.SetCustomStatus("recalculating");
        return await JudgeAsync(context, input);
    }

    private static async Task<HealthStep> JudgeAsync(TaskOrchestrationContext context, SyncRunInput input)
    {
        try
        {
            return await context.CallActivityAsync<HealthStep>(nameof(HealthActivities.Recalculate), new RecalculationInput(input.ClientId), ActivityRetries.Recalculation);
        }
        catch (TaskFailedException)
        {
            return HealthStep.Failed;
        }
    }

    private static async Task<SyncRound?> PlanAsync(TaskOrchestrationContext context, SyncRunInput input)
    {
        var plan = await context.CallActivityAsync<RunPlan>(nameof(SyncActivities.PlanSync), new RunReference(input.ClientId, input.RunId), ActivityRetries.OwnStorage);
        return plan.State is PlanState.Superseded ? null : new SyncRound(plan.Datasets, Math.Max(1, plan.SideBySide), [], new Dictionary<string, int>()) { RetryDelay = plan.RetryDelay };
    }

    private static async Task<bool> SleepAsync(TaskOrchestrationContext context, SyncRunInput input, PassEnd.Paused paused)
    {
        var pause = new PauseInput(input.ClientId, input.RunId, paused.Until, paused.Limit, paused.IsEstimate);
        if (!await context.CallActivityAsync<bool>(nameof(SyncActivities.PauseSync), pause, ActivityRetries.OwnStorage))
            return false;
        context.SetCustomStatus($"paused by {paused.Limit} until {paused.Until.UtcDateTime:O}");
        // Checks whose datasets are complete have their say before the others; a first copy may take days.
        if (paused.Until.UtcDateTime - context.CurrentUtcDateTime > LongPause)
            await JudgeAsync(context, input);
        var wait = paused.Until.UtcDateTime - context.CurrentUtcDateTime;
        if (wait > TimeSpan.Zero)
        {
            try
            {
                await context.WaitForExternalEvent<string>(WakeEvent, wait);
            }
            catch (OperationCanceledException)
            {
                // The time has come.
            }
        }
        return await context.CallActivityAsync<bool>(nameof(SyncActivities.ContinueSync), new RunReference(input.ClientId, input.RunId), ActivityRetries.OwnStorage);
    }

    private static async Task FinishAsync(TaskOrchestrationContext context, SyncRunInput input, IReadOnlyList<SliceResult> results, ProviderFault? fault, HealthStep? health = null)
    {
        var finish = new FinishInput(input.ClientId, input.RunId, results, fault) { Health = health };
        var ended = await context.CallActivityAsync<FinishResult>(nameof(SyncActivities.FinishSync), finish, ActivityRetries.OwnStorage);
        context.SetCustomStatus(ended.State.ToString());
        if (ended.State is FinishState.OneMorePass)
            context.ContinueAsNew(input with { Round = null, Steps = input.Steps + 1 });
    }
}
