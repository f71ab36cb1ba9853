namespace DataHealth.Core.Connections.Consents;

/// <summary>Ends all consents of somebody who is being deleted.</summary>
public sealed class EndConsents(ConsentStore consents, EndConsent end)
{
    /// <summary>Those of one client. Repeatable.</summary>
    /// <returns>False when one could not be ended yet.</returns>
    public Task<bool> OfClientAsync(ClientId client, CancellationToken cancellationToken) => EndAsync(consent => consent.Client == client, cancellationToken);

    /// <summary>Those of a practice, also those for many clients, which name none. Repeatable.</summary>
    /// <returns>False when one could not be ended yet.</returns>
    public Task<bool> OfPracticeAsync(PracticeId practice, CancellationToken cancellationToken) => EndAsync(consent => consent.Practice == practice, cancellationToken);

    private async Task<bool> EndAsync(Func<Consent, bool> which, CancellationToken cancellationToken)
    {
        var isDone = true;
        await foreach (var consent in consents.AllAsync(cancellationToken))
        {
            if (which(consent))
                isDone &= await end.ExecuteAsync(consent, cancellationToken);
        }
        return isDone;
    }
}
