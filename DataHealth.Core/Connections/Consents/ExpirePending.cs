using Azure;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Providers;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Connections.Consents;

/// <summary>Tidies up after people: consents that nobody confirmed, and the provider's part of disconnects that it did not answer. For a timer.</summary>
public sealed partial class ExpirePending(
    ConsentStore consents, Holders holders, Releases releases, GrantStore grants, GrantLeases leases, GrantRelease release, ProviderCatalog catalog, ITokenVault vault,
    TimeProvider time, ILogger<ExpirePending> logger)
{
    private const int Batch = 500;

    // A confirmation that began in time may still be at work.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan GiveUp = TimeSpan.FromDays(7);

    /// <summary>Does what is due, as far as the provider answers; the rest stays for the next time.</summary>
    public async Task<SweepResult> ExecuteAsync(CancellationToken cancellationToken)
    {
        var (expired, released, left, seen) = (0, 0, 0, 0);
        await foreach (var consent in consents.AllAsync(cancellationToken))
        {
            if (time.GetUtcNow() < consent.ExpiresAt + Grace)
                continue;
            if (await TryEndAsync(consent, cancellationToken))
                expired++;
            else
                left++;
            if (++seen == Batch)
                break;
        }
        seen = 0;
        await foreach (var due in releases.AllAsync(cancellationToken))
        {
            if (time.GetUtcNow() < due.NotBefore)
                continue;
            if (await releases.FinishAsync(due, cancellationToken) is null)
                released++;
            else
                left++;
            if (++seen == Batch)
                break;
        }
        return new SweepResult(expired, released, left);
    }

    private async Task<bool> TryEndAsync(Consent consent, CancellationToken cancellationToken)
    {
        try
        {
            if (consent.Grant is { } grant && await LeaveAsync(consent, grant, cancellationToken) is { } fault)
            {
                if (time.GetUtcNow() - consent.CreatedAt < GiveUp)
                    return false;
                Log.GivenUp(logger, consent.Id, fault.Kind, fault.Technical);
                await holders.RemoveAsync(grant, consent.Id, cancellationToken);
            }
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
        await using var lease = await leases.AcquireAsync(grantId, cancellationToken);
        if (lease is null)
            return new ProviderFault(FaultKind.OurStorage, "The grant's lease was not to be had.");
        // From here on no confirmation of it can succeed.
        if (consent.Stage is not ConsentStage.Done && await consents.TryWriteAsync(consent with { Stage = ConsentStage.Ended }, cancellationToken) is null)
            return new ProviderFault(FaultKind.OurStorage, "The consent went on meanwhile.");
        if (await grants.FindAsync(grantId, cancellationToken) is { } grant
            && await release.RunAsync(lease, grant, new Unneeded(null, consent.ProviderConsentId), consent.Id, cancellationToken) is { } fault)
            return fault;
        await holders.RemoveAsync(grantId, consent.Id, cancellationToken);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Expired consent {Consent} could not be tidied up yet: {Kind}")]
        public static partial void Left(ILogger logger, ConsentId consent, string kind);

        [LoggerMessage(Level = LogLevel.Error, Message = "Expired consent {Consent} is given up; what it added stays at the provider: {Kind}, {Technical}")]
        public static partial void GivenUp(ILogger logger, ConsentId consent, FaultKind kind, string technical);
    }
}

/// <summary>What a sweep did.</summary>
/// <param name="Expired">Consents that were tidied up.</param>
/// <param name="Released">Organisations let go at the provider.</param>
/// <param name="Left">Things that could not be done yet.</param>
public sealed record SweepResult(int Expired, int Released, int Left);
