using DataHealth.Core.Audit;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Consents;

/// <summary>A member begins one consent for many clients: to connect several organisations, or to reconnect all that an earlier consent of that person gave.</summary>
public sealed class StartMany(ConsentStart start, ProviderCatalog catalog, AuditTrail audit)
{
    /// <summary>Says where to send the browser.</summary>
    /// <param name="actor">Who begins.</param>
    /// <param name="provider">The provider's key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not connect clients.</exception>
    /// <exception cref="Vault.VaultException">The provider uses PKCE and the vault did not take the verifier.</exception>
    public async Task<StartOutcome> ExecuteAsync(Actor actor, string provider, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ConnectClients);
        if (catalog.Find(provider) is not { } known)
            return new StartOutcome.ProviderUnknown();
        if (!known.IsConfigured)
            return new StartOutcome.NotConfigured(new ProviderFault(FaultKind.NotConfigured, $"{known.Key} has no app id and secret."));
        if (!known.Authorization.ConsentReachesMany)
            return new StartOutcome.OneAtATime(known.Name);
        var redirect = await start.BeginAsync(actor, known, ConsentPurpose.ManyClients, default, cancellationToken);
        await audit.RecordAsync(actor, AuditAction.ConnectStarted, null, after: $"{known.Name}, many clients");
        return redirect;
    }
}
