using System.Text.Json;

namespace DataHealth.Core.Telemetry;

/// <summary>
/// The names of what spans and metrics are told apart by. Metrics take only those of closed sets: provider, dataset, outcome, trigger, limit, check, timer; never an id, which would make a series
/// for each client.
/// </summary>
public static class TagName
{
    /// <summary>A provider's key.</summary>
    public const string Provider = "provider";

    /// <summary>A dataset's name.</summary>
    public const string Dataset = "dataset";

    /// <summary>How something ended.</summary>
    public const string Outcome = "outcome";

    /// <summary>What began a run.</summary>
    public const string Trigger = "trigger";

    /// <summary>A <see cref="Providers.LimitKind"/>.</summary>
    public const string Limit = "limit";

    /// <summary>The class of an HTTP status: <c>2xx</c> … <c>5xx</c>, <c>429</c>, or <c>none</c> without an answer.</summary>
    public const string StatusClass = "status_class";

    /// <summary>What became of records: <c>new</c>, <c>changed</c>, <c>deleted</c>, <c>unchanged</c>, <c>skipped</c>.</summary>
    public const string Change = "change";

    /// <summary>A check's key.</summary>
    public const string Check = "check";

    /// <summary>A timer function's name.</summary>
    public const string Timer = "timer";

    /// <summary>Of spans: the client's id.</summary>
    public const string Client = "datahealth.client.id";

    /// <summary>Of spans: the run's id.</summary>
    public const string Run = "datahealth.run.id";

    /// <summary>Of spans: which page of a dataset.</summary>
    public const string Page = "datahealth.page";

    /// <summary>Of spans: calls that reached the provider.</summary>
    public const string Calls = "datahealth.calls";

    /// <summary>Of spans: bytes of answers on the wire.</summary>
    public const string Bytes = "datahealth.bytes";

    /// <summary>Of spans: the provider's id of the call, which its support asks for.</summary>
    public const string Correlation = "datahealth.correlation.id";

    /// <summary>Of spans: until when a run waits.</summary>
    public const string Until = "datahealth.pause.until";

    /// <summary>Of spans: what kind of thing went wrong.</summary>
    public const string Error = "error.type";

    /// <summary>A member of a closed set as it is written: in camel case, as the API writes it.</summary>
    /// <param name="value">Which.</param>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
