using System.Collections.Concurrent;
using Azure;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Grants;

/// <summary>Live access tokens, cached in memory only. Callers of one process share one flight; processes keep apart by the grant's lease.</summary>
public sealed class AccessTokens(GrantStore grants, GrantSecrets secrets, GrantLeases leases, GrantRefresh refresh, TimeProvider time) : IAccessTokens
{
    private static readonly TimeSpan MinLeft = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<GrantId, TokenPair> _cache = new();
    private readonly ConcurrentDictionary<GrantId, Lazy<Task<AccessTokenOutcome>>> _flights = new();

    /// <inheritdoc />
    public Task<AccessTokenOutcome> GetAsync(GrantId grant, CancellationToken cancellationToken) => TokenAsync(grant, null, cancellationToken);

    /// <inheritdoc />
    public Task<AccessTokenOutcome> RenewAsync(GrantId grant, string refused, CancellationToken cancellationToken) => TokenAsync(grant, refused, cancellationToken);

    /// <summary>A token for someone who holds the grant's lease already.</summary>
    /// <param name="lease">The grant's lease.</param>
    /// <param name="refused">A token that the provider refused, or null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal async Task<AccessTokenOutcome> TokenAsync(GrantLease lease, string? refused, CancellationToken cancellationToken)
    {
        try
        {
            return Give(lease.Grant, await refresh.RunAsync(lease, pair => IsGood(pair, refused), cancellationToken))
                ?? new AccessTokenOutcome.Unavailable(new ProviderFault(FaultKind.OurStorage, "The grant's lease was lost."));
        }
        catch (Exception away) when (away is VaultException or RequestFailedException)
        {
            return Unavailable(away);
        }
    }

    /// <summary>Refreshes a grant whose pair does not satisfy <paramref name="isGood"/>, whatever is cached.</summary>
    internal async Task<AccessTokenOutcome> RefreshAsync(GrantId grant, Func<TokenPair, bool> isGood, CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 1; attempt <= 3; attempt++)
            {
                await using var lease = await leases.AcquireAsync(grant, cancellationToken);
                if (lease is null)
                    break;
                if (Give(grant, await refresh.RunAsync(lease, isGood, cancellationToken)) is { } outcome)
                    return outcome;
            }
            return new AccessTokenOutcome.Unavailable(new ProviderFault(FaultKind.OurStorage, "The grant's lease was not to be had."));
        }
        catch (Exception away) when (away is VaultException or RequestFailedException)
        {
            return Unavailable(away);
        }
    }

    private async Task<AccessTokenOutcome> TokenAsync(GrantId grant, string? refused, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_cache.TryGetValue(grant, out var cached) && IsGood(cached, refused))
                return new AccessTokenOutcome.Token(cached.AccessToken);
            var mine = new Lazy<Task<AccessTokenOutcome>>(() => FlyAsync(grant, refused));
            var flight = _flights.GetOrAdd(grant, mine);
            // A caller who goes away does not stop the flight: others wait for it, and a refresh once sent must be heard.
            var outcome = await flight.Value.WaitAsync(cancellationToken);
            var isRefusedOne = outcome is AccessTokenOutcome.Token token && token.Value == refused;
            if (!isRefusedOne || flight == mine || attempt == 3)
                return outcome;
        }
    }

    private async Task<AccessTokenOutcome> FlyAsync(GrantId grant, string? refused)
    {
        await Task.Yield();
        try
        {
            if (await grants.FindAsync(grant, CancellationToken.None) is { State: GrantState.Live } live
                && await secrets.ReadAsync(live, CancellationToken.None) is { } pair && IsGood(pair, refused))
                return Give(grant, new RefreshOutcome.Good(pair))!;
            return await RefreshAsync(grant, candidate => IsGood(candidate, refused), CancellationToken.None);
        }
        catch (Exception away) when (away is VaultException or RequestFailedException)
        {
            return Unavailable(away);
        }
        finally
        {
            _flights.TryRemove(grant, out _);
        }
    }

    private bool IsGood(TokenPair pair, string? refused) => pair.AccessToken != refused && pair.AccessExpiresAt - time.GetUtcNow() > MinLeft;

    private AccessTokenOutcome? Give(GrantId grant, RefreshOutcome? outcome)
    {
        if (outcome is RefreshOutcome.Good good)
        {
            _cache[grant] = good.Pair;
            return new AccessTokenOutcome.Token(good.Pair.AccessToken);
        }
        _cache.TryRemove(grant, out _);
        return outcome switch
        {
            RefreshOutcome.Lost lost => new AccessTokenOutcome.Lost(lost.Fault),
            RefreshOutcome.Unavailable unavailable => new AccessTokenOutcome.Unavailable(unavailable.Fault),
            _ => null,
        };
    }

    private static AccessTokenOutcome.Unavailable Unavailable(Exception away) => new(new ProviderFault(FaultKind.OurStorage, Words(away)));

    // A request's exception may quote its answer; its status and code say enough.
    private static string Words(Exception away) => away is RequestFailedException request ? $"Tables answered {request.Status} {request.ErrorCode}." : away.Message;
}
