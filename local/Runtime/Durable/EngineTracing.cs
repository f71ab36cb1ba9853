using System.Diagnostics;
using DataHealth.Local.Runtime.Durable.Storage;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>
/// The spans that Durable Task shows, by its source's and its spans' names. A generation's span is over as soon as it has begun, since nothing can hold a span open over days and processes; what
/// the generation calls hangs below it all the same.
/// </summary>
internal static class EngineTracing
{
    private static readonly ActivitySource Source = new("Microsoft.DurableTask");

    /// <summary>What works now, to be stored; null when nothing is traced.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true } span ? span.Id : null;

    /// <summary>Somebody asks for an orchestration.</summary>
    public static Activity? Asked(string orchestration, string instanceId) => Describe(Source.StartActivity($"create_orchestration:{orchestration}", ActivityKind.Producer), orchestration, instanceId);

    /// <summary>Shows the generation that is about to make its first step, and says where its span stands; null for every later step.</summary>
    public static string? Show(InstanceState state)
    {
        if (state.History.OfType<EpisodeStarted>().Any() || !ActivityContext.TryParse(((ExecutionStarted)state.History[0]).TraceParent, null, isRemote: true, out var asked))
            return null;
        using var span = Describe(Source.StartActivity($"orchestration:{state.Row.Name}", ActivityKind.Server, asked), state.Row.Name, state.Id);
        return span?.Id;
    }

    /// <summary>What an activity or a sub-orchestration of this history belongs to; empty when nothing is traced.</summary>
    public static string Of(IReadOnlyList<HistoryEvent> history) =>
        history.OfType<EpisodeStarted>().FirstOrDefault()?.TraceParent ?? (history.Count > 0 ? (history[0] as ExecutionStarted)?.TraceParent : null) ?? "";

    private static Activity? Describe(Activity? span, string orchestration, string instanceId) =>
        span?.SetTag("durabletask.type", "orchestration").SetTag("durabletask.task.name", orchestration).SetTag("durabletask.task.instance_id", instanceId);
}
