using Azure;
using DataHealth.Core.Clients;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Providers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections.Consents;

/// <summary>Ends a consent that nobody confirms any more, with what it added at the provider and nobody uses.</summary>
public sealed partial class EndConsent(
    ConsentStore consents, Holders holders, GrantStore grants, GrantLeases leases, GrantRelease release, LeftThere left, ParkedPairs parked, ProviderCatalog catalog, ITokenVault vault, IOptions<ConnectionsOptions> options,
    TimeProvider time, ILogger<EndConsent> logger)
{
    private static readonly TimeSpan GiveUp = TimeSpan.FromDays(7);

    // For what an exchange brought to be noted on the consent.
    private static readonly TimeSpan StoreTime = TimeSpan.FromMinutes(1);

    /// <summary>Ends it, whatever its stage. Repeatable.</summary>
    /// <returns>False when the provider or our storage did not answer: to be tried again.</returns>
    internal async Task<bool> ExecuteAsync(Consent consent, CancellationToken cancellationToken)
    {
        // Its code is being exchanged: what that brings is noted here, and found again by nothing else.
        if (consent is { Stage: ConsentStage.Claimed, Grant: null } && time.GetUtcNow() < consent.ExpiresAt + options.Value.TokenCallLimit + StoreTime)
            return false;
        try
        {
            if (consent.Grant is { } grant && await LeaveAsync(consent, grant, cancellationToken) is { } fault)
            {
                if (time.GetUtcNow() - consent.CreatedAt < GiveUp)
                    return false;
                Log.GivenUp(logger, consent.Id, fault.Kind, fault.Technical);
                await NoteAsync(consent, grant, cancellationToken);
                await holders.RemoveAsync(grant, consent.Id, cancellationToken);
            }
            if (consent.ParkedOwner is not null)
                await vault.DeleteAsync(consent.ParkedSecret, cancellationToken);
            if (catalog.Find(consent.Provider) is { Authorization.UsesPkce: true })
                await vault.DeleteAsync(consent.VerifierSecret, cancellationToken);
            await consents.DeleteAsync(consent.Id, cancellationToken);
            return true;
        }
        catch (Exception away) when (away is VaultException or RequestFailedException)
        {
            Log.Left(logger, consent.Id, away.GetType().Name);
            return false;
        }
    }

    // What an unconfirmed consent added at the provider counts there and is nobody's here: let go of it, never of what is in use.
    private async Task<ProviderFault?> LeaveAsync(Consent consent, GrantId grantId, CancellationToken cancellationToken)
    {
        if (consent.IsUnproven)
        {
            if (await parked.EndAsync(consent, grantId, cancellationToken) is { } waiting)
                return waiting;
            if (await consents.FindAsync(consent.Id, cancellationToken) is not { } settled)
                return null;
            consent = settled;
        }
        await using var lease = await leases.AcquireAsync(grantId, cancellationToken);
        if (lease is null)
            return new ProviderFault(FaultKind.OurStorage, "The grant's lease was not to be had.");
        // From here on no confirmation of it can succeed.
        if (consent.Stage is not ConsentStage.Done && await consents.TryWriteAsync(consent with { Stage = ConsentStage.Ended }, cancellationToken) is null)
            return new ProviderFault(FaultKind.OurStorage, "The consent went on meanwhile.");
        if (await grants.FindAsync(grantId, cancellationToken) is { } grant
            && (await release.RunAsync(lease, grant, new Unneeded(null, consent.ProviderConsentId), consent.Id, () => NoteAsync(consent, grantId, cancellationToken), isLastTry: false, cancellationToken)).Fault is { } fault)
            return fault;
        await holders.RemoveAsync(grantId, consent.Id, cancellationToken);
        return null;
    }

    // What it added stays at the provider, for all that we know.
    private Task NoteAsync(Consent consent, GrantId grant, CancellationToken cancellationToken) =>
        ClientStore.IsWellFormed(consent.Client) ? left.NoteAsync(consent.Client, grant, consent.Id, time.GetUtcNow(), cancellationToken) : Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Expired consent {Consent} could not be tidied up yet: {Kind}")]
        public static partial void Left(ILogger logger, ConsentId consent, string kind);

        [LoggerMessage(Level = LogLevel.Error, Message = "Expired consent {Consent} is given up; what it added stays at the provider: {Kind}, {Technical}")]
        public static partial void GivenUp(ILogger logger, ConsentId consent, FaultKind kind, string technical);
    }
}
