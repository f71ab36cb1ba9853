using Azure;
using DataHealth.Core.Providers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections.Grants;

/// <summary>Refreshes grants that nobody used for long, before the provider forgets them, and settles what a crash left: refreshes whose answer was lost, deaths half told. For a timer.</summary>
public sealed partial class KeepAlive(
    GrantStore grants, GrantLeases leases, GrantEnd end, AccessTokens tokens, IOptions<ConnectionsOptions> options, TimeProvider time, ILogger<KeepAlive> logger)
{
    // One that fails is not tried at every tick, so that it holds back none of the others.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromHours(6);
    private static readonly TimeSpan DoubtSettlesItself = TimeSpan.FromMinutes(2);

    /// <summary>Refreshes a bounded batch of what is due.</summary>
    public async Task<KeepAliveResult> ExecuteAsync(CancellationToken cancellationToken)
    {
        await FinishDeathsAsync(cancellationToken);
        var result = await SettleDoubtsAsync(cancellationToken);
        var now = time.GetUtcNow();
        var before = now - TimeSpan.FromDays(options.Value.KeepAliveDays);
        var left = options.Value.KeepAliveBatch;
        await foreach (var due in grants.DueAsync(Due.Day, before, cancellationToken))
        {
            if (await grants.FindAsync(due.Grant, cancellationToken) is not { State: GrantState.Live } grant || !GrantStore.IsCurrent(due, grant))
            {
                await grants.RemoveDueAsync(Due.Day, due.Row, cancellationToken);
                continue;
            }
            if (grant.LastFailureAt is { } failed && now - failed < AfterFailure)
                continue;
            result = Count(result, due.Grant, await tokens.RefreshAsync(due.Grant, pair => pair.IssuedAt > before, cancellationToken));
            if (--left == 0)
                break;
        }
        return result;
    }

    // The grace in which a provider accepts the old refresh token is short: an answer that was lost is asked for again now, not when somebody needs a token.
    private async Task<KeepAliveResult> SettleDoubtsAsync(CancellationToken cancellationToken)
    {
        var result = new KeepAliveResult(0, 0, 0);
        var left = options.Value.KeepAliveBatch;
        await foreach (var due in grants.DueAsync(Due.Doubt, null, cancellationToken))
        {
            if (time.GetUtcNow() - due.At < DoubtSettlesItself)
                continue;
            if (await grants.FindAsync(due.Grant, cancellationToken) is not { State: GrantState.Live })
                await grants.RemoveDueAsync(Due.Doubt, due.Row, cancellationToken);
            else
                result = Count(result, due.Grant, await tokens.RefreshAsync(due.Grant, pair => pair.Rotation > due.Rotation, cancellationToken));
            if (--left == 0)
                break;
        }
        return result;
    }

    private async Task FinishDeathsAsync(CancellationToken cancellationToken)
    {
        await foreach (var due in grants.DueAsync(Due.Dead, null, cancellationToken))
        {
            try
            {
                await using var lease = await leases.AcquireAsync(due.Grant, cancellationToken);
                if (lease is null)
                    continue;
                if (await grants.FindAsync(due.Grant, cancellationToken) is { State: GrantState.Dead, Fault: { } fault })
                    await end.TellAsync(due.Grant, fault, cancellationToken);
                else
                    await grants.RemoveDueAsync(Due.Dead, due.Row, cancellationToken);
            }
            catch (RequestFailedException away)
            {
                Log.Left(logger, due.Grant, away.Status);
            }
        }
    }

    private KeepAliveResult Count(KeepAliveResult result, GrantId grant, AccessTokenOutcome outcome)
    {
        if (outcome is AccessTokenOutcome.Unavailable unavailable)
            Log.NotNow(logger, grant, unavailable.Fault.Kind, unavailable.Fault.Technical);
        return outcome switch
        {
            AccessTokenOutcome.Token => result with { Refreshed = result.Refreshed + 1 },
            AccessTokenOutcome.Lost => result with { Lost = result.Lost + 1 },
            _ => result with { Failed = result.Failed + 1 },
        };
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Grant {Grant} could not be kept alive now: {Kind}, {Technical}")]
        public static partial void NotNow(ILogger logger, GrantId grant, FaultKind kind, string technical);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The connections of dead grant {Grant} could not be told now, status {Status}")]
        public static partial void Left(ILogger logger, GrantId grant, int status);
    }
}

/// <summary>What a keep-alive did.</summary>
/// <param name="Refreshed">Grants that are fresh now.</param>
/// <param name="Lost">Grants proven dead.</param>
/// <param name="Failed">Grants that could not be refreshed now.</param>
public sealed record KeepAliveResult(int Refreshed, int Lost, int Failed);
