using DataHealth.Core.Sync;
using DataHealth.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Timers;

/// <summary>Every few minutes: starts what is due. Missed nights are caught up by the first tick, since due clients stay due.</summary>
public sealed partial class DueSyncTimer(DueClients due, SyncMetrics metrics, TimeProvider time, ILogger<DueSyncTimer> logger)
{
    [Function("DueSync")]
    public async Task RunAsync([TimerTrigger("%DueSyncSchedule%")] TimerInfo timer, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        // First, so that it is told also when nothing can be started: just then it grows.
        var now = time.GetUtcNow();
        metrics.OldestDue(now - (await due.OldestAsync(cancellationToken) ?? now));
        await StartAsync(durable, cancellationToken);
    }

    private async Task StartAsync(DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (await durable.GetInstanceAsync(FanOut.InstanceId, cancellationToken) is { } there && !SyncStarter.IsOver(there.RuntimeStatus))
            return;
        try
        {
            await durable.ScheduleNewOrchestrationInstanceAsync(nameof(FanOut), new StartOrchestrationOptions(FanOut.InstanceId), cancellationToken);
        }
        catch (Exception refused) when (SyncStarter.IsDuplicate(refused))
        {
            Log.Refused(logger, refused);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1201, Level = LogLevel.Information, Message = "Another instance started the fan-out at the same moment.")]
        public static partial void Refused(ILogger logger, Exception refused);
    }
}
