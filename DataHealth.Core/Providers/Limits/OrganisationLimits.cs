namespace DataHealth.Core.Providers.Limits;

/// <summary>
/// What we know of one organisation's limits, and who is calling it now. Pure: times come in, decisions come out. The provider's windows are a fixed grid whose start nobody tells;
/// it is learnt from a remaining number that jumps up and from Retry-After. What counts is the provider's number, so limits that are lifted (Rapid Sync) never hold anything back.
/// </summary>
internal sealed class OrganisationLimits
{
    /// <summary>Calls in flight.</summary>
    public List<CallSlot> Slots { get; set; } = [];

    /// <summary>This minute.</summary>
    public LimitWindow Minute { get; set; } = new();

    /// <summary>This day.</summary>
    public LimitWindow Day { get; set; } = new();

    /// <summary>Where calls are paced: the calls so far are spread up to this moment.</summary>
    public DateTimeOffset? PacedUpTo { get; set; }

    /// <summary>Refusals by a limit that each came after waiting as long as the one before asked, with no answer in between.</summary>
    public int RefusedInARow { get; set; }

    /// <summary>Until when the last of them asked to wait.</summary>
    public DateTimeOffset? RefusedUntil { get; set; }

    /// <summary>No call at all before this.</summary>
    public DateTimeOffset? PausedUntil { get; set; }

    /// <summary>Why.</summary>
    public LimitKind PausedBy { get; set; }

    /// <summary>The time is our own reckoning.</summary>
    public bool PausedIsEstimate { get; set; }

    /// <summary>Takes a slot, or says until when there is none.</summary>
    /// <param name="limits">The provider's numbers.</param>
    /// <param name="owner">Who takes it; unique to the call.</param>
    /// <param name="priority">Who waits.</param>
    /// <param name="now">Now.</param>
    /// <returns>Null when granted.</returns>
    public GateAnswer.Denied? Enter(CallLimits limits, string owner, CallPriority priority, DateTimeOffset now)
    {
        Slots.RemoveAll(slot => slot.Until <= now);
        Minute.Roll(now, limits.MinuteWindow);
        Day.Roll(now, limits.DayWindow);
        if (PausedUntil is { } until)
        {
            if (until > now)
                return new(PausedBy, until, PausedIsEstimate);
            PausedUntil = null;
        }

        // Calls in flight may or may not be in the number that we saw: those who ask for the last ones wait until they have settled.
        var settling = new GateAnswer.Denied(LimitKind.Concurrent, now + (limits.MinuteWindow / 600), IsEstimate: true);
        var reserve = priority == CallPriority.Scheduled ? limits.DayReserve : 0;
        if (Day.Left is { } day && (day <= reserve || day - Slots.Count <= reserve))
        {
            if (day > reserve)
                return settling;
            if (reserve > 0)
                return new(LimitKind.DayReserve, Day.EndsBy ?? now + limits.DayWindow, IsEstimate: true);

            // Nothing left, and only a refusal tells when the window ends: one call asks.
            if (Slots.Count > 0)
                return settling;
        }

        var minute = Minute.Left ?? limits.Minute - Minute.Debt;
        if (minute <= 0)
            return new(LimitKind.Minute, Minute.EndsBy ?? now + limits.MinuteWindow, IsEstimate: !Minute.IsGridKnown);
        if (Slots.Count >= limits.Concurrent || minute <= Slots.Count)
            return settling;
        if (Paced(limits.Pace, now) is { } turn)
            return new(LimitKind.Second, turn, IsEstimate: true);
        Slots.Add(new(owner, now + limits.SlotLifetime));
        return null;
    }

    /// <summary>Gives the slot back and learns from what the call showed.</summary>
    /// <param name="limits">The provider's numbers.</param>
    /// <param name="owner">Who gives it back.</param>
    /// <param name="seen">What the call showed; null when nothing was sent.</param>
    public void Leave(CallLimits limits, string owner, LimitObservation? seen)
    {
        Slots.RemoveAll(slot => slot.Owner == owner);
        if (seen is null)
            return;
        Minute.Roll(seen.ReceivedAt, limits.MinuteWindow);
        Day.Roll(seen.ReceivedAt, limits.DayWindow);
        if (seen.Refused is { } limit)
        {
            if (IsMonth(limits, limit, seen))
            {
                // It may also lift when the plan there is raised: asked again a day later, at the latest when the month is over.
                var month = new DateTimeOffset(seen.ReceivedAt.UtcDateTime.Year, seen.ReceivedAt.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
                var day = seen.ReceivedAt + limits.DayWindow;
                Pause(LimitKind.Month, month < day ? month + limits.Margin : day, isEstimate: true);
                return;
            }

            Refuse(limits, limit, seen);
            return;
        }

        RefusedInARow = 0;
        Minute.See(seen.MinuteRemaining, seen.SentAt, seen.ReceivedAt, limits.MinuteWindow);
        Day.See(seen.DayRemaining, seen.SentAt, seen.ReceivedAt, limits.DayWindow);
    }

    // Two calls may go at once; after that one each pace. No second, wherever it begins, then holds more than 2 + 1 / pace, and no minute more than 2 + 60 / pace.
    private DateTimeOffset? Paced(TimeSpan pace, DateTimeOffset now)
    {
        if (pace <= TimeSpan.Zero)
            return null;
        var spent = PacedUpTo > now ? PacedUpTo.Value : now;
        if (spent - now > pace)
            return spent - pace;
        PacedUpTo = spent + pace;
        return null;
    }

    // A call that was sent before the wait that the last refusal asked for says nothing new.
    private bool IsMonth(CallLimits limits, LimitKind limit, LimitObservation seen)
    {
        if (limits.WaitsBeforeMonth == 0 || limit != LimitKind.Minute)
            return false;
        if (RefusedInARow == 0 || seen.SentAt >= RefusedUntil)
        {
            RefusedInARow++;
            RefusedUntil = seen.ReceivedAt + (seen.RetryAfter ?? limits.MinuteWindow);
        }

        return RefusedInARow > limits.WaitsBeforeMonth;
    }

    private void Refuse(CallLimits limits, LimitKind limit, LimitObservation seen)
    {
        var said = seen.RetryAfter is { } wait ? seen.ReceivedAt + wait + limits.Margin : (DateTimeOffset?)null;
        switch (limit)
        {
            case LimitKind.Minute:
                Minute.Exhaust(said, seen, limits.MinuteWindow);
                break;
            case LimitKind.Day:
                Day.Exhaust(said, seen, limits.DayWindow);
                Pause(LimitKind.Day, Day.EndsBy!.Value, said is null);
                break;
            case LimitKind.Concurrent:
                // Someone outside this gate holds slots; no time is ever said.
                Pause(LimitKind.Concurrent, said ?? seen.ReceivedAt + (limits.MinuteWindow / 60), isEstimate: true);
                break;
            default:
                Pause(limit, said ?? seen.ReceivedAt + limits.MinuteWindow, said is null);
                break;
        }
    }

    private void Pause(LimitKind limit, DateTimeOffset until, bool isEstimate)
    {
        if (PausedUntil is { } already && already >= until)
            return;
        (PausedBy, PausedUntil, PausedIsEstimate) = (limit, until, isEstimate);
    }
}

/// <summary>A call in flight.</summary>
/// <param name="Owner">Unique to the call.</param>
/// <param name="Until">The slot frees itself then: its owner died.</param>
internal sealed record CallSlot(string Owner, DateTimeOffset Until);
