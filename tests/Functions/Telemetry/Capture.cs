using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DataHealth.Functions.Tests.Telemetry;

/// <summary>The spans of this process, and the metrics of one application in it.</summary>
internal sealed class Capture : IDisposable
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _metrics = new();
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ConcurrentQueue<Measured> _measured = new();

    public Capture(IMeterFactory application)
    {
        _spans = new()
        {
            ShouldListenTo = source => source.Name is "DataHealth" or "Microsoft.DurableTask",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_spans);
        _metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "DataHealth" && ReferenceEquals(instrument.Meter.Scope, application))
                listener.EnableMeasurementEvents(instrument);
        };
        _metrics.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measured.Enqueue(new(instrument.Name, value, tags.ToArray())));
        _metrics.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _measured.Enqueue(new(instrument.Name, value, tags.ToArray())));
        _metrics.Start();
    }

    public IReadOnlyList<Activity> Spans => [.. _stopped];

    public IReadOnlyList<Measured> Metrics => [.. _measured];

    /// <summary>The sum of a counter, of all or of those with these tags.</summary>
    public double Sum(string name, params (string Name, string Value)[] tags) => Find(name, tags).Sum(one => one.Value);

    public int Count(string name, params (string Name, string Value)[] tags) => Find(name, tags).Count();

    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }

    private IEnumerable<Measured> Find(string name, (string Name, string Value)[] tags) =>
        Metrics.Where(one => one.Name == name && tags.All(tag => one.Tags.Any(own => own.Key == tag.Name && Equals(own.Value, tag.Value))));
}

/// <summary>One measurement.</summary>
internal sealed record Measured(string Name, double Value, IReadOnlyList<KeyValuePair<string, object?>> Tags);
