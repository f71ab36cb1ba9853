using System.Diagnostics;

namespace DataHealth.Core.Telemetry;

/// <summary>
/// The product's spans. They carry ids and outcomes; no name, no address with a query, no text that a provider or a person wrote. Without a listener there are none, and nothing is spent.
/// </summary>
public static class Tracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "DataHealth";

    /// <summary>Where all of our spans begin.</summary>
    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>What is at work now, as a W3C traceparent to be stored; null when nothing is traced.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true } span ? span.Id : null;

    /// <summary>Begins a span of a run's step.</summary>
    /// <param name="name">Its name, of a closed set.</param>
    /// <param name="client">Whose run.</param>
    /// <param name="run">Which run.</param>
    public static Activity? Step(string name, ClientId client, RunId run) =>
        Source.StartActivity(name)?.SetTag(TagName.Client, client.Value).SetTag(TagName.Run, run.Value);

    /// <summary>Leads from one trace to what was stored of another; within one trace the tree already does.</summary>
    /// <param name="span">From where.</param>
    /// <param name="traceParent">What <see cref="Current"/> gave.</param>
    public static void LinkTo(this Activity? span, string? traceParent)
    {
        if (span is not null && ActivityContext.TryParse(traceParent, null, isRemote: true, out var there) && there.TraceId != span.TraceId)
            span.AddLink(new ActivityLink(there));
    }

    /// <summary>Ends a span as failed, with the kind of what happened and never its text, which may quote somebody's books.</summary>
    /// <param name="span">Which.</param>
    /// <param name="kind">A name of a closed set: an outcome, the type of an exception.</param>
    public static void Fail(this Activity? span, string kind) => span?.SetTag(TagName.Error, kind).SetStatus(ActivityStatusCode.Error);
}
