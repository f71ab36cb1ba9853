using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>
/// The activities that run in this process, each once: an instance that is loaded again, after its storage failed for a while, finds its activities
/// still running instead of starting them a second time.
/// </summary>
internal sealed partial class ActivityRuns(IDurableFunctions functions, DurableSettings settings, ILogger<ActivityRuns> log) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(settings.MaxActivities);
    private readonly ConcurrentDictionary<ActivityKey, Task<HistoryEvent?>> _runs = new();

    /// <summary>
    /// The run of this activity, begun when it is not there; <paramref name="done"/> is told when it has completed. Its result is null when the host stopped first: it has to run again.
    /// </summary>
    public Task<HistoryEvent?> RunAsync(ActivityKey key, ActivityScheduled activity, string traceParent, Action done, CancellationToken stop) =>
        _runs.GetOrAdd(key, _ =>
        {
            var run = Task.Run(() => ExecuteAsync(key, activity, traceParent, stop), CancellationToken.None);
            // Only once the result can be seen: whoever is told earlier finds nothing, and sleeps until its lease needs renewing.
            run.ContinueWith(_ => done(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return run;
        });

    public void Forget(string instanceId)
    {
        foreach (var key in _runs.Keys.Where(key => key.InstanceId == instanceId))
            _runs.TryRemove(key, out _);
    }

    public void Forget(ActivityKey key) => _runs.TryRemove(key, out _);

    public void Dispose() => _slots.Dispose();

    private async Task<HistoryEvent?> ExecuteAsync(ActivityKey key, ActivityScheduled activity, string traceParent, CancellationToken stop)
    {
        try
        {
            await _slots.WaitAsync(stop);
            try
            {
                return functions.HasActivity(activity.Name)
                    ? new ActionCompleted(activity.Id) { Data = await functions.RunActivityAsync(activity.Name, key.InstanceId, activity.Data, traceParent, stop) }
                    : Missing(activity);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (Exception stopped) when (stop.IsCancellationRequested)
        {
            Log.Stopped(log, stopped, activity.Name, key.InstanceId);
            return null;
        }
#pragma warning disable CA1031 // Whatever an activity throws is the orchestrator's to handle.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new ActionFailed(activity.Id, TaskFailureDetails.FromException(failure));
        }
    }

    private static ActionFailed Missing(ActivityScheduled activity) => new(
        activity.Id,
        new("ActivityTaskNotFound", $"The function '{activity.Name}' doesn't exist, is disabled, or is not an activity function.", null, null, null),
        Final: true);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Activity {Activity} of {InstanceId} was stopped with the host and will run again.")]
        public static partial void Stopped(ILogger log, Exception exception, string activity, string instanceId);
    }
}

/// <summary>One activity of one generation of one execution.</summary>
internal sealed record ActivityKey(string InstanceId, string Execution, int Generation, int Id);
