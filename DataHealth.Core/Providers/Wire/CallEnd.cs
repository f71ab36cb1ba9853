using System.Net;

namespace DataHealth.Core.Providers.Wire;

/// <summary>How one read ended on the wire, before anyone asks what it means.</summary>
internal abstract record CallEnd
{
    /// <summary>An answer with a body that came whole.</summary>
    public sealed record Answered(WireAnswer Answer, AnswerBody Body) : CallEnd;

    /// <summary>An answer that is not a 200; of the body only the beginning is kept.</summary>
    public sealed record Refused(WireAnswer Answer, byte[] Text) : CallEnd;

    /// <summary>A limit refused it, and the gate has been told.</summary>
    public sealed record LimitHit : CallEnd;

    /// <summary>A limit forbids it for longer than we wait.</summary>
    public sealed record Limited(LimitKind Limit, DateTimeOffset Until, bool IsEstimate) : CallEnd;

    /// <summary>No whole answer.</summary>
    /// <param name="Fault">Why.</param>
    /// <param name="IsTransient">Another attempt may do better.</param>
    /// <param name="RetryAfter">How long the provider asked to be left alone; null where it did not say.</param>
    public sealed record Broken(ProviderFault Fault, bool IsTransient, TimeSpan? RetryAfter = null) : CallEnd;
}

/// <summary>What an answer said besides its body.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="MediaType">Content type without parameters.</param>
/// <param name="CorrelationId">The provider's id of the call.</param>
/// <param name="Time">The provider's clock, to the second; null without a Date header.</param>
/// <param name="LacksScope">The <c>WWW-Authenticate</c> header names <c>insufficient_scope</c>.</param>
internal sealed record WireAnswer(HttpStatusCode Status, string? MediaType, string? CorrelationId, DateTimeOffset? Time, bool LacksScope);
