using System.Collections.Concurrent;
using Azure;
using DataHealth.Local.Runtime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>
/// Gives each instance that has something to do a worker. What happens in this process wakes it at once; what other processes leave is found by
/// one query a second over what is due. A sleeping instance costs nothing.
/// </summary>
internal sealed partial class DurableEngine : BackgroundService
{
    // On the machine's clock, so that a test that holds the orchestrations' clock still hears of other processes.
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    // A timer of the clock takes at most 49 days; waking early is harmless.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, InstanceWorker> _workers = [];
    private readonly Dictionary<string, Task> _drives = [];
    private readonly ConcurrentDictionary<string, ITimer> _alarms = new();
    private readonly ConcurrentDictionary<string, (ETag Row, DateTimeOffset Until)> _elsewhere = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly EngineParts _parts;
    private readonly ILogger<DurableEngine> _log;
    private bool _isRunning;

    public DurableEngine(
        InstanceStore store, WorkIndex work, Outbox outbox, ActivityRuns activities, InstanceChanges changes, DurableSettings settings,
        TimeProvider clock, IDurableFunctions functions, DataConverter converter, ILoggerFactory loggers)
    {
        _log = loggers.CreateLogger<DurableEngine>();
        _parts = new(store, work, outbox, activities, changes, settings, new LeaseOwner(), clock, functions, converter, loggers)
        {
            Wake = Wake,
            WakeAt = WakeAt,
        };
    }

    /// <summary>Has the instance looked at now, if this engine runs; another process finds it by itself.</summary>
    public void Wake(string instanceId, bool inboxChanged)
    {
        lock (_gate)
        {
            if (!_isRunning)
                return;
            if (!_workers.TryGetValue(instanceId, out var worker))
            {
                worker = _workers[instanceId] = new(instanceId, _parts);
                // Whoever wakes it gives it neither its trace nor its log's scopes: the instance outlives them.
                using var apart = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
                _drives[instanceId] = Task.Run(() => DriveAsync(instanceId, worker));
            }
            worker.Poke(inboxChanged);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] drives;
        lock (_gate)
        {
            _isRunning = false;
            drives = [.. _drives.Values];
        }
        await _stopping.CancelAsync();
        await Task.WhenAny(Task.WhenAll(drives), Task.Delay(Timeout.Infinite, cancellationToken));
        foreach (var alarm in _alarms.Values)
            await alarm.DisposeAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        _parts.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lock (_gate)
            _isRunning = true;
        using var ticks = new PeriodicTimer(Poll, TimeProvider.System);
        var knowsAlarms = false;
        do
        {
            try
            {
                var now = _parts.Clock.GetUtcNow();
                await foreach (var item in _parts.Work.ListAsync(knowsAlarms ? now : null).WithCancellation(stoppingToken))
                    Consider(item, now);
                knowsAlarms = true;
            }
#pragma warning disable CA1031 // Nothing that the storage does may end the engine.
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.CannotLook(_log, failure);
            }
        }
        while (await ticks.WaitForNextTickAsync(stoppingToken));
    }

    private void Consider(WorkItem item, DateTimeOffset now)
    {
        if (item.Due > now)
        {
            if (item.Due < WorkIndex.Never)
                WakeAt(item.InstanceId, item.Due);
            return;
        }
        InstanceWorker? worker;
        lock (_gate)
            _workers.TryGetValue(item.InstanceId, out worker);
        if (worker is not null && (worker.Item is null || worker.Item.ETag == item.ETag))
            return;
        if (_elsewhere.TryGetValue(item.InstanceId, out var elsewhere)
            && elsewhere.Row == item.ETag && elsewhere.Until > TimeProvider.System.GetUtcNow())
            return;
        Wake(item.InstanceId, true);
    }

    private void WakeAt(string instanceId, DateTimeOffset due)
    {
        var wait = due - _parts.Clock.GetUtcNow();
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
        var alarm = _parts.Clock.CreateTimer(_ => Ring(instanceId), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _alarms.AddOrUpdate(instanceId, alarm, (_, earlier) =>
        {
            earlier.Dispose();
            return alarm;
        });
        alarm.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Ring(string instanceId)
    {
        if (_alarms.TryRemove(instanceId, out var alarm))
            alarm.Dispose();
        Wake(instanceId, false);
    }

    private async Task DriveAsync(string instanceId, InstanceWorker worker)
    {
        while (true)
        {
            try
            {
                await worker.RunAsync(_stopping.Token);
                if (worker is { LeasedElsewhereUntil: { } until, Item: { } item })
                    _elsewhere[instanceId] = (item.ETag, until);
                else
                    _elsewhere.TryRemove(instanceId, out _);
            }
#pragma warning disable CA1031 // Whatever goes wrong with one instance, and most often it is the storage, it is tried again and stops nothing else.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Log.InstanceFailed(_log, failure, instanceId);
                await Task.WhenAny(Task.Delay(Poll, TimeProvider.System, _stopping.Token));
                worker.Poke(true);
            }
            lock (_gate)
            {
                if (_isRunning && worker.IsPoked)
                    continue;
                _workers.Remove(instanceId);
                _drives.Remove(instanceId);
                worker.Dispose();
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The durable engine cannot read its storage; it tries again in a second.")]
        public static partial void CannotLook(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "Instance {InstanceId} could not be moved forward; it is tried again in a second.")]
        public static partial void InstanceFailed(ILogger logger, Exception exception, string instanceId);
    }
}
