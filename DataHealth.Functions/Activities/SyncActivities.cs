using DataHealth.Core;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Activities;

/// <summary>A run, by its ids.</summary>
public sealed record RunReference(string ClientId, string RunId);

/// <summary>One slice to read.</summary>
public sealed record SliceInput(string ClientId, string RunId, string Dataset);

/// <summary>A pause to note.</summary>
public sealed record PauseInput(string ClientId, string RunId, DateTimeOffset Until, LimitKind Limit, bool IsEstimate);

/// <summary>A run to end.</summary>
public sealed record FinishInput(string ClientId, string RunId, IReadOnlyList<SliceResult> Results, ProviderFault? Fault)
{
    /// <summary>What became of the recalculation; null where none was tried.</summary>
    public HealthStep? Health { get; init; }
}

/// <summary>The steps of a sync run; each is a call into Core. They may run more than once: Core makes that harmless.</summary>
public sealed class SyncActivities(PlanRun plan, RunSlice slice, PauseRun pause, ContinueRun goOn, FinishRun finish)
{
    [Function(nameof(PlanSync))]
    public Task<RunPlan> PlanSync([ActivityTrigger] RunReference run, CancellationToken cancellationToken) =>
        plan.ExecuteAsync(new ClientId(run.ClientId), new RunId(run.RunId), cancellationToken);

    [Function(nameof(ReadSlice))]
    public async Task<SliceResult> ReadSlice([ActivityTrigger] SliceInput input, CancellationToken cancellationToken) =>
        SliceResult.From(
            input.Dataset,
            await slice.ExecuteAsync(new SliceRequest(new ClientId(input.ClientId), new RunId(input.RunId), input.Dataset), cancellationToken));

    [Function(nameof(PauseSync))]
    public Task<bool> PauseSync([ActivityTrigger] PauseInput input, CancellationToken cancellationToken) =>
        pause.ExecuteAsync(new ClientId(input.ClientId), new RunId(input.RunId), input.Until, input.Limit, input.IsEstimate, cancellationToken);

    [Function(nameof(ContinueSync))]
    public Task<bool> ContinueSync([ActivityTrigger] RunReference run, CancellationToken cancellationToken) =>
        goOn.ExecuteAsync(new ClientId(run.ClientId), new RunId(run.RunId), cancellationToken);

    [Function(nameof(FinishSync))]
    public Task<FinishResult> FinishSync([ActivityTrigger] FinishInput input, CancellationToken cancellationToken) =>
        finish.ExecuteAsync(new ClientId(input.ClientId), new RunId(input.RunId), input.Results, input.Fault, input.Health, cancellationToken);
}
