using DataHealth.Core.Retention;
using DataHealth.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Timers;

/// <summary>Each in slices, one at a tick until its round of the day is over: forgets what is older than the retention, looks whether clients that were deleted lately are gone indeed, purges histories.</summary>
public sealed partial class RetentionTimer(
    ForgetThePast forget, RecheckDaily recheck, RetentionCursors cursors, IOptions<RetentionOptions> retention, TimeProvider time, ILogger<RetentionTimer> logger)
{
    private const string HistoriesPart = "histories";
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(60);

    // The platform wants a beginning, too.
    private static readonly DateTimeOffset Always = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Function("Retention")]
    public async Task RunAsync([TimerTrigger("%RetentionSchedule%")] TimerInfo timer, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        await TryAsync("what is old", async () =>
        {
            var slice = await forget.ExecuteAsync(cancellationToken);
            if (slice is not { Runs: 0, Events: 0, Audit: 0, Replays: 0 })
                Log.Forgotten(logger, slice.Runs, slice.Events, slice.Audit, slice.Replays);
        }, cancellationToken);
        await TryAsync("the second look at deletions", async () =>
        {
            foreach (var found in await recheck.ExecuteAsync(cancellationToken))
                await DeletionStarter.StartAsync(durable, found, cancellationToken);
        }, cancellationToken);
        await TryAsync("histories", () => PurgeAsync(durable, cancellationToken), cancellationToken);
    }

    private async Task PurgeAsync(DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (await cursors.FindAsync(HistoriesPart, cancellationToken) is not { } cursor)
            return;
        var old = new PurgeInstancesFilter(
            Always, time.GetUtcNow() - retention.Value.Histories, [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated])
        { Timeout = SliceTime };
        var purged = (await durable.PurgeAllInstancesAsync(old, cancellationToken)).PurgedInstanceCount;
        await cursors.MoveAsync(cursor, purged > 0 ? "more" : "", cancellationToken);
        if (purged > 0)
            Log.Purged(logger, purged);
    }

    // What cannot be done now holds back nothing else; the next tick tries it again.
    private async Task TryAsync(string part, Func<Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action();
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Left(logger, problem, part);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1240, Level = LogLevel.Information, Message = "Forgotten by age: {Runs} runs, {Events} lines of timelines, {Audit} rows of the audit, {Replays} of bulk replays.")]
        public static partial void Forgotten(ILogger logger, int runs, int events, int audit, int replays);

        [LoggerMessage(EventId = 1242, Level = LogLevel.Error, Message = "Retention left something for the next tick, of {Part}")]
        public static partial void Left(ILogger logger, Exception problem, string part);

        [LoggerMessage(EventId = 1241, Level = LogLevel.Information, Message = "Histories of {Count} orchestrations that ended long ago are purged.")]
        public static partial void Purged(ILogger logger, int count);
    }
}
