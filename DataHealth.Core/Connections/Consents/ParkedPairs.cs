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
                if (!isTakenIn && !await adoption.AdoptAsync(grant, consent.Provider, pair.Tokens))
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

    /// <summary>Settles the pair of a consent that nobody confirms any more. Repeatable.</summary>
    /// <returns>Null when nothing waits any more; else why not yet.</returns>
    internal async Task<ProviderFault?> EndAsync(Consent consent, GrantId grant, CancellationToken cancellationToken)
    {
        if (await SettleAsync(consent, grant, cancellationToken) is not ParkedOutcome.Waiting { Fault: var fault } || await ReadAsync(consent, cancellationToken) is not { } pair)
            return null;
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
