using DataHealth.Local.Runtime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>The client that functions are given.</summary>
internal sealed class LocalDurableTaskClient(
    InstanceStore store, WorkIndex work, InstanceQueries queries, InstanceChanges changes, DurableEngine engine, DataConverter converter)
    : DurableTaskClient("TaskHub")
{
    private const int LongestId = 256;

    // Changes in this process are told at once; this is for those of others.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        if (id.Length is 0 or > LongestId)
            throw new ArgumentException($"An instance id has 1 to {LongestId} characters.", nameof(options));
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name);
        using var asked = EngineTracing.Asked(orchestratorName.Name, id);
        await store.CreateAsync(id, Guid.NewGuid().ToString("N"), new ExecutionStarted(
            orchestratorName.Name, options?.Version?.Version, StartAt: options?.StartAt, Tags: options?.Tags is { Count: > 0 } tags ? tags : null, TraceParent: EngineTracing.Current)
        {
            Data = converter.Serialize(input),
        });
        engine.Wake(id, true);
        return id;
    }

    public override async Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        // An event for an instance that is not there or has ended is dropped, as on Azure.
        if (await store.FindAsync(instanceId, cancellation) is { HasEnded: false } row)
            await SendAsync(instanceId, row, new EventRaised(eventName) { Data = converter.Serialize(eventPayload) });
    }

    public override async Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        var row = await FindAsync(instanceId, cancellation);
        if (row.HasEnded)
            throw new InvalidOperationException($"The instance '{instanceId}' cannot be terminated: it is {row.Status}.");
        await SendAsync(instanceId, row, new ExecutionTerminated { Data = converter.Serialize(options?.Output) });
    }

    public override async Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        var row = await FindAsync(instanceId, cancellation);
        if (row.HasEnded || row.Status == OrchestrationRuntimeStatus.Suspended)
            throw new InvalidOperationException($"The instance '{instanceId}' cannot be suspended: it is {row.Status}.");
        await SendAsync(instanceId, row, new ExecutionSuspended { Data = reason });
    }

    public override async Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        var row = await FindAsync(instanceId, cancellation);
        if (row.Status != OrchestrationRuntimeStatus.Suspended)
            throw new InvalidOperationException($"The instance '{instanceId}' cannot be resumed: it is {row.Status}.");
        await SendAsync(instanceId, row, new ExecutionResumed { Data = reason });
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, row => row.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, row => row.HasEnded, getInputsAndOutputs, cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        await store.FindAsync(instanceId, cancellation) is { } row ? await queries.DescribeAsync(instanceId, row, getInputsAndOutputs) : null;

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => queries.List(filter ?? new());

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        if (await store.FindAsync(instanceId, cancellation) is not { } row)
            return new(0);
        if (!row.HasEnded)
            throw new InvalidOperationException($"Only orchestrations in a terminal state can be purged; '{instanceId}' is {row.Status}.");
        return new(await store.PurgeAsync(instanceId, row, cancellation) ? 1 : 0);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var started = TimeProvider.System.GetTimestamp();
        var count = 0;
        await foreach (var (id, row) in queries.FindAsync(new(filter.CreatedFrom, filter.CreatedTo, filter.Statuses), cancellation))
        {
            if (filter.Timeout is { } timeout && TimeProvider.System.GetElapsedTime(started) > timeout)
                return new(count, false);
            if (row.HasEnded && await store.PurgeAsync(id, row, cancellation))
                count++;
        }
        return new(count, true);
    }

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        var row = await store.FindAsync(instanceId, cancellation)
            ?? throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found.", nameof(instanceId));
        var id = restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId;
        var input = (await queries.DescribeAsync(instanceId, row, true)).SerializedInput;
        using var asked = EngineTracing.Asked(row.Name, id);
        await store.CreateAsync(id, Guid.NewGuid().ToString("N"), new ExecutionStarted(row.Name, TraceParent: EngineTracing.Current) { Data = input });
        engine.Wake(id, true);
        return id;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<InstanceRow> FindAsync(string instanceId, CancellationToken cancellation) => await store.FindAsync(instanceId, cancellation)
        ?? throw new ArgumentException($"No instance with ID '{instanceId}' was found.", nameof(instanceId));

    private async Task SendAsync(string instanceId, InstanceRow row, HistoryEvent e)
    {
        await store.PostAsync(instanceId, new($"{TimeProvider.System.GetUtcNow().Ticks:D19}-{Guid.CreateVersion7():N}", row.Execution, null, e));
        await work.TouchAsync(instanceId);
        engine.Wake(instanceId, true);
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<InstanceRow, bool> until, bool getInputsAndOutputs, CancellationToken cancellation)
    {
        while (true)
        {
            var changed = changes.Next(instanceId);
            if (await store.FindAsync(instanceId, cancellation) is { } row && until(row))
                return await queries.DescribeAsync(instanceId, row, getInputsAndOutputs);
            await Task.WhenAny(changed, Task.Delay(LongestLook, TimeProvider.System, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
