using DataHealth.Core.Practices;

namespace DataHealth.Core.Connections.Consents;

/// <summary>Finds a consent for many clients by the code that its member brings.</summary>
public sealed class ManyConsents(ConsentStore consents, TimeProvider time)
{
    /// <summary>The consent and its grant, or why not.</summary>
    internal async Task<(Consent? Consent, GrantId Grant, ManyOutcome? Refused)> FindAsync(Actor actor, string? resultCode, CancellationToken cancellationToken)
    {
        if (!OneTimeCode.TryRead(resultCode, out var id, out var secret)
            || await consents.FindAsync(id, cancellationToken) is not { Purpose: ConsentPurpose.ManyClients } consent
            || !OneTimeCode.Matches(secret, consent.ResultHash)
            || consent.Practice != actor.Practice || consent.Member != actor.Member)
            return (null, default, new ManyOutcome.CodeUnknown());
        if (time.GetUtcNow() >= consent.ExpiresAt)
            return (null, default, new ManyOutcome.CodeExpired());
        return consent is { Stage: ConsentStage.Received, Grant: { } grant } ? (consent, grant, null) : (null, default, new ManyOutcome.CodeUnknown());
    }
}
