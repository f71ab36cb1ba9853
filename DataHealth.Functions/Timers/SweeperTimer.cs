using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Operations;
using DataHealth.Core.Sync;
using DataHealth.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Timers;

/// <summary>Every few minutes: mends what a crash, a lost timer or an unanswered provider left half done. Each part is repeatable.</summary>
public sealed partial class SweeperTimer(SweepRuns runs, DeletionStore deletions, ExpirePending pending, DueClients due, ReplayBatches batches, SyncStarter starter, TimeProvider time, ILogger<SweeperTimer> logger)
{
    // The timers start due clients every few minutes; one that waits for so long shows that they do not.
    private static readonly TimeSpan DueForTooLong = TimeSpan.FromHours(2);

    [Function("Sweep")]
    public async Task RunAsync([TimerTrigger("%SweepSchedule%")] TimerInfo timer, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        foreach (var run in await runs.ExecuteAsync(cancellationToken))
        {
            Log.Abandoned(logger, run.Client, run.Run, run.Why, run.SilentSince);
            await starter.StartAsync(durable, run.Client, run.Run, cancellationToken);
            if (run.MustWake)
                await SyncStarter.WakeAsync(durable, run.Client, cancellationToken);
        }
        foreach (var batch in await batches.UnfinishedAsync(cancellationToken))
            await starter.StartBatchAsync(durable, batch, cancellationToken);
        foreach (var deletion in await deletions.OpenAsync(cancellationToken))
            await DeletionStarter.StartAsync(durable, deletion, cancellationToken);
        var swept = await pending.ExecuteAsync(cancellationToken);
        if (swept is not { Expired: 0, Released: 0, Left: 0 })
            Log.Swept(logger, swept.Expired, swept.Released, swept.Left);
        if (await due.OldestAsync(cancellationToken) is { } oldest && time.GetUtcNow() - oldest > DueForTooLong)
            Log.Late(logger, oldest);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1220, Level = LogLevel.Warning, Message = "Run {Run} of client {Client} shows no sign of life since {Since:O} ({Why}): started or woken again.")]
        public static partial void Abandoned(ILogger logger, Core.ClientId client, Core.RunId run, string why, DateTimeOffset since);

        [LoggerMessage(EventId = 1221, Level = LogLevel.Information, Message = "Consents: {Expired} expired, {Released} organisations let go at their provider, {Left} left for later.")]
        public static partial void Swept(ILogger logger, int expired, int released, int left);

        [LoggerMessage(EventId = 1222, Level = LogLevel.Error, Message = "A client has been due for a sync since {Oldest:O}: are the timers firing?")]
        public static partial void Late(ILogger logger, DateTimeOffset oldest);
    }
}
