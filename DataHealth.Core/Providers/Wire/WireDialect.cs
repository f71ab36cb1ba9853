using DataHealth.Core.Providers.Limits;

namespace DataHealth.Core.Providers.Wire;

/// <summary>What differs between providers in how a call goes and ends, before anyone asks what the answer means.</summary>
internal abstract class WireDialect
{
    /// <summary>The provider's name, for the log.</summary>
    public abstract string Provider { get; }

    /// <summary>What an answer's headers show of the limits.</summary>
    public abstract LimitObservation Limits(HttpResponseMessage response, DateTimeOffset sentAt, DateTimeOffset now);

    /// <summary>The limit that a refusal's text names, where the status and the headers did not; else null.</summary>
    public virtual LimitObservation? LimitInText(CallEnd.Refused refused, LimitObservation seen) => null;

    /// <summary>The id that the provider's support asks for.</summary>
    public abstract string? CorrelationId(HttpResponseMessage response);

    /// <summary>The outage that a refusal tells of, or null when it is a refusal.</summary>
    public abstract ProviderFault? Outage(CallEnd.Refused refused);
}

/// <summary>How calls are made.</summary>
/// <param name="Attempts">Attempts of a read that meets a transport fault or 5xx, the first included.</param>
/// <param name="RetryDelay">Wait before the second attempt; doubles after, with jitter.</param>
/// <param name="LongestWait">The longest that a call waits by itself for a limit.</param>
/// <param name="CallTimeout">Time for one attempt, body included.</param>
/// <param name="MinuteWindow">How long to wait for a limit that nobody named.</param>
/// <param name="LargestAnswer">The largest answer that is taken, decompressed, in bytes.</param>
internal sealed record WireRules(int Attempts, TimeSpan RetryDelay, TimeSpan LongestWait, TimeSpan CallTimeout, TimeSpan MinuteWindow, int LargestAnswer);
