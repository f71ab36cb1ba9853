using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections.Consents;

/// <summary>A member presses Connect (or Reconnect) for a client.</summary>
public sealed class StartConnect(
    ClientStore clients, ConnectionStore connections, ConsentStore consents, ITokenVault vault, ProviderCatalog catalog, AuditTrail audit, IOptions<ConnectionsOptions> options, TimeProvider time)
{
    /// <summary>Makes a state that is good once, for ten minutes, for that member and client, and says where to send the browser.</summary>
    /// <param name="actor">Who presses.</param>
    /// <param name="client">For which client.</param>
    /// <param name="provider">The provider's key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not connect clients.</exception>
    /// <exception cref="VaultException">The provider uses PKCE and the vault did not take the verifier.</exception>
    public async Task<StartOutcome> ExecuteAsync(Actor actor, ClientId client, string provider, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ConnectClients);
        if (await clients.FindAsync(actor, client, cancellationToken) is null)
            return new StartOutcome.ClientUnknown();
        if (catalog.Find(provider) is not { } known)
            return new StartOutcome.ProviderUnknown();
        if (!known.IsConfigured)
            return new StartOutcome.NotConfigured(new ProviderFault(FaultKind.NotConfigured, $"{known.Key} has no app id and secret."));

        var id = new ConsentId(Guid.NewGuid().ToString("N"));
        var (state, hash) = OneTimeCode.New(id);
        var now = time.GetUtcNow();
        var consent = new Consent(id, actor.Practice, actor.Member, client, known.Key)
        {
            MemberName = actor.Name,
            CreatedAt = now,
            ExpiresAt = now + options.Value.ConsentLifetime,
            Stage = ConsentStage.Started,
            StateHash = hash,
        };
        await consents.TryWriteAsync(consent, cancellationToken);
        string? challenge = null;
        if (known.Authorization.UsesPkce)
        {
            var verifier = OneTimeCode.NewVerifier();
            await vault.SetAsync(consent.VerifierSecret, verifier, cancellationToken);
            challenge = OneTimeCode.ChallengeOf(verifier);
        }
        await connections.ChangeAsync(client, current => current with { Practice = actor.Practice, ConnectingUntil = consent.ExpiresAt }, cancellationToken);
        await audit.RecordAsync(actor, AuditAction.ConnectStarted, client, after: known.Name);
        return new StartOutcome.Redirect(known.Authorization.AuthorizeUri(state, options.Value.RedirectUri(known.Key), challenge), consent.ExpiresAt);
    }
}
