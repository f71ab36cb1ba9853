using Azure;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Providers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections.Consents;

/// <summary>The provider sends the browser back. It brings no sign-in, so what it brings connects nothing before the member's confirmation.</summary>
public sealed partial class ReceiveCallback(
    ConsentStore consents, ConnectionStore connections, Holders holders, GrantAdoption adoption, GrantRefresh refresh, ParkedPairs parked, ITokenVault vault, ProviderCatalog catalog,
    IOptions<ConnectionsOptions> options, TimeProvider time, ILogger<ReceiveCallback> logger)
{
    private const int MaxCode = 4096;

    /// <summary>Exchanges the code and keeps what it brings pending until the member confirms it. Never throws for what a browser brings, nor for a provider or vault that fails.</summary>
    /// <param name="provider">The provider's key, from our own address.</param>
    /// <param name="query">What the browser brought.</param>
    /// <param name="cancellationToken">Cancels what happens before the exchange; a pair that has arrived is stored all the same.</param>
    public async Task<CallbackOutcome> ExecuteAsync(string provider, CallbackQuery query, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(query.State))
            return new CallbackOutcome.StateRefused(StateProblem.Missing);
        if (!OneTimeCode.TryRead(query.State, out var id, out var secret)
            || await consents.FindAsync(id, cancellationToken) is not { } consent
            || !OneTimeCode.Matches(secret, consent.StateHash)
            || catalog.Find(provider) is not { } known || known.Key != consent.Provider)
            return new CallbackOutcome.StateRefused(StateProblem.Unknown);
        if (consent.Stage is not ConsentStage.Started)
            return new CallbackOutcome.StateRefused(StateProblem.Used);
        if (time.GetUtcNow() >= consent.ExpiresAt)
            return new CallbackOutcome.StateRefused(StateProblem.Expired);
        // Of two callbacks with one state, one claims it.
        if (await consents.TryWriteAsync(consent with { Stage = ConsentStage.Claimed }, cancellationToken) is not { } claimed)
            return new CallbackOutcome.StateRefused(StateProblem.Used);

        try
        {
            if (!string.IsNullOrEmpty(query.Error))
            {
                await EndAsync(claimed);
                return new CallbackOutcome.Denied(claimed.Client, query.Error == "access_denied");
            }
            // Whether QuickBooks says that the person refused, or sends nothing, is not documented (facts 8, 14): without a code there is no consent.
            if (string.IsNullOrEmpty(query.Code))
            {
                await EndAsync(claimed);
                return new CallbackOutcome.Denied(claimed.Client, ByPerson: false);
            }
            if (query.Code is not { Length: <= MaxCode })
                return await FailAsync(claimed, new ProviderFault(FaultKind.BadAnswer, "The callback brought no usable code."));
            return await ExchangeAsync(known, claimed, query);
        }
        catch (Exception away) when (away is VaultException or RequestFailedException)
        {
            Log.NotKept(logger, claimed.Id, away.GetType().Name);
            return new CallbackOutcome.Failed(claimed.Client, new ProviderFault(FaultKind.OurStorage, $"What the consent brought could not be kept: {away.GetType().Name}."));
        }
    }

    private async Task<CallbackOutcome> ExchangeAsync(IAccountingProvider provider, Consent consent, CallbackQuery query)
    {
        string? verifier = null;
        if (provider.Authorization.UsesPkce)
        {
            verifier = await vault.GetAsync(consent.VerifierSecret, CancellationToken.None);
            await vault.DeleteAsync(consent.VerifierSecret, CancellationToken.None);
        }
        var outcome = await CallAsync(provider, query, verifier);
        if (outcome is TokenOutcome.InvalidGrant refused)
            return await FailAsync(consent, refused.Fault);
        if (outcome is not TokenOutcome.Issued { Tokens: var tokens })
            return await FailAsync(consent, ((TokenOutcome.Failed)outcome).Fault);

        var grant = StorageKeys.GrantOf(provider.Key, tokens.OwnerId);
        try
        {
            return await KeepAsync(provider, consent, grant, tokens);
        }
        catch (Exception away) when (away is VaultException or RequestFailedException)
        {
            // Connects nothing, but the provider may have ended the pair before with this consent: those who are connected by it need the new one.
            if (!provider.Authorization.NeedsProof || await parked.IsOwnAsync(provider.Key, tokens))
                refresh.Remember(grant, tokens);
            throw;
        }
    }

    private async Task<CallbackOutcome> KeepAsync(IAccountingProvider provider, Consent consent, GrantId grant, TokenSet tokens)
    {
        // First where it will be found again, then the pair, then the code that lets the member confirm it.
        var needsProof = provider.Authorization.NeedsProof;
        var noted = await consents.TryWriteAsync(consent with
        {
            Grant = grant,
            ProviderConsentId = tokens.ConsentId,
            ExpiresAt = time.GetUtcNow() + Lifetime(consent),
            ParkedOwner = needsProof ? tokens.OwnerId : null,
            IsUnproven = needsProof,
        }, CancellationToken.None);
        if (noted is not null)
            await holders.AddAsync(grant, noted.Id, CancellationToken.None);
        var isKept = needsProof ? noted is not null : await adoption.AdoptAsync(grant, provider.Key, tokens);
        var isNeeded = !isKept && (!needsProof || await parked.IsNeededAsync(consent, grant, tokens));
        if (isNeeded && !(needsProof && await adoption.AdoptAsync(grant, provider.Key, tokens)))
            refresh.Remember(grant, tokens);
        if (!isKept || noted is null)
            return new CallbackOutcome.Failed(consent.Client, new ProviderFault(FaultKind.OurStorage, "What the consent brought could not be kept in time."));
        if (needsProof)
        {
            await parked.ParkAsync(noted, tokens);
            switch (await parked.SettleAsync(noted, grant, CancellationToken.None))
            {
                case ParkedOutcome.Settled { Consent: var proven }:
                    noted = proven;
                    break;
                case ParkedOutcome.Over { Fault: var refused }:
                    return await FailAsync(consent, refused);
                case ParkedOutcome.Waiting { Fault: var waiting }:
                    Log.Waits(logger, consent.Id, waiting.Kind, waiting.Technical, waiting.CorrelationId);
                    break;
            }
        }
        var (result, hash) = OneTimeCode.New(noted.Id);
        if (await consents.TryWriteAsync(noted with { Stage = ConsentStage.Received, ResultHash = hash }, CancellationToken.None) is null)
            return new CallbackOutcome.Failed(consent.Client, new ProviderFault(FaultKind.OurStorage, "The consent ended while it was being received."));
        if (consent.Purpose is ConsentPurpose.ManyClients)
            return new CallbackOutcome.Received(null, result);
        await connections.ChangeAsync(consent.Client, current => current with { ConnectingUntil = noted.ExpiresAt }, CancellationToken.None);
        return new CallbackOutcome.Received(consent.Client, result);
    }

    // Forty organisations are not matched to their clients in ten minutes.
    private TimeSpan Lifetime(Consent consent) => consent.Purpose is ConsentPurpose.ManyClients ? options.Value.MatchingTime : options.Value.ConsentLifetime;

    private async Task<TokenOutcome> CallAsync(IAccountingProvider provider, CallbackQuery query, string? verifier)
    {
        using var limit = new CancellationTokenSource(options.Value.TokenCallLimit, time);
        try
        {
            return await provider.Authorization.ExchangeAsync(query, options.Value.RedirectUri(provider.Key), verifier, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new TokenOutcome.Failed(new ProviderFault(FaultKind.ProviderUnavailable, $"No answer to the exchange within {options.Value.TokenCallLimit.TotalSeconds:0} s."));
        }
        catch (HttpRequestException broken)
        {
            return new TokenOutcome.Failed(new ProviderFault(FaultKind.ProviderUnavailable, $"The exchange broke off: {broken.HttpRequestError}."));
        }
    }

    private async Task<CallbackOutcome> FailAsync(Consent consent, ProviderFault fault)
    {
        Log.Failed(logger, consent.Id, fault.Kind, fault.Technical, fault.CorrelationId);
        await EndAsync(consent);
        return new CallbackOutcome.Failed(consent.Client, fault);
    }

    private async Task EndAsync(Consent consent)
    {
        await consents.TryWriteAsync(consent with { Stage = ConsentStage.Ended }, CancellationToken.None);
        if (consent.Purpose is not ConsentPurpose.ManyClients)
            await connections.ChangeAsync(consent.Client, current => current.ConnectingUntil == consent.ExpiresAt ? current.WithoutConnecting() : null, CancellationToken.None);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Consent {Consent} ended without a grant: {Kind}, {Technical}, correlation id {CorrelationId}")]
        public static partial void Failed(ILogger logger, ConsentId consent, FaultKind kind, string technical, string? correlationId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "What consent {Consent} brought waits to be proven at its confirmation: {Kind}, {Technical}, correlation id {CorrelationId}")]
        public static partial void Waits(ILogger logger, ConsentId consent, FaultKind kind, string technical, string? correlationId);

        [LoggerMessage(Level = LogLevel.Error, Message = "What consent {Consent} brought could not be kept: {Kind}")]
        public static partial void NotKept(ILogger logger, ConsentId consent, string kind);
    }
}
