using System.Diagnostics.Metrics;
using DataHealth.Core.Telemetry;

namespace DataHealth.Functions.Telemetry;

/// <summary>What is counted of invocations: that timers fire at all is watched from outside.</summary>
internal sealed class InvocationMetrics
{
    private readonly Counter<long> _timers;

    public InvocationMetrics(IMeterFactory meters) =>
        _timers = meters.Create(ProductMeter.Name).CreateCounter<long>("datahealth.timer.runs", "{run}", "Runs of timer functions, by function and outcome: succeeded, failed, or cutShort by the host's stop.");

    public void TimerRan(string timer, string outcome) => _timers.Add(1, new(TagName.Timer, timer), new(TagName.Outcome, outcome));
}
