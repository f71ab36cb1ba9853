using System.Collections.Concurrent;
using DataHealth.Local.Runtime.Durable.Replay;
using DataHealth.Local.Runtime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>What all workers of one process share.</summary>
internal sealed record EngineParts(
    InstanceStore Store,
    WorkIndex Work,
    Outbox Outbox,
    ActivityRuns Activities,
    InstanceChanges Changes,
    DurableSettings Settings,
    LeaseOwner Owner,
    TimeProvider Clock,
    IDurableFunctions Functions,
    DataConverter Converter,
    ILoggerFactory Loggers) : IDisposable
{
    private readonly SemaphoreSlim _replays = new(Settings.MaxOrchestrators);

    /// <summary>Has an instance looked at; the flag says that its inbox may hold something new.</summary>
    public required Action<string, bool> Wake { get; init; }

    /// <summary>Has an instance looked at when the clock reaches the time.</summary>
    public required Action<string, DateTimeOffset> WakeAt { get; init; }

    public void Dispose() => _replays.Dispose();

    public async Task<EpisodeOutcome> ReplayAsync(InstanceState state, IReadOnlyList<HistoryEvent> news)
    {
        var name = state.Row.Name;
        if (!Functions.HasOrchestrator(name))
            return EpisodeOutcome.Failed(new OrchestratorNotFoundException(name));
        await _replays.WaitAsync();
        var owned = new List<IAsyncDisposable>();
        try
        {
            var seed = $"{state.Id}|{state.Row.Execution}|{state.Row.Generation}";
            return Episode.Run(Functions, Converter, Loggers, state.Id, seed, state.History, news, owned);
        }
        finally
        {
            _replays.Release();
            foreach (var scope in owned)
                await scope.DisposeAsync();
        }
    }
}

/// <summary>The application has no orchestrator of this name.</summary>
internal sealed class OrchestratorNotFoundException(string name)
    : InvalidOperationException($"The function '{name}' doesn't exist, is disabled, or is not an orchestrator function.");

/// <summary>Tells those who wait for an instance, in this process, that it has moved.</summary>
internal sealed class InstanceChanges
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

    /// <summary>Completes with the instance's next change. Take it before reading the instance.</summary>
    public Task Next(string instanceId) =>
        _waiting.GetOrAdd(instanceId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Notify(string instanceId)
    {
        if (_waiting.TryRemove(instanceId, out var waiting))
            waiting.TrySetResult();
    }
}
