namespace DataHealth.Core.Providers.Limits;

/// <summary>One fixed window (minute or day) of a limit, as far as answers have shown it.</summary>
internal sealed class LimitWindow
{
    /// <summary>The lowest remaining number seen in this window; null when none was.</summary>
    public int? Seen { get; set; }

    /// <summary>When that number was here: a call sent later was counted later.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>Calls that ended without telling a number that we can trust.</summary>
    public int Debt { get; set; }

    /// <summary>When the last of those ended.</summary>
    public DateTimeOffset DebtAt { get; set; }

    /// <summary>A call sent before this may have been counted in the window before.</summary>
    public DateTimeOffset From { get; set; }

    /// <summary>The window is over at this moment at the latest.</summary>
    public DateTimeOffset? EndsBy { get; set; }

    /// <summary>The provider refused a call and said that it refuses until then; null when it did not.</summary>
    public DateTimeOffset? RefusesUntil { get; set; }

    /// <summary>The end was learnt from the provider and holds for all later windows; else it is first call + length.</summary>
    public bool IsGridKnown { get; set; }

    /// <summary>What is left, calls in flight not counted; null when nothing was seen yet.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int? Left => Seen - Debt;

    /// <summary>Starts the next window when this one is over.</summary>
    public void Roll(DateTimeOffset now, TimeSpan length)
    {
        if (EndsBy is not { } end || end > now)
            return;
        From = end + (((now - end).Ticks / length.Ticks) * length);
        EndsBy = IsGridKnown ? From + length : null;
        Seen = null;
        Debt = 0;
        RefusesUntil = null;
    }

    /// <summary>Learns from an answer's remaining number.</summary>
    public void See(int? remaining, DateTimeOffset sentAt, DateTimeOffset receivedAt, TimeSpan length)
    {
        if (remaining is not { } left || sentAt < From)
        {
            Debt++;
            DebtAt = receivedAt;
            EndsBy ??= receivedAt + length;
        }
        else if (Seen is null || left <= Seen)
        {
            Settle(left, sentAt, receivedAt);
            EndsBy ??= receivedAt + length;
        }
        else if (sentAt >= SeenAt && !(receivedAt < RefusesUntil))
        {
            // More is left than before, by a call counted later: a new window has begun, no later than this answer.
            Settle(left, sentAt, receivedAt);
            Debt = 0;
            From = receivedAt;
            EndsBy = receivedAt + length;
            IsGridKnown = true;
        }

        // Else an answer that overtook another: it was counted before the number that we hold, which is the better one. Or one that was let through between the
        // refusal and our note of it: what the provider said of the whole limit stands until its time.
    }

    /// <summary>The provider refused a call by this limit.</summary>
    /// <param name="endsAt">When it said that the window ends; null when it did not say.</param>
    /// <param name="seen">The refusal.</param>
    /// <param name="length">The window's length.</param>
    public void Exhaust(DateTimeOffset? endsAt, LimitObservation seen, TimeSpan length)
    {
        Seen = 0;
        SeenAt = seen.ReceivedAt;
        Debt = 0;
        RefusesUntil = endsAt ?? RefusesUntil;
        IsGridKnown |= endsAt is not null;
        EndsBy = endsAt ?? EndsBy ?? seen.ReceivedAt + length;
    }

    private void Settle(int left, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        Seen = left;
        SeenAt = receivedAt;
        if (sentAt >= DebtAt)
            Debt = 0;
    }
}
