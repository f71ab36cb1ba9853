using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Costs;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Consents;

/// <summary>A member presses Connect, Reconnect or Take over for a client.</summary>
public sealed class StartConnect(ClientStore clients, ConnectionStore connections, ConsentStart start, ProviderCatalog catalog, ConnectionCap cap, AuditTrail audit)
{
    /// <summary>Makes a state that is good once, for ten minutes, for that member and client, and says where to send the browser.</summary>
    /// <param name="actor">Who presses.</param>
    /// <param name="client">For which client.</param>
    /// <param name="provider">The provider's key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not connect clients.</exception>
    /// <exception cref="Vault.VaultException">The provider uses PKCE and the vault did not take the verifier.</exception>
    public async Task<StartOutcome> ExecuteAsync(Actor actor, ClientId client, string provider, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ConnectClients);
        if (await clients.FindAsync(actor, client, cancellationToken) is not { } found)
            return new StartOutcome.ClientUnknown();
        if (found.ClearedBy is not null)
            return new StartOutcome.BeingCleared();
        if (catalog.Find(provider) is not { } known)
            return new StartOutcome.ProviderUnknown();
        // Who holds books already takes no further place.
        if (!(await connections.GetAsync(client, cancellationToken)).IsLive && await cap.RefusalAsync(known.Key, cancellationToken) is { } full)
            return new StartOutcome.Full(known.Name, full);
        return await BeginAsync(actor, client, known, ConsentPurpose.OneClient, cancellationToken);
    }

    /// <summary>Begins to take a client's connection over from whoever authorised it: the consent must reach the same organisation, or nothing changes.</summary>
    /// <param name="actor">Who takes over, and will have authorised it.</param>
    /// <param name="client">Which client.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not connect clients.</exception>
    /// <exception cref="Vault.VaultException">The provider uses PKCE and the vault did not take the verifier.</exception>
    public async Task<StartOutcome> TakeOverAsync(Actor actor, ClientId client, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ConnectClients);
        if (await clients.FindAsync(actor, client, cancellationToken) is null)
            return new StartOutcome.ClientUnknown();
        return await connections.GetAsync(client, cancellationToken) is { IsLive: true, Organisation: { } organisation } && catalog.Find(organisation.Provider) is { } known
            ? await BeginAsync(actor, client, known, ConsentPurpose.TakeOver, cancellationToken)
            : new StartOutcome.NotConnected();
    }

    private async Task<StartOutcome> BeginAsync(Actor actor, ClientId client, IAccountingProvider provider, ConsentPurpose purpose, CancellationToken cancellationToken)
    {
        if (!provider.IsConfigured)
            return new StartOutcome.NotConfigured(new ProviderFault(FaultKind.NotConfigured, $"{provider.Key} has no app id and secret."));
        var redirect = await start.BeginAsync(actor, provider, purpose, client, cancellationToken);
        await audit.RecordAsync(actor, AuditAction.ConnectStarted, client, after: provider.Name);
        await connections.ChangeAsync(client, current => current with { Practice = actor.Practice, ConnectingUntil = redirect.ExpiresAt }, cancellationToken);
        return redirect;
    }
}
