using Azure;
using DataHealth.Local.Runtime.Discovery;
using DataHealth.Local.Runtime.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DataHealth.Local.Runtime.Timers;

/// <summary>One timer: waits for its next tick, runs it if no other process does, and starts over. It never overlaps itself; ticks that pass while it runs are skipped.</summary>
internal sealed partial class TimerLoop(
    FunctionEntry function,
    TimerSchedule schedule,
    IFunctionInvoker invoker,
    TimerStore store,
    TimeProvider clock,
    ILogger<TimerLoop> logger)
{
    private static readonly TimeSpan StoragePause = TimeSpan.FromSeconds(5);

    /// <summary>A delay cannot be longer than some weeks, and a clock may be set: look again at least this often.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly TimerTriggerAttribute _trigger = (TimerTriggerAttribute)function.Trigger;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    public async Task RunAsync(DateTime started, CancellationToken stopping)
    {
        try
        {
            var monitored = _trigger.UseMonitor && schedule.IsMonitored(started);
            var due = await StoredAsync(token => FirstTickAsync(started, monitored, token), stopping);
            if (_trigger.RunOnStartup && due > started)
                due = await StoredAsync(token => TickAsync(started, isPastDue: false, monitored, token), stopping);
            while (true)
            {
                await WaitUntilAsync(due, stopping);
                var (tick, late) = (due, due <= started);
                due = await StoredAsync(token => TickAsync(tick, late, monitored, token), stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>The next tick, or the missed one when it passed while no process was up. The schedule may have changed since: reckon from the last run, not from what was stored.</summary>
    private async Task<DateTime> FirstTickAsync(DateTime started, bool monitored, CancellationToken stopping)
    {
        await store.PrepareAsync(stopping);
        var row = await store.ReadAsync(function.Name, started, schedule.After(started), stopping);
        var expected = schedule.After(row.Last ?? row.LastUpdated);
        return monitored && expected <= started ? expected : schedule.After(started);
    }

    /// <summary>Runs one tick, unless another process does or did, and says when the next one is.</summary>
    private async Task<DateTime> TickAsync(DateTime tick, bool isPastDue, bool monitored, CancellationToken stopping)
    {
        var row = await store.ReadAsync(function.Name, tick.AddTicks(-1), tick, stopping);
        // A missed tick may still be claimed by the process that died over it: wait that out. Any other tick that somebody runs is simply theirs.
        while (isPastDue && store.IsBusy(row))
        {
            await WaitUntilAsync(row.ClaimedUntil!.Value.UtcDateTime, stopping);
            row = await store.ReadAsync(function.Name, tick.AddTicks(-1), tick, stopping);
        }
        if (row.Last >= tick || store.IsBusy(row) || !await store.TryClaimAsync(row, stopping))
            return schedule.After(Now > tick ? Now : tick);
        var info = new TimerInfo
        {
            IsPastDue = isPastDue,
            ScheduleStatus = monitored ? new ScheduleStatus { Last = row.Last ?? default, Next = schedule.After(tick), LastUpdated = row.LastUpdated } : null,
        };
        if (!await RanAsync(info, row, stopping))
        {
            await store.TryReleaseAsync(row, CancellationToken.None);
            throw new OperationCanceledException(stopping);
        }
        // A late tick stands for all that were missed, up to now.
        var last = isPastDue ? Now : tick;
        var next = schedule.After(Now > tick ? Now : tick);
        // Only this is tried again while storage is away: the function has run.
        return await StoredAsync(async _ =>
        {
            await store.TryCompleteAsync(row, last, next, CancellationToken.None);
            return next;
        }, stopping);
    }

    /// <summary>False when the host's stop cut it short, so that the tick is still owed; a failure is a run.</summary>
    private async Task<bool> RanAsync(TimerInfo info, TimerRow row, CancellationToken stopping)
    {
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var renewing = RenewAsync(row, finished.Token);
        try
        {
            await invoker.InvokeAsync(function, info, stopping);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure)
        {
            Log.Failed(logger, failure, function.Name);
            return true;
        }
        finally
        {
            await finished.CancelAsync();
            await renewing;
        }
    }

    private async Task RenewAsync(TimerRow row, CancellationToken finished)
    {
        try
        {
            do
            {
                await Task.Delay(TimerStore.Claim / 3, clock, finished);
            }
            // Not cancelled half way: the row's ETag has to be known for certain when the run completes.
            while (await store.TryClaimAsync(row, CancellationToken.None));
        }
        catch (OperationCanceledException) when (finished.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (RequestFailedException failure)
        {
            Log.Storage(logger, failure, function.Name);
        }
    }

    private async Task WaitUntilAsync(DateTime moment, CancellationToken stopping)
    {
        for (var left = moment - Now; left > TimeSpan.Zero; left = moment - Now)
            await Task.Delay(left < LongestWait ? left : LongestWait, clock, stopping);
    }

    /// <summary>Storage may be away for a while; a timer outlives that.</summary>
    private async Task<DateTime> StoredAsync(Func<CancellationToken, Task<DateTime>> step, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await step(stopping);
            }
            catch (Exception failure) when (failure is RequestFailedException or AggregateException && !stopping.IsCancellationRequested)
            {
                Log.Storage(logger, failure, function.Name);
                await Task.Delay(StoragePause, clock, stopping);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Timer function '{Function}' failed.")]
        public static partial void Failed(ILogger logger, Exception failure, string function);

        [LoggerMessage(LogLevel.Warning, "Storage did not take what timer '{Function}' had to note; it is tried again.")]
        public static partial void Storage(ILogger logger, Exception failure, string function);
    }
}
