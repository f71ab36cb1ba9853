using DataHealth.Core.Practices;

namespace DataHealth.Core.Connections.Consents;

/// <summary>The member who started a connection confirms, signed in, what its callback brought.</summary>
public sealed class ConfirmConsent(ConsentCompletion completion)
{
    /// <summary>Connects the client when the consent offers exactly one organisation, else says what is to be decided.</summary>
    /// <param name="actor">Who confirms: must be the member who started it.</param>
    /// <param name="client">For which client: must be the one that it was started for.</param>
    /// <param name="resultCode">From <see cref="CallbackOutcome.Received"/>.</param>
    /// <param name="acceptDifferentOrganisation">The person's word that the client may change to another organisation than before.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not connect clients.</exception>
    public Task<ConsentOutcome> ExecuteAsync(Actor actor, ClientId client, string? resultCode, bool acceptDifferentOrganisation, CancellationToken cancellationToken) =>
        completion.RunAsync(actor, client, resultCode, null, acceptDifferentOrganisation, cancellationToken);
}
