using System.Text.RegularExpressions;
using DataHealth.Local.Runtime.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using NCrontab;

namespace DataHealth.Local.Runtime.Timers;

/// <summary>When a timer ticks: an NCRONTAB expression of six fields, seconds first, in UTC; <c>%Setting%</c> is read from configuration.</summary>
internal sealed partial class TimerSchedule
{
    private readonly CrontabSchedule _cron;

    private TimerSchedule(CrontabSchedule cron) => _cron = cron;

    /// <exception cref="FormatException">The expression is not one, or its setting is missing.</exception>
    public static TimerSchedule Of(FunctionEntry function, IConfiguration configuration)
    {
        var expression = ((TimerTriggerAttribute)function.Trigger).Schedule ?? "";
        expression = Setting().Replace(expression, match => configuration[match.Groups[1].Value] is { Length: > 0 } value
            ? value
            : throw new FormatException($"the schedule names the setting '{match.Groups[1].Value}', which is not set."));
        var cron = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6
            ? CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = true })
            : null;
        return new TimerSchedule(cron ?? throw new FormatException(
            $"the schedule '{expression}' is not an NCRONTAB expression of six fields: second, minute, hour, day, month, day of the week."));
    }

    /// <summary>The first tick after a moment.</summary>
    public DateTime After(DateTime moment) => DateTime.SpecifyKind(_cron.GetNextOccurrence(moment), DateTimeKind.Utc);

    /// <summary>Ticks closer than a minute are not made up for when they were missed.</summary>
    public bool IsMonitored(DateTime now) => After(After(now)) - After(now) >= TimeSpan.FromMinutes(1);

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Setting();
}
