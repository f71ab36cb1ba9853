using System.Net;

namespace DataHealth.Core.Providers.Xero;

/// <summary>How one read ended on the wire, before anyone asks what it means.</summary>
internal abstract record XeroCallEnd
{
    /// <summary>An answer with a body that came whole.</summary>
    public sealed record Answered(XeroAnswer Answer, AnswerBody Body) : XeroCallEnd;

    /// <summary>An answer that is not a 200; of the body only the beginning is kept.</summary>
    public sealed record Refused(XeroAnswer Answer, byte[] Text) : XeroCallEnd;

    /// <summary>A limit refused it, and the gate has been told.</summary>
    public sealed record LimitHit : XeroCallEnd;

    /// <summary>A limit forbids it for longer than we wait.</summary>
    public sealed record Limited(LimitKind Limit, DateTimeOffset Until, bool IsEstimate) : XeroCallEnd;

    /// <summary>No whole answer.</summary>
    /// <param name="Fault">Why.</param>
    /// <param name="IsTransient">Another attempt may do better.</param>
    /// <param name="RetryAfter">How long Xero asked to be left alone; null where it did not say.</param>
    public sealed record Broken(ProviderFault Fault, bool IsTransient, TimeSpan? RetryAfter = null) : XeroCallEnd;
}

/// <summary>What an answer said besides its body.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="MediaType">Content type without parameters.</param>
/// <param name="CorrelationId">Xero's id of the call.</param>
/// <param name="Time">Xero's clock, to the second; null without a Date header.</param>
/// <param name="LacksScope">The <c>WWW-Authenticate</c> header names <c>insufficient_scope</c>.</param>
internal sealed record XeroAnswer(HttpStatusCode Status, string? MediaType, string? CorrelationId, DateTimeOffset? Time, bool LacksScope);
