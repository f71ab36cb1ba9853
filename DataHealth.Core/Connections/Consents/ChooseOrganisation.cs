using DataHealth.Core.Practices;

namespace DataHealth.Core.Connections.Consents;

/// <summary>The member chooses one of several organisations of a consent.</summary>
public sealed class ChooseOrganisation(ConsentCompletion completion)
{
    /// <summary>Connects the client to the chosen organisation.</summary>
    /// <param name="actor">Who chooses: must be the member who started it.</param>
    /// <param name="client">For which client: must be the one that it was started for.</param>
    /// <param name="resultCode">From <see cref="CallbackOutcome.Received"/>.</param>
    /// <param name="organisation">One of <see cref="ConsentOutcome.Choose"/>; the provider's id.</param>
    /// <param name="acceptDifferentOrganisation">The person's word that the client may change to another organisation than before.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not connect clients.</exception>
    public Task<ConsentOutcome> ExecuteAsync(Actor actor, ClientId client, string? resultCode, string organisation, bool acceptDifferentOrganisation, CancellationToken cancellationToken) =>
        completion.RunAsync(actor, client, resultCode, organisation, acceptDifferentOrganisation, cancellationToken);
}
