using DataHealth.Core.Providers;
using DataHealth.Core.Providers.Limits;

namespace DataHealth.Core.Tests.Providers.Limits;

/// <summary>Xero's limits as the facts tell them: fixed windows whose start nobody knows, remaining numbers on every answer, Retry-After in whole seconds.</summary>
internal sealed class XeroModel(TimeSpan minuteOffset, TimeSpan dayOffset, int minuteLimit = 60, int dayLimit = 5000, int concurrent = 5)
{
    private (long Window, int Used) _minute;
    private (long Window, int Used) _day;

    public int InFlight { get; set; }

    public int Answered { get; private set; }

    public List<DateTimeOffset> Refusals { get; } = [];

    public Dictionary<long, int> PerMinute { get; } = [];

    public bool IsRapidSync { get; set; }

    /// <summary>Xero counts a call at this moment and answers; the answer arrives later.</summary>
    public Func<DateTimeOffset, DateTimeOffset, LimitObservation> Count(DateTimeOffset at)
    {
        var (minute, toMinute) = Window(at, minuteOffset, TimeSpan.FromMinutes(1));
        var (day, toDay) = Window(at, dayOffset, TimeSpan.FromDays(1));
        _minute = _minute.Window == minute ? _minute : (minute, 0);
        _day = _day.Window == day ? _day : (day, 0);
        var refused = InFlight > concurrent ? LimitKind.Concurrent
            : IsRapidSync ? (LimitKind?)null
            : _day.Used >= dayLimit ? LimitKind.Day
            : _minute.Used >= minuteLimit ? LimitKind.Minute
            : null;
        if (refused is null)
        {
            Answered++;
            PerMinute[minute] = PerMinute.GetValueOrDefault(minute) + 1;
            if (!IsRapidSync)
                (_minute.Used, _day.Used) = (_minute.Used + 1, _day.Used + 1);
        }
        else
        {
            Refusals.Add(at);
        }

        var retry = refused switch
        {
            LimitKind.Minute => TimeSpan.FromSeconds(Math.Ceiling(toMinute.TotalSeconds)),
            LimitKind.Day => TimeSpan.FromSeconds(Math.Ceiling(toDay.TotalSeconds)),
            _ => (TimeSpan?)null,
        };
        var (minuteLeft, dayLeft) = (minuteLimit - _minute.Used, dayLimit - _day.Used);
        return (sent, received) => new(sent, received) { MinuteRemaining = minuteLeft, DayRemaining = dayLeft, Refused = refused, RetryAfter = retry };
    }

    private static (long Index, TimeSpan ToEnd) Window(DateTimeOffset at, TimeSpan offset, TimeSpan length)
    {
        var ticks = at.Ticks - offset.Ticks;
        return (ticks / length.Ticks, TimeSpan.FromTicks(length.Ticks - (ticks % length.Ticks)));
    }
}
