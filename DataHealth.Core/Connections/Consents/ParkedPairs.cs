using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Providers;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Connections.Consents;

/// <summary>
/// A consent's pair of which it is not known yet whose it is. It waits in the vault under the consent's own name until the provider has said so: thrown away it could be lost for good (the
/// provider may have ended the pair before with it), and taken in unproven it could take the place of another company's.
/// </summary>
public sealed partial class ParkedPairs(
    ITokenVault vault, ConsentStore consents, GrantStore grants, GrantAdoption adoption, GrantLeases leases, GrantReach reach, Holders holders, TimeProvider time, ILogger<ParkedPairs> logger)
{
    /// <summary>Parks a pair; the consent's row says already that it waits.</summary>
    /// <exception cref="VaultException">The vault did not take it.</exception>
    internal Task ParkAsync(Consent consent, TokenSet tokens)
    {
        var now = time.GetUtcNow();
        return vault.SetAsync(consent.ParkedSecret, TokenPair.From(tokens, now, GrantAdoption.RotationAt(now)).ToSecret(), CancellationToken.None);
    }

    /// <summary>Asks the provider again whose the pair is, and takes it in or lets it go. Repeatable.</summary>
    internal async Task<ParkedOutcome> SettleAsync(Consent consent, GrantId grant, CancellationToken cancellationToken)
    {
        if (await ReadAsync(consent, cancellationToken) is not { } pair)
            return new ParkedOutcome.Over(new ProviderFault(FaultKind.OurStorage, "What the consent brought is not there any more."));
        switch (await reach.ProveAsync(consent.Provider, pair.Tokens, cancellationToken))
        {
            case ProofOutcome.Proven:
                // Taken in before by a repeated confirmation, and perhaps refreshed since: then this copy is the older one.
                var isTakenIn = await grants.FindAsync(grant, cancellationToken) is { State: GrantState.Live } now && now.ConsentedAt >= pair.IssuedAt;
                if (!isTakenIn && !await adoption.AdoptAsync(grant, consent.Provider, pair.Tokens, pair.IssuedAt))
                    return new ParkedOutcome.Waiting(new ProviderFault(FaultKind.OurStorage, "The grant's lease was not to be had."));
                if (await consents.TryWriteAsync(consent with { IsUnproven = false }, CancellationToken.None) is not { } proven)
                    return new ParkedOutcome.Waiting(new ProviderFault(FaultKind.OurStorage, "The consent went on meanwhile."));
                await vault.DeleteAsync(consent.ParkedSecret, CancellationToken.None);
                return new ParkedOutcome.Settled(proven);
            case ProofOutcome.Refused refused:
                if (refused.IsForeign && await reach.RevokeAsync(consent.Provider, pair.Tokens.RefreshToken, cancellationToken) is { Kind: not FaultKind.GrantInvalid } left)
                    return new ParkedOutcome.Waiting(left);
                await consents.TryWriteAsync(consent with { Stage = ConsentStage.Ended }, CancellationToken.None);
                await vault.DeleteAsync(consent.ParkedSecret, CancellationToken.None);
                return new ParkedOutcome.Over(refused.Fault);
            case ProofOutcome.Unknown unknown:
                return new ParkedOutcome.Waiting(unknown.Fault);
            case var other:
                throw new InvalidOperationException($"{other}");
        }
    }

    /// <summary>Whether the provider says now that a pair is of the organisation which its callback named.</summary>
    internal async Task<bool> IsOwnAsync(string provider, TokenSet tokens) => await reach.ProveAsync(provider, tokens, CancellationToken.None) is ProofOutcome.Proven;

    /// <summary>
    /// A pair whose consent ended before it came: nobody will confirm it. Where nobody lives by that grant it is revoked; else those who do may need it, since the provider may have ended the pair
    /// before with it.
    /// </summary>
    /// <returns>It is needed: keep it.</returns>
    internal async Task<bool> IsNeededAsync(Consent consent, GrantId grant, TokenSet tokens)
    {
        // Without the lease nobody can tell who is about to live by it: then the pair is kept, which harms nobody, and let go of with the grant.
        await using var lease = await leases.AcquireAsync(grant, CancellationToken.None);
        if (lease is null)
            return await IsOwnAsync(consent.Provider, tokens);
        var use = await holders.OfGrantAsync(grant, CancellationToken.None);
        if (use.Live.Count > 0 || use.Pending.Any(other => other.Id != consent.Id))
            return await IsOwnAsync(consent.Provider, tokens);
        if (await reach.RevokeAsync(consent.Provider, tokens.RefreshToken, CancellationToken.None) is { Kind: not FaultKind.GrantInvalid } left)
            Log.LeftAtProvider(logger, consent.Id, grant, left.Kind);
        return false;
    }

    /// <summary>Settles the pair of a consent that nobody confirms any more. Repeatable.</summary>
    /// <returns>Null when nothing waits any more; else why not yet.</returns>
    internal async Task<ProviderFault?> EndAsync(Consent consent, GrantId grant, CancellationToken cancellationToken)
    {
        if (await SettleAsync(consent, grant, cancellationToken) is not ParkedOutcome.Waiting { Fault: var fault } || await ReadAsync(consent, cancellationToken) is not { } pair)
            return null;
        // Not the provider's silence: a confirmation may be taking it in at this moment.
        if (fault.Kind is FaultKind.OurStorage)
            return fault;
        await using var lease = await leases.AcquireAsync(grant, cancellationToken);
        if (lease is null)
            return new ProviderFault(FaultKind.OurStorage, "The grant's lease was not to be had.");
        var use = await holders.OfGrantAsync(grant, cancellationToken);
        var isUsed = use.Live.Count > 0 || use.Pending.Any(other => other.Id != consent.Id);
        // Somebody is connected to that company: while its token lives, the pair may turn out to be the only good one; and revoking what is not proven could end theirs.
        if (isUsed && pair.Tokens.AccessExpiresAt > time.GetUtcNow())
            return fault;
        if (isUsed)
            Log.Dropped(logger, consent.Id, grant, fault.Kind);
        else if (await reach.RevokeAsync(consent.Provider, pair.Tokens.RefreshToken, cancellationToken) is { Kind: not FaultKind.GrantInvalid } left)
            return left;
        await vault.DeleteAsync(consent.ParkedSecret, cancellationToken);
        return null;
    }

    private async Task<Parked?> ReadAsync(Consent consent, CancellationToken cancellationToken) =>
        await vault.GetAsync(consent.ParkedSecret, cancellationToken) is { } secret && TokenPair.Parse(secret) is { } pair
            ? new(pair.IssuedAt, new(pair.AccessToken, pair.RefreshToken, pair.AccessExpiresAt, pair.RefreshExpiresAt, consent.ParkedOwner ?? "", null, consent.ProviderConsentId, pair.Scopes) { HardExpiresAt = pair.HardExpiresAt })
            : null;

    private sealed record Parked(DateTimeOffset IssuedAt, TokenSet Tokens);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Consent {Consent} ended without a word of the provider on whose its pair was: {Kind}; grant {Grant} keeps the one that it has")]
        public static partial void Dropped(ILogger logger, ConsentId consent, GrantId grant, FaultKind kind);

        [LoggerMessage(Level = LogLevel.Error, Message = "Consent {Consent} ended before its pair came, and the pair could not be revoked: grant {Grant} stays at the provider, {Kind}")]
        public static partial void LeftAtProvider(ILogger logger, ConsentId consent, GrantId grant, FaultKind kind);
    }
}

/// <summary>How settling a parked pair ended.</summary>
internal abstract record ParkedOutcome
{
    private ParkedOutcome()
    {
    }

    /// <summary>Proven and taken in; the consent as it is now.</summary>
    public sealed record Settled(Consent Consent) : ParkedOutcome;

    /// <summary>It is not that company's: the consent ended.</summary>
    public sealed record Over(ProviderFault Fault) : ParkedOutcome;

    /// <summary>Not told yet.</summary>
    public sealed record Waiting(ProviderFault Fault) : ParkedOutcome;
}
