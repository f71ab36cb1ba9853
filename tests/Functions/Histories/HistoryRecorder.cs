using DataHealth.Local.Runtime.Durable;
using DataHealth.Local.Runtime.Durable.Replay;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataHealth.Functions.Tests.Histories;

/// <summary>
/// Runs a real orchestrator on the local engine's replay, with activities that answer by a script and a clock that leaps from timer to timer. Activities answer one after another, in the order in
/// which they were asked for, so that the same code gives the same history every time.
/// </summary>
internal sealed class HistoryRecorder(IDurableFunctions functions, Scenario scenario)
{
    private const int MostEpisodes = 2_000;
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(1);

    private readonly DataConverter _converter = new JsonPayloads();
    private readonly Dictionary<string, int> _calls = [];
    private readonly Queue<string> _wakes = new(scenario.Wakes);
    private DateTime _now = Scenario.Began;

    public RecordedHistory Run()
    {
        var generations = new List<RecordedGeneration>();
        List<HistoryEvent> history = [new ExecutionStarted(scenario.Orchestration) { Data = _converter.Serialize(scenario.Input) }];
        while (true)
        {
            var outcome = Generation(history, generations.Count);
            var next = outcome.NextGeneration;
            generations.Add(new(outcome.Status.ToString(), outcome.Output, outcome.CustomStatus, next?[0].Data, history));
            if (next is null)
                return new RecordedHistory(scenario.Name, scenario.Orchestration, scenario.InstanceId, generations);
            history = [.. next];
        }
    }

    private EpisodeOutcome Generation(List<HistoryEvent> history, int number)
    {
        List<HistoryEvent> news = [];
        for (var episode = 0; episode < MostEpisodes; episode++)
        {
            news.Insert(0, new EpisodeStarted(_now));
            var outcome = Episode.Run(functions, _converter, NullLoggerFactory.Instance, scenario.InstanceId, $"{scenario.InstanceId}|{number}", history, news, []);
            history.AddRange([.. news, .. outcome.Cancelled, .. outcome.Asked]);
            if (outcome.Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed)
                history.Add(new ExecutionEnded(outcome.Status) { Data = outcome.Output });
            if (outcome.NextGeneration is not null || outcome.Status is not OrchestrationRuntimeStatus.Running)
                return outcome;
            news = Next(new Outstanding(history));
        }
        throw new InvalidOperationException($"{scenario.Name} goes in circles.");
    }

    private List<HistoryEvent> Next(Outstanding outstanding)
    {
        if (outstanding.Activities.Values.MinBy(activity => activity.Id) is { } activity)
        {
            _now += Work;
            return Answer(activity);
        }
        if (_wakes.TryDequeue(out var wake))
        {
            _now += Work;
            return [new EventRaised(wake) { Data = _converter.Serialize(wake) }];
        }
        if (outstanding.NextTimer is not { } due)
            throw new InvalidOperationException($"{scenario.Name} waits for nothing that comes.");
        _now = due.UtcDateTime > _now ? due.UtcDateTime : _now;
        return [.. outstanding.Timers.Where(timer => timer.Value <= _now).OrderBy(timer => timer.Value).Select(timer => new TimerFired(timer.Key))];
    }

    private List<HistoryEvent> Answer(ActivityScheduled activity)
    {
        var nth = _calls[activity.Name] = _calls.GetValueOrDefault(activity.Name) + 1;
        var call = new ScriptedCall(activity.Name, nth, activity.Data ?? "null", _now);
        var answer = scenario.Answer(call);
        HistoryEvent result = answer is ScriptedFailure failure
            ? new ActionFailed(activity.Id, new(failure.ErrorType, "It did not answer.", null, null, null))
            : new ActionCompleted(activity.Id) { Data = _converter.Serialize(answer) };
        return scenario.RaisedMeanwhile(call) is { } name ? [new EventRaised(name) { Data = _converter.Serialize(name) }, result] : [result];
    }
}

/// <summary>A call of an activity.</summary>
/// <param name="Activity">Which.</param>
/// <param name="Nth">The how manieth of that name, from 1.</param>
/// <param name="Input">What it was given, as JSON.</param>
/// <param name="Now">When it answers.</param>
internal sealed record ScriptedCall(string Activity, int Nth, string Input, DateTime Now)
{
    /// <summary>Whether the input holds that text.</summary>
    public bool Is(string activity, string part = "") => Activity == activity && Input.Contains(part, StringComparison.Ordinal);
}

/// <summary>An answer that is an exception.</summary>
internal sealed record ScriptedFailure(string ErrorType = "Azure.RequestFailedException");

/// <summary>One way that an orchestration goes.</summary>
internal sealed record Scenario(string Name, string Orchestration, string InstanceId, object? Input, Func<ScriptedCall, object?> Answer)
{
    /// <summary>When all scenarios begin.</summary>
    public static DateTime Began { get; } = new(2026, 3, 2, 2, 0, 0, DateTimeKind.Utc);

    /// <summary>Events that come while nothing works and a timer is waited for, one each time.</summary>
    public IReadOnlyList<string> Wakes { get; init; } = [];

    /// <summary>An event that comes while that activity works.</summary>
    public Func<ScriptedCall, string?> RaisedMeanwhile { get; init; } = _ => null;

    public override string ToString() => Name;
}
