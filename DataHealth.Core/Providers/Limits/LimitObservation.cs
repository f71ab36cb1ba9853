namespace DataHealth.Core.Providers.Limits;

/// <summary>What one call showed of the provider's limits.</summary>
/// <param name="SentAt">When it was sent: the provider counted it no earlier.</param>
/// <param name="ReceivedAt">When its headers were here: it counted it no later.</param>
public sealed record LimitObservation(DateTimeOffset SentAt, DateTimeOffset ReceivedAt)
{
    /// <summary>Calls left this minute.</summary>
    public int? MinuteRemaining { get; init; }

    /// <summary>Calls left today.</summary>
    public int? DayRemaining { get; init; }

    /// <summary>Calls left this minute for the whole app.</summary>
    public int? AppMinuteRemaining { get; init; }

    /// <summary>The limit that refused the call; null when it was not refused by one.</summary>
    public LimitKind? Refused { get; init; }

    /// <summary>How long the provider said to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
