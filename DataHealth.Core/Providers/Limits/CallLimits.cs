namespace DataHealth.Core.Providers.Limits;

/// <summary>The numbers that a provider sets for one organisation and for the whole app.</summary>
public sealed record CallLimits
{
    /// <summary>Calls in flight for one organisation.</summary>
    public required int Concurrent { get; init; }

    /// <summary>Calls in one minute window for one organisation.</summary>
    public required int Minute { get; init; }

    /// <summary>Calls in one day window for one organisation; null where the provider has no such limit.</summary>
    public int? Day { get; init; }

    /// <summary>Calls of the day kept for people.</summary>
    public int DayReserve { get; init; }

    /// <summary>Calls in one minute window for the whole app; null where the provider has no such limit.</summary>
    public int? AppMinute { get; init; }

    /// <summary>
    /// The least time between two calls to one organisation, two at a time at most: for a provider that limits calls by the second and tells no remaining numbers. Zero: no pacing.
    /// </summary>
    public TimeSpan Pace { get; init; }

    /// <summary>
    /// The provider can stop our whole app for the rest of the month, and says it with the same answer as for a minute: refusals that outlast this many waits are taken for that. Zero: it cannot.
    /// </summary>
    public int WaitsBeforeMonth { get; init; }

    /// <summary>Length of the minute window.</summary>
    public required TimeSpan MinuteWindow { get; init; }

    /// <summary>Length of the day window.</summary>
    public required TimeSpan DayWindow { get; init; }

    /// <summary>A slot whose owner has not come back by then is free again.</summary>
    public required TimeSpan SlotLifetime { get; init; }

    /// <summary>Added to a moment that the provider gives in whole seconds, so that we do not come a breath too early.</summary>
    public TimeSpan Margin => MinuteWindow / 240;
}
