using System.Collections.Concurrent;
using System.Diagnostics;
using Azure;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Providers;
using DataHealth.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections.Grants;

/// <summary>
/// Refreshes one grant under its lease. The old pair stays in the vault until the new one is stored over it, so whatever crashes, the newest pair that reached us is there and an
/// answer that was lost is asked for again with the old refresh token (Xero accepts it for 30 minutes). Where two refreshes must never meet, that one is asked for only when the first
/// cannot be at work any more (<see cref="IProviderAuthorization.LostAnswerRest"/>).
/// </summary>
public sealed partial class GrantRefresh(
    GrantStore grants, GrantSecrets secrets, GrantLeases leases, GrantEnd end, ProviderCatalog catalog, IOptions<ConnectionsOptions> options, ConnectionMetrics metrics, TimeProvider time,
    ILogger<GrantRefresh> logger)
{
    // A pair that the vault did not take. The next refresh in this process stores it before anything else.
    private readonly ConcurrentDictionary<GrantId, TokenPair> _unstored = new();

    /// <summary>Gives the stored pair when it is good, else refreshes it.</summary>
    /// <param name="lease">The grant's lease.</param>
    /// <param name="isGood">Whether a pair serves the caller.</param>
    /// <param name="cancellationToken">Cancels what happens before the token call; once sent, its answer is waited for and stored.</param>
    /// <returns>Null when the lease was lost before anything was sent: take it again.</returns>
    internal async Task<RefreshOutcome?> RunAsync(GrantLease lease, Func<TokenPair, bool> isGood, CancellationToken cancellationToken)
    {
        ProviderFault? failure = null;
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            if (await grants.FindAsync(lease.Grant, cancellationToken) is not { } grant)
                return OurFault("The grant has no row.");
            if (grant.State is GrantState.Dead or GrantState.Revoked)
                return new RefreshOutcome.Lost(grant.Fault ?? new ProviderFault(FaultKind.GrantInvalid, "We let this grant go."));
            if (await StoredAsync(lease, grant, cancellationToken) is not { } pair)
                return OurFault("The vault holds no pair for this grant.");
            if (isGood(pair))
            {
                await grants.RemoveDueAsync(Due.Doubt, grant.Id, cancellationToken);
                return new RefreshOutcome.Good(pair);
            }
            var rest = catalog.Get(grant.Provider).Authorization.LostAnswerRest;
            if (grant.RefreshSentAt + rest > time.GetUtcNow())
                return new RefreshOutcome.Unavailable(failure ?? new ProviderFault(FaultKind.ProviderUnavailable, $"The answer to a refresh was lost; none is sent before {grant.RefreshSentAt + rest:O}."));
            if (failure is not null && rest > TimeSpan.Zero)
                return new RefreshOutcome.Unavailable(failure);
            if (failure is { Kind: not (FaultKind.ProviderUnavailable or FaultKind.BadAnswer) } || attempt == 3)
                return new RefreshOutcome.Unavailable(failure ?? new ProviderFault(FaultKind.ProviderUnavailable, "The refresh did not settle."));
            grant = await secrets.MoveOnAsync(grant, pair, cancellationToken);
            await grants.AddDueAsync(Due.Doubt, grant.Id, pair.Rotation, cancellationToken);
            if (rest > TimeSpan.Zero)
                grant = await grants.WriteAsync(grant with { RefreshSentAt = time.GetUtcNow() }, cancellationToken);
            if (!await lease.HoldAsync(options.Value.TokenCallLimit, cancellationToken))
                return null;

            switch (await CallAsync(grant, pair.RefreshToken))
            {
                case TokenOutcome.Issued issued:
                    return await KeepAsync(lease, grant, pair, TokenPair.From(issued.Tokens, time.GetUtcNow(), pair.Rotation + 1));
                case TokenOutcome.InvalidGrant dead:
                    // Only proof when what we sent is still the newest there is, and nobody else is at it.
                    if (!await lease.HoldAsync(TimeSpan.Zero, CancellationToken.None))
                        return null;
                    if (await secrets.ReadAsync(grant, CancellationToken.None) is { } newest && newest.Rotation != pair.Rotation)
                        continue;
                    await end.DieAsync(grant, dead.Fault, CancellationToken.None);
                    return new RefreshOutcome.Lost(dead.Fault);
                case TokenOutcome.Failed failed:
                    failure = failed.Fault;
                    await NoteFailureAsync(grant, failed);
                    break;
            }
        }
        return new RefreshOutcome.Unavailable(failure ?? new ProviderFault(FaultKind.ProviderUnavailable, "The refresh did not settle."));
    }

    /// <summary>Keeps in memory a pair that a consent brought and that could not be stored. The next refresh of that grant in this process stores it before anything else.</summary>
    internal void Remember(GrantId grant, TokenSet tokens)
    {
        var now = time.GetUtcNow();
        _unstored[grant] = TokenPair.From(tokens, now, GrantAdoption.RotationAt(now));
    }

    private async Task<TokenPair?> StoredAsync(GrantLease lease, Grant grant, CancellationToken cancellationToken)
    {
        var stored = await secrets.ReadAsync(grant, cancellationToken);
        if (!_unstored.TryGetValue(grant.Id, out var kept))
            return stored;
        if (stored is null || stored.Rotation >= kept.Rotation || stored.IssuedAt > kept.IssuedAt)
        {
            _unstored.TryRemove(grant.Id, out _);
            return stored;
        }
        if (!await lease.HoldAsync(GrantSecrets.StoreLimit, cancellationToken))
            return stored;
        await secrets.StoreAsync(lease, grant, kept);
        _unstored.TryRemove(grant.Id, out _);
        await NoteSuccessAsync(grant, kept);
        return kept;
    }

    // Neither the token nor the grant's id, which tells whose it is, is in the span.
    private async Task<TokenOutcome> CallAsync(Grant grant, string refreshToken)
    {
        using var span = Tracing.Source.StartActivity("token.refresh", ActivityKind.Client)?.SetTag(TagName.Provider, grant.Provider);
        var outcome = await AskAsync(grant, refreshToken);
        metrics.Refreshed(grant.Provider, outcome);
        span?.SetTag(TagName.Outcome, ConnectionMetrics.Words(outcome));
        if (outcome is not TokenOutcome.Issued)
            span.Fail(ConnectionMetrics.Words(outcome));
        return outcome;
    }

    private async Task<TokenOutcome> AskAsync(Grant grant, string refreshToken)
    {
        using var limit = new CancellationTokenSource(options.Value.TokenCallLimit, time);
        try
        {
            return await catalog.Get(grant.Provider).Authorization.RefreshAsync(refreshToken, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new TokenOutcome.Failed(new ProviderFault(FaultKind.ProviderUnavailable, $"No answer to a refresh within {options.Value.TokenCallLimit.TotalSeconds:0} s.")) { IsAnswerLost = true };
        }
        catch (HttpRequestException broken)
        {
            return new TokenOutcome.Failed(new ProviderFault(FaultKind.ProviderUnavailable, $"The refresh broke off: {broken.HttpRequestError}.")) { IsAnswerLost = true };
        }
    }

    // Stores the new pair before anyone uses it.
    private async Task<RefreshOutcome> KeepAsync(GrantLease lease, Grant grant, TokenPair sent, TokenPair fresh)
    {
        _unstored[grant.Id] = fresh;
        GrantLease? again = null;
        try
        {
            if (!await lease.HoldsAsync(GrantSecrets.StoreLimit))
            {
                // Frozen past the lease: someone else may have stored a pair since, which is then the newer one.
                again = await leases.AcquireAsync(grant.Id, CancellationToken.None);
                if (again is null)
                    return OurFault("A refreshed pair waits for the grant's lease.");
                grant = await grants.FindAsync(grant.Id, CancellationToken.None) ?? grant;
                var stored = await secrets.ReadAsync(grant, CancellationToken.None);
                if (grant.State is not GrantState.Live || stored?.Rotation != sent.Rotation)
                {
                    _unstored.TryRemove(grant.Id, out _);
                    Log.Superseded(logger, grant.Id, fresh.Rotation);
                    return stored is not null && grant.State is GrantState.Live ? new RefreshOutcome.Good(stored) : OurFault("The grant changed during its refresh.");
                }
            }
            await secrets.StoreAsync(again ?? lease, grant, fresh);
            _unstored.TryRemove(grant.Id, out _);
            await NoteSuccessAsync(grant, fresh);
            Log.Refreshed(logger, grant.Id, fresh.Rotation);
            return new RefreshOutcome.Good(fresh);
        }
        catch (VaultException refused)
        {
            return OurFault(refused.Message);
        }
        finally
        {
            if (again is not null)
                await again.DisposeAsync();
        }
    }

    private async Task NoteSuccessAsync(Grant grant, TokenPair pair)
    {
        try
        {
            await grants.WriteAsync(grant with
            {
                State = GrantState.Live,
                RefreshedAt = pair.IssuedAt,
                RefreshExpiresAt = pair.RefreshExpiresAt,
                HardExpiresAt = pair.HardExpiresAt ?? grant.HardExpiresAt,
                RefreshSentAt = null,
                SecretWrites = grant.SecretWrites + 1,
                LastFailureAt = null,
                FailureDays = 0,
            }, CancellationToken.None);
            await grants.RemoveDueAsync(Due.Doubt, grant.Id, CancellationToken.None);
            // Reckoned from a number of seconds that counts down: minutes of difference mean nothing.
            if (pair.HardExpiresAt is { } last && !((last - grant.HardExpiresAt)?.Duration() < TimeSpan.FromDays(1)))
                await end.TellHardEndAsync(grant.Id, last, CancellationToken.None);
        }
        catch (RequestFailedException away)
        {
            // The pair is safe. The doubt entry stays, and the keep-alive settles it.
            Log.NotNoted(logger, grant.Id, away.Status);
        }
    }

    private async Task NoteFailureAsync(Grant grant, TokenOutcome.Failed failed)
    {
        var fault = failed.Fault;
        Log.Failed(logger, grant.Id, fault.Kind, fault.Technical, fault.CorrelationId);
        var now = time.GetUtcNow();
        var newDay = grant.LastFailureAt?.UtcDateTime.Date != now.UtcDateTime.Date;
        try
        {
            await grants.WriteAsync(grant with { RefreshSentAt = failed.IsAnswerLost ? grant.RefreshSentAt : null, LastFailureAt = now, FailureDays = grant.FailureDays + (newDay ? 1 : 0) }, CancellationToken.None);
            // An answer that says no leaves no doubt about which pair is the newest.
            if (fault.Kind is not (FaultKind.ProviderUnavailable or FaultKind.BadAnswer))
                await grants.RemoveDueAsync(Due.Doubt, grant.Id, CancellationToken.None);
        }
        catch (RequestFailedException away)
        {
            Log.NotNoted(logger, grant.Id, away.Status);
        }
    }

    private static RefreshOutcome.Unavailable OurFault(string technical) => new(new ProviderFault(FaultKind.OurStorage, technical));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Grant {Grant} refreshed, rotation {Rotation}")]
        public static partial void Refreshed(ILogger logger, GrantId grant, long rotation);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Grant {Grant} could not be refreshed: {Kind}, {Technical}, correlation id {CorrelationId}")]
        public static partial void Failed(ILogger logger, GrantId grant, FaultKind kind, string technical, string? correlationId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Grant {Grant}: rotation {Rotation} arrived after another process had gone on; the stored pair is kept")]
        public static partial void Superseded(ILogger logger, GrantId grant, long rotation);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Grant {Grant}: its row could not be written, status {Status}")]
        public static partial void NotNoted(ILogger logger, GrantId grant, int status);
    }
}

internal abstract record RefreshOutcome
{
    private RefreshOutcome()
    {
    }

    public sealed record Good(TokenPair Pair) : RefreshOutcome;

    public sealed record Lost(ProviderFault Fault) : RefreshOutcome;

    public sealed record Unavailable(ProviderFault Fault) : RefreshOutcome;
}
