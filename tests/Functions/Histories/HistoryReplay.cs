using System.Text.Json;
using DataHealth.Local.Runtime.Durable;
using DataHealth.Local.Runtime.Durable.Replay;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataHealth.Functions.Tests.Histories;

/// <summary>Takes a recorded history over, at every point at which a deploy may meet it, and says what today's code makes of it.</summary>
internal sealed class HistoryReplay(OrchestratorsOfToday today)
{
    private readonly DataConverter _converter = new JsonPayloads();

    /// <summary>What is wrong; nothing when today's code can go on with the instance wherever it stood.</summary>
    public IEnumerable<string> Problems(RecordedHistory recorded) => recorded.Generations.SelectMany((generation, number) => Problems(recorded, generation, number)).Distinct();

    private IEnumerable<string> Problems(RecordedHistory recorded, RecordedGeneration generation, int number)
    {
        if (!today.HasOrchestrator(recorded.Orchestration))
        {
            yield return $"The orchestration '{recorded.Orchestration}' is gone.";
            yield break;
        }
        var events = generation.Events.Where(e => e is not ExecutionEnded).ToList();
        for (var end = 2; end <= events.Count; end++)
        {
            // Where an episode ended: what an instance that waits holds in its storage.
            if (end < events.Count && events[end] is not EpisodeStarted)
                continue;
            var outcome = Episode.Run(
                today, _converter, NullLoggerFactory.Instance, recorded.InstanceId, $"{recorded.InstanceId}|{number}", events[..end], [], []);
            if (outcome.Failure is { } failure && generation.Status != nameof(OrchestrationRuntimeStatus.Failed))
                yield return $"Generation {number}, event {end}: {failure.ErrorMessage}";
            else if (end == events.Count)
            {
                foreach (var problem in OfEnd(generation, outcome))
                    yield return $"Generation {number}: {problem}";
            }
        }
        foreach (var activity in events.OfType<ActivityScheduled>())
        {
            if (OfInput(activity) is { } problem)
                yield return problem;
        }
        // What an activity answered before a deploy is read after it, by today's type.
        var names = events.OfType<ActivityScheduled>().ToDictionary(activity => activity.Id, activity => activity.Name);
        foreach (var answer in events.OfType<ActionCompleted>())
        {
            if (names.TryGetValue(answer.Id, out var name) && today.HasActivity(name) && today.AnswerOf(name) is { } type && Problem(name, answer.Data, type) is { } problem)
                yield return problem;
        }
    }

    private static IEnumerable<string> OfEnd(RecordedGeneration recorded, EpisodeOutcome outcome)
    {
        if (outcome.Status.ToString() != recorded.Status)
            yield return $"it ended as {recorded.Status} and would now be {outcome.Status}.";
        if (outcome.Output != recorded.Output)
            yield return $"it gave {recorded.Output} and would now give {outcome.Output}.";
        if (!Retains(recorded.NextInput, outcome.NextGeneration?[0].Data))
            yield return $"it went on with {recorded.NextInput} and would now go on with {outcome.NextGeneration?[0].Data}.";
    }

    // An activity that was asked for before a deploy is carried out after it: by today's method, with the input of before.
    private string? OfInput(ActivityScheduled activity)
    {
        if (!today.HasActivity(activity.Name))
            return $"The activity '{activity.Name}' is gone.";
        return Problem(activity.Name, activity.Data, today.InputOf(activity.Name));
    }

    /// <summary>What is lost of a recorded input or answer when it is read as that type; null when nothing is.</summary>
    public string? Problem(string activity, string? recorded, Type type)
    {
        try
        {
            var read = _converter.Serialize(_converter.Deserialize(recorded, type));
            return Retains(recorded, read) ? null : $"The activity '{activity}' reads {recorded} as {read}.";
        }
        catch (JsonException unreadable)
        {
            return $"The activity '{activity}' cannot read {recorded}: {unreadable.Message}";
        }
    }

    // All that was said before is still said; more may be said now.
    private static bool Retains(string? before, string? now) =>
        before is null || now is null ? before is null && now is null : Retains(JsonDocument.Parse(before).RootElement, JsonDocument.Parse(now).RootElement);

    private static bool Retains(JsonElement before, JsonElement now) => (before.ValueKind, now.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => before.EnumerateObject().All(property => now.TryGetProperty(property.Name, out var value) && Retains(property.Value, value)),
        (JsonValueKind.Array, JsonValueKind.Array) => before.GetArrayLength() == now.GetArrayLength() && before.EnumerateArray().Zip(now.EnumerateArray()).All(pair => Retains(pair.First, pair.Second)),
        _ => JsonElement.DeepEquals(before, now),
    };
}
