using DataHealth.Core.Providers;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections.Grants;

/// <summary>What a grant reaches at its provider, asked with a live token.</summary>
public sealed class GrantReach(GrantStore grants, AccessTokens tokens, ProviderCatalog catalog, IOptions<ConnectionsOptions> options, TimeProvider time)
{
    /// <summary>How long a call of its takes at most.</summary>
    internal TimeSpan CallLimit => options.Value.TokenCallLimit;

    /// <summary>Whether a grant of that provider may reach several organisations.</summary>
    internal bool ReachesMany(string provider) => catalog.Get(provider).Authorization.ConsentReachesMany;

    /// <summary>Lists organisations.</summary>
    /// <param name="grant">By which grant.</param>
    /// <param name="provider">The provider's key.</param>
    /// <param name="consent">Only what that consent added; null for all.</param>
    /// <param name="lease">The grant's lease where the caller holds it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal async Task<ReachOutcome> ListAsync(GrantId grant, string provider, string? consent, GrantLease? lease, CancellationToken cancellationToken)
    {
        var owner = (await grants.FindAsync(grant, cancellationToken))?.OwnerId ?? "";
        string? refused = null;
        for (var attempt = 1; ; attempt++)
        {
            var outcome = (lease, refused) switch
            {
                ({ } held, _) => await tokens.TokenAsync(held, refused, cancellationToken),
                (null, null) => await tokens.GetAsync(grant, cancellationToken),
                (null, { } old) => await tokens.RenewAsync(grant, old, cancellationToken),
            };
            if (outcome is AccessTokenOutcome.Lost lost)
                return new ReachOutcome.Lost(lost.Fault);
            if (outcome is not AccessTokenOutcome.Token { Value: var token })
                return new ReachOutcome.Failed(((AccessTokenOutcome.Unavailable)outcome).Fault);
            var listed = await LimitedAsync(
                limit => catalog.Get(provider).Authorization.OrganisationsAsync(token, owner, consent, limit), fault => new OrganisationsOutcome.Failed(fault), cancellationToken);
            switch (listed)
            {
                case OrganisationsOutcome.Listed list:
                    return new ReachOutcome.Listed(list.Organisations, token);
                case OrganisationsOutcome.TokenRefused when attempt == 1:
                    refused = token;
                    break;
                case OrganisationsOutcome.TokenRefused again:
                    return new ReachOutcome.Failed(again.Fault);
                case OrganisationsOutcome.Failed failed:
                    return new ReachOutcome.Failed(failed.Fault);
            }
        }
    }

    /// <summary>Asks the provider whether a consent's pair is that of the organisation which its callback named.</summary>
    internal Task<ProofOutcome> ProveAsync(string provider, TokenSet tokens, CancellationToken cancellationToken) =>
        LimitedAsync(limit => catalog.Get(provider).Authorization.ProveAsync(tokens, limit), fault => new ProofOutcome.Unknown(fault), cancellationToken);

    /// <summary>Removes one organisation's connection at the provider.</summary>
    internal Task<ProviderFault?> RemoveAsync(string provider, string token, string connectionId, CancellationToken cancellationToken) =>
        LimitedAsync<ProviderFault?>(limit => catalog.Get(provider).Authorization.RemoveAsync(token, connectionId, limit), fault => fault, cancellationToken);

    /// <summary>Revokes a grant at the provider.</summary>
    internal Task<ProviderFault?> RevokeAsync(string provider, string refreshToken, CancellationToken cancellationToken) =>
        LimitedAsync<ProviderFault?>(limit => catalog.Get(provider).Authorization.RevokeAsync(refreshToken, limit), fault => fault, cancellationToken);

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> call, Func<ProviderFault, T> failed, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.TokenCallLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await call(both.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return failed(new ProviderFault(FaultKind.ProviderUnavailable, $"No answer within {options.Value.TokenCallLimit.TotalSeconds:0} s."));
        }
        catch (HttpRequestException broken)
        {
            return failed(new ProviderFault(FaultKind.ProviderUnavailable, $"The call broke off: {broken.HttpRequestError}."));
        }
    }
}

internal abstract record ReachOutcome
{
    private ReachOutcome()
    {
    }

    /// <summary>The list, and the token that was good for it.</summary>
    public sealed record Listed(IReadOnlyList<ProviderOrganisation> Organisations, string Token) : ReachOutcome
    {
        public override string ToString() => $"Listed {Organisations.Count}";
    }

    public sealed record Lost(ProviderFault Fault) : ReachOutcome;

    public sealed record Failed(ProviderFault Fault) : ReachOutcome;
}
