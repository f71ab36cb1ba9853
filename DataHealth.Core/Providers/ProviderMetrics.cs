using System.Diagnostics.Metrics;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Telemetry;

namespace DataHealth.Core.Providers;

/// <summary>What is counted of calls to providers. Every call that a run's receipt counts is counted here, and no other.</summary>
public sealed class ProviderMetrics
{
    private readonly Counter<long> _calls;
    private readonly Counter<long> _bytes;
    private readonly Histogram<long> _remaining;

    /// <summary>Makes the instruments.</summary>
    public ProviderMetrics(IMeterFactory meters)
    {
        var meter = ProductMeter.Open(meters);
        _calls = meter.CreateCounter<long>("datahealth.provider.calls", "{call}", "Reads sent to providers, retries and refusals included, by the class of the answer's status.");
        _bytes = meter.CreateCounter<long>("datahealth.provider.bytes", "By", "Bytes of answers on the wire, which is what providers bill.");
        // A distribution and no last value: a process reads for many organisations, and the smallest is what counts.
        _remaining = meter.CreateHistogram(
            "datahealth.provider.limit.remaining", "{call}", "Calls left of an organisation's or the app's limit, as answers tell it.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [0, 1, 5, 10, 20, 60, 100, 250, 500, 1000, 2500, 5000, 10000] });
    }

    /// <summary>One call is over.</summary>
    /// <param name="provider">The provider's key.</param>
    /// <param name="status">Its answer's status; null without one.</param>
    /// <param name="bytes">Bytes of its answer.</param>
    internal void Called(string provider, int? status, long bytes)
    {
        _calls.Add(1, new(TagName.Provider, provider), new(TagName.StatusClass, Class(status)));
        if (bytes > 0)
            _bytes.Add(bytes, new KeyValuePair<string, object?>(TagName.Provider, provider));
    }

    /// <summary>What an answer told of limits.</summary>
    internal void Saw(string provider, LimitObservation seen)
    {
        Remaining(provider, LimitKind.Day, seen.DayRemaining);
        Remaining(provider, LimitKind.Minute, seen.MinuteRemaining);
        Remaining(provider, LimitKind.AppMinute, seen.AppMinuteRemaining);
    }

    private void Remaining(string provider, LimitKind limit, int? left)
    {
        if (left is { } calls)
            _remaining.Record(calls, new(TagName.Provider, provider), new(TagName.Limit, TagName.Of(limit)));
    }

    private static string Class(int? status) => status switch
    {
        429 => "429",
        >= 200 and < 300 => "2xx",
        >= 300 and < 400 => "3xx",
        >= 400 and < 500 => "4xx",
        >= 500 and < 600 => "5xx",
        _ => "none",
    };
}
