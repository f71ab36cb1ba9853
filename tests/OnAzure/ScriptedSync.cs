using System.Collections.Concurrent;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Functions.Activities;
using DataHealth.Functions.Orchestrations;
using Microsoft.DurableTask;

namespace DataHealth.Azure.Tests;

/// <summary>The real orchestrators, with activities that answer by a script and note how they were called.</summary>
internal sealed class ScriptedSync
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<SliceResult>> _slices = new();
    private readonly ConcurrentQueue<FinishState> _finishes = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private int _failedStarts;

    /// <summary>Every call of an activity, in order.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    public IReadOnlyList<SliceResult> Finished { get; private set; } = [];

    /// <summary>What the end of the run was told of the recalculation.</summary>
    public HealthStep? Health { get; private set; }

    /// <summary>The recalculation throws, however often it is tried.</summary>
    public bool IsHealthBroken { get; init; }

    /// <summary>A dataset of the plan and what its slices answer; after that it is completed.</summary>
    public ScriptedSync Dataset(string name, params SliceResult[] answers)
    {
        _slices[name] = new(answers.Select(answer => answer with { Dataset = name }));
        return this;
    }

    public ScriptedSync Finish(params FinishState[] answers)
    {
        foreach (var answer in answers)
            _finishes.Enqueue(answer);
        return this;
    }

    public void Register(DurableTaskRegistry registry)
    {
        registry.AddOrchestratorFunc<SyncRunInput>(nameof(SyncRun), (context, _) => SyncRun.RunAsync(context));
        registry.AddOrchestratorFunc<int>(nameof(FanOut), FanOut.RunAsync);
        registry.AddActivityFunc<RunReference, RunPlan>(nameof(SyncActivities.PlanSync), (_, _) => Note("plan", new RunPlan(PlanState.Ready, [.. _slices.Keys.Order()], 2)
        {
            RetryDelay = TimeSpan.FromSeconds(2),
        }));
        registry.AddActivityFunc<SliceInput, SliceResult>(nameof(SyncActivities.ReadSlice), (_, input) =>
            Note($"read {input.Dataset}", _slices[input.Dataset].TryDequeue(out var answer) ? answer : Completed with { Dataset = input.Dataset }));
        registry.AddActivityFunc<PauseInput, bool>(nameof(SyncActivities.PauseSync), (_, input) => Note($"pause by {input.Limit}", true));
        registry.AddActivityFunc<RunReference, bool>(nameof(SyncActivities.ContinueSync), (_, _) => Note("continue", true));
        registry.AddActivityFunc<RecalculationInput, HealthStep>(
            nameof(HealthActivities.Recalculate), (_, _) => IsHealthBroken ? throw new InvalidOperationException("The rules are broken.") : HealthStep.Recalculated);
        registry.AddActivityFunc<FinishInput, FinishResult>(nameof(SyncActivities.FinishSync), (_, input) =>
        {
            Finished = input.Results;
            Health = input.Health;
            return Note($"finish {input.Fault?.Kind}".TrimEnd(), new FinishResult(_finishes.TryDequeue(out var answer) ? answer : FinishState.Finished, RunOutcome.Succeeded));
        });
        registry.AddActivityFunc<int, string[]>(nameof(DueActivities.TakeDue), (_, take) => Note($"take {take}", (string[])["a", "b", "bad"]));
        registry.AddActivityFunc<string, DueStart>(nameof(DueActivities.StartDueSync), (_, client) =>
            client == "bad" && Interlocked.Increment(ref _failedStarts) == 1 ? throw new InvalidOperationException("Not this time.") : Note($"start {client}", DueStart.Started));
    }

    public static SliceResult Completed { get; } = new() { Dataset = "", State = SliceState.Completed };

    public static SliceResult More { get; } = new() { Dataset = "", State = SliceState.More };

    public static SliceResult Lost { get; } = new() { Dataset = "", State = SliceState.ConnectionLost, Fault = new(FaultKind.GrantInvalid, "gone") };

    public static SliceResult Refused { get; } = new() { Dataset = "", State = SliceState.Failed, Fault = new(FaultKind.BadAnswer, "not ours") };

    public static SliceResult Transient { get; } = new() { Dataset = "", State = SliceState.Failed, IsTransient = true, Fault = new(FaultKind.ProviderUnavailable, "503") };

    public static SliceResult PausedFor(TimeSpan time) => new() { Dataset = "", State = SliceState.Paused, Limit = LimitKind.Day, Until = DateTimeOffset.UtcNow + time };

    private T Note<T>(string call, T answer)
    {
        _calls.Enqueue(call);
        return answer;
    }
}
