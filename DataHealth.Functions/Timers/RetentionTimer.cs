using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Retention;
using DataHealth.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Timers;

/// <summary>Forgets what is older than the retention, a slice at a tick, and looks once a day whether clients that were deleted lately are gone indeed.</summary>
public sealed partial class RetentionTimer(
    ForgetThePast forget, RecheckDeletions recheck, IOptions<RetentionOptions> retention, IOptions<DeletionOptions> deletion, TimeProvider time, ILogger<RetentionTimer> logger)
{
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(60);

    // The platform wants a beginning, too.
    private static readonly DateTimeOffset Always = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Function("Retention")]
    public async Task RunAsync([TimerTrigger("%RetentionSchedule%")] TimerInfo timer, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var slice = await forget.ExecuteAsync(cancellationToken);
        if (slice is not { Runs: 0, Events: 0, Audit: 0 })
            Log.Forgotten(logger, slice.Runs, slice.Events, slice.Audit);
        if (!slice.BeganRound)
            return;
        foreach (var found in await recheck.ExecuteAsync(time.GetUtcNow() - deletion.Value.RecheckFor, cancellationToken))
            await DeletionStarter.StartAsync(durable, found, cancellationToken);
        var old = new PurgeInstancesFilter(
            Always, time.GetUtcNow() - retention.Value.Histories, [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated])
        { Timeout = SliceTime };
        var purged = await durable.PurgeAllInstancesAsync(old, cancellationToken);
        if (purged.PurgedInstanceCount > 0)
            Log.Purged(logger, purged.PurgedInstanceCount);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1240, Level = LogLevel.Information, Message = "Forgotten by age: {Runs} runs, {Events} lines of timelines, {Audit} rows of the audit.")]
        public static partial void Forgotten(ILogger logger, int runs, int events, int audit);

        [LoggerMessage(EventId = 1241, Level = LogLevel.Information, Message = "Histories of {Count} orchestrations that ended long ago are purged.")]
        public static partial void Purged(ILogger logger, int count);
    }
}
