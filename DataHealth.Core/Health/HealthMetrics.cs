using System.Diagnostics;
using System.Diagnostics.Metrics;
using DataHealth.Core.Telemetry;

namespace DataHealth.Core.Health;

/// <summary>What is measured of judging books.</summary>
public sealed class HealthMetrics
{
    // Of so many records one is timed: a clock read for every record and check would cost more than many a check does.
    private const int TimedOfRecords = 16;

    private readonly Histogram<double> _check;
    private readonly Histogram<double> _pass;

    /// <summary>Makes the instruments.</summary>
    public HealthMetrics(IMeterFactory meters)
    {
        var meter = ProductMeter.Open(meters);
        _check = meter.CreateHistogram(
            "datahealth.health.check.duration", "s", $"What a check took of one pass over the books, reckoned from every {TimedOfRecords}th record and its end.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30] });
        _pass = meter.CreateHistogram(
            "datahealth.health.pass.duration", "s", "From the start of a recalculation to its end, by outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180] });
    }

    internal void Recalculated(RecalculationEnd end, TimeSpan duration) => _pass.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(TagName.Outcome, TagName.Of(end)));

    /// <summary>Begins to time the checks of one pass; null where nobody listens.</summary>
    internal CheckTimes? Time(int checks) => _check.Enabled ? new CheckTimes(_check, checks) : null;

    /// <summary>What each check of one pass took.</summary>
    internal sealed class CheckTimes(Histogram<double> histogram, int checks)
    {
        private readonly long[] _taken = new long[checks];
        private int _records;
        private long _since;

        /// <summary>A record begins; true when its checks are timed.</summary>
        public bool Next()
        {
            if (++_records % TimedOfRecords != 0)
                return false;
            _since = Stopwatch.GetTimestamp();
            return true;
        }

        /// <summary>A check has taken the timed record.</summary>
        public void Took(int check)
        {
            var now = Stopwatch.GetTimestamp();
            (_taken[check], _since) = (_taken[check] + ((now - _since) * TimedOfRecords), now);
        }

        /// <summary>A check begins to say what it found.</summary>
        public void Finishing() => _since = Stopwatch.GetTimestamp();

        /// <summary>It has said it: its time is complete.</summary>
        public void Finished(int check, string key) =>
            histogram.Record(Stopwatch.GetElapsedTime(0, _taken[check] + Stopwatch.GetTimestamp() - _since).TotalSeconds, new KeyValuePair<string, object?>(TagName.Check, key));
    }
}

/// <summary>How a recalculation ended, for what is measured of it.</summary>
internal enum RecalculationEnd
{
    /// <summary>Its result is visible.</summary>
    Done,

    /// <summary>Another took over.</summary>
    Superseded,

    /// <summary>Nothing to judge.</summary>
    Nothing,

    /// <summary>It threw.</summary>
    Failed,
}
