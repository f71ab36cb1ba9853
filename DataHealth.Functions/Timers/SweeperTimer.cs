using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Operations;
using DataHealth.Core.Practices.Deletion;
using DataHealth.Core.Sync;
using DataHealth.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Timers;

/// <summary>Every few minutes: mends what a crash, a lost timer or an unanswered provider left half done. Each part is repeatable.</summary>
public sealed partial class SweeperTimer(SweepRuns runs, DeletionStore deletions, PracticeDeletionStore practiceDeletions, ExpirePending pending, DueClients due, ReplayBatches batches, SyncStarter starter, HealthWishes wishes, HealthStarter health, TimeProvider time, ILogger<SweeperTimer> logger)
{
    // The timers start due clients every few minutes; one that waits for so long shows that they do not.
    private static readonly TimeSpan DueForTooLong = TimeSpan.FromHours(2);

    [Function("Sweep")]
    public async Task RunAsync([TimerTrigger("%SweepSchedule%")] TimerInfo timer, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        await EachAsync("runs", () => runs.ExecuteAsync(cancellationToken), async run =>
        {
            Log.Abandoned(logger, run.Client, run.Run, run.Why, run.SilentSince);
            await starter.StartAsync(durable, run.Client, run.Run, cancellationToken);
            if (run.MustWake)
                await SyncStarter.WakeAsync(durable, run.Client, cancellationToken);
        }, cancellationToken);
        await EachAsync("replays", () => batches.UnfinishedAsync(cancellationToken), batch => starter.StartBatchAsync(durable, batch, cancellationToken), cancellationToken);
        await EachAsync("presses of health", () => wishes.AllAsync(cancellationToken), wish => health.MakeUpAsync(durable, wish, cancellationToken), cancellationToken);
        await EachAsync("deletions of practices", () => practiceDeletions.OpenAsync(cancellationToken), practice => DeletionStarter.StartAsync(durable, practice, cancellationToken), cancellationToken);
        await EachAsync("deletions", () => deletions.OpenAsync(cancellationToken), deletion => DeletionStarter.StartAsync(durable, deletion, cancellationToken), cancellationToken);
        await TryAsync("consents", async () =>
        {
            var swept = await pending.ExecuteAsync(cancellationToken);
            if (swept is not { Expired: 0, Released: 0, Left: 0 })
                Log.Swept(logger, swept.Expired, swept.Released, swept.Left);
        }, cancellationToken);
        await TryAsync("the oldest due client", async () =>
        {
            if (await due.OldestAsync(cancellationToken) is { } oldest && time.GetUtcNow() - oldest > DueForTooLong)
                Log.Late(logger, oldest);
        }, cancellationToken);
    }

    private Task EachAsync<T>(string part, Func<Task<IReadOnlyList<T>>> find, Func<T, Task> mend, CancellationToken cancellationToken) => TryAsync(part, async () =>
    {
        foreach (var one in await find())
            await TryAsync(part, () => mend(one), cancellationToken);
    }, cancellationToken);

    // What cannot be mended now holds back nothing else; the next tick tries it again.
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
        [LoggerMessage(EventId = 1220, Level = LogLevel.Warning, Message = "Run {Run} of client {Client} shows no sign of life since {Since:O} ({Why}): started or woken again.")]
        public static partial void Abandoned(ILogger logger, Core.ClientId client, Core.RunId run, string why, DateTimeOffset since);

        [LoggerMessage(EventId = 1221, Level = LogLevel.Information, Message = "Consents: {Expired} expired, {Released} organisations let go at their provider, {Left} left for later.")]
        public static partial void Swept(ILogger logger, int expired, int released, int left);

        [LoggerMessage(EventId = 1223, Level = LogLevel.Error, Message = "The sweep left something for the next tick, of {Part}")]
        public static partial void Left(ILogger logger, Exception problem, string part);

        [LoggerMessage(EventId = 1222, Level = LogLevel.Error, Message = "A client has been due for a sync since {Oldest:O}: are the timers firing?")]
        public static partial void Late(ILogger logger, DateTimeOffset oldest);
    }
}
