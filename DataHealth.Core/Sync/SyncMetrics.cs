using System.Diagnostics.Metrics;
using DataHealth.Core.Providers;
using DataHealth.Core.Telemetry;

namespace DataHealth.Core.Sync;

/// <summary>What is counted of runs. Each is counted where its record is written, and once: whoever wins the row's ETag counts.</summary>
public sealed class SyncMetrics
{
    private const string Unknown = "none";

    private readonly Counter<long> _syncs;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _records;
    private readonly Counter<long> _pauses;
    private readonly Histogram<double> _pauseDuration;
    private readonly Gauge<double> _oldestDue;

    /// <summary>Makes the instruments.</summary>
    public SyncMetrics(IMeterFactory meters)
    {
        var meter = ProductMeter.Open(meters);
        _syncs = meter.CreateCounter<long>("datahealth.syncs", "{run}", "Runs that ended, by outcome, provider and what began them.");
        _duration = meter.CreateHistogram("datahealth.sync.duration", "s", "From the request of a run to its end, pauses included.", advice: Seconds(1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14400, 43200, 86400, 172800));
        _records = meter.CreateCounter<long>("datahealth.records", "{record}", "Records by dataset and what became of them, as the receipts of ended runs have it.");
        _pauses = meter.CreateCounter<long>("datahealth.sync.pauses", "{pause}", "Pauses that began, by limit.");
        _pauseDuration = meter.CreateHistogram("datahealth.sync.pause.duration", "s", "How long pauses lasted that are over, by limit.", advice: Seconds(5, 15, 30, 60, 120, 300, 900, 3600, 14400, 43200, 86400));
        _oldestDue = meter.CreateGauge<double>("datahealth.oldest_due_client.age", "s", "For how long the client has been due that has been due for longest; 0 when none is.");
    }

    /// <summary>How late the schedule is.</summary>
    /// <param name="age">For how long the oldest due client has been due; zero or less when none is.</param>
    public void OldestDue(TimeSpan age) => _oldestDue.Record(Math.Max(0, age.TotalSeconds));

    internal void Ended(RunRecord run)
    {
        var provider = Provider(run);
        var outcome = TagName.Of(run.Outcome ?? RunOutcome.Ended);
        _syncs.Add(1, new(TagName.Outcome, outcome), new(TagName.Provider, provider), new(TagName.Trigger, TagName.Of(run.Trigger)));
        if (run.FinishedAt is { } end)
            _duration.Record((end - run.RequestedAt).TotalSeconds, new(TagName.Outcome, outcome), new(TagName.Provider, provider));
        foreach (var part in run.Receipt?.Datasets ?? [])
        {
            Count(provider, part.Dataset, "new", part.New);
            Count(provider, part.Dataset, "changed", part.Changed);
            Count(provider, part.Dataset, "deleted", part.Deleted);
            Count(provider, part.Dataset, "unchanged", part.Unchanged);
            Count(provider, part.Dataset, "skipped", part.Skipped);
        }
    }

    internal void Paused(RunRecord run, LimitKind limit) => _pauses.Add(1, new(TagName.Limit, TagName.Of(limit)), new(TagName.Provider, Provider(run)));

    internal void Continued(RunRecord run, RunPause pause, DateTimeOffset at) =>
        _pauseDuration.Record(Math.Max(0, (at - pause.Since).TotalSeconds), new(TagName.Limit, TagName.Of(pause.Limit)), new(TagName.Provider, Provider(run)));

    private void Count(string provider, string dataset, string change, int records)
    {
        if (records > 0)
            _records.Add(records, new(TagName.Provider, provider), new(TagName.Dataset, dataset), new(TagName.Change, change));
    }

    private static string Provider(RunRecord run) => run.Provider ?? Unknown;

    private static InstrumentAdvice<double> Seconds(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
