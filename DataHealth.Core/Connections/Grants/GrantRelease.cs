using DataHealth.Core.Providers;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Connections.Grants;

/// <summary>
/// Lets go at the provider what nobody needs any more: single organisations, and the grant itself when it was the last. Revoking drops every connection of that owner, so it is decided
/// under the grant's lease, which everyone takes who begins to use it. Repeatable at any point.
/// </summary>
public sealed partial class GrantRelease(GrantStore grants, GrantSecrets secrets, Holders holders, GrantReach reach, LeftThere left, ILogger<GrantRelease> logger)
{
    /// <summary>Called when a grant's end is written; tests crash there.</summary>
    internal Func<Task>? Ended { get; set; }

    /// <summary>Lets go of organisations that a grant reaches, except those in use by it, and of the grant where nothing uses it.</summary>
    /// <param name="lease">The grant's lease.</param>
    /// <param name="grant">The grant.</param>
    /// <param name="unneeded">Which of the organisations that the grant reaches are no longer needed by whoever asks.</param>
    /// <param name="consent">Where a consent ends: itself, which no longer counts as a use.</param>
    /// <param name="note">Notes that something stays at the provider; called before anything ends here that the provider has not confirmed.</param>
    /// <param name="isLastTry">The provider has refused for long, for no reason that we know: this time it ends here all the same, and the grant with its secret.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    internal async Task<LetGo> RunAsync(GrantLease lease, Grant grant, Unneeded unneeded, Consents.ConsentId? consent, Func<Task> note, bool isLastTry, CancellationToken cancellationToken)
    {
        var use = await holders.OfGrantAsync(grant.Id, cancellationToken);
        var pending = use.Pending.Where(other => other.Id != consent).ToList();
        // Where a grant is one company's, nothing is to be let go of but the grant itself; and a company that cannot be read any more must not keep it alive.
        var removed = grant.State is GrantState.Live && reach.ReachesMany(grant.Provider)
            ? await RemoveAsync(lease, grant, unneeded, use.Live, pending, note, isLastTry, cancellationToken)
            : new LetGo();
        if (removed.Fault is not null || use.Live.Count > 0 || pending.Count > 0 || grant.State is GrantState.Revoked)
            return removed;
        // The calls above may have refreshed it, or proved it dead.
        return await grants.FindAsync(grant.Id, cancellationToken) is { } now ? await EndAsync(lease, now, removed, note, isLastTry, cancellationToken) : removed;
    }

    private async Task<LetGo> RemoveAsync(
        GrantLease lease, Grant grant, Unneeded unneeded, IReadOnlyList<Connection> live, IReadOnlyList<Consents.Consent> pending, Func<Task> note, bool isLastTry, CancellationToken cancellationToken)
    {
        if (unneeded.Organisation is { } single && live.Any(connection => connection.Organisation == single))
            return new LetGo();
        if (unneeded is { Organisation: null, AddedBy: null })
            return new LetGo();
        var reached = await reach.ListAsync(grant.Id, grant.Provider, unneeded.AddedBy, lease, cancellationToken);
        if (reached is ReachOutcome.Failed failed)
            return new LetGo(failed.Fault);
        if (reached is not ReachOutcome.Listed listed)
            return new LetGo();
        var (wanted, unknown) = await WantedAsync(lease, grant, pending, cancellationToken);
        if (unknown is not null)
            return new LetGo(unknown);
        var isRemoved = false;
        foreach (var organisation in listed.Organisations)
        {
            if ((unneeded.Organisation is { } only && organisation.Id != only) || live.Any(connection => connection.Organisation == organisation.Id) || wanted(organisation.Id))
                continue;
            if (!await lease.HoldAsync(TimeSpan.FromSeconds(10), cancellationToken))
                return new LetGo(new ProviderFault(FaultKind.OurStorage, "The grant's lease was lost."));
            if (await reach.RemoveAsync(grant.Provider, listed.Token, organisation.ConnectionId, cancellationToken) is { } fault)
            {
                if (!isLastTry || fault.Kind is not FaultKind.RequestRefused)
                    return new LetGo(fault);
                Log.LeftThere(logger, organisation.Id, grant.Id, fault.Technical, fault.CorrelationId);
                await note();
                continue;
            }
            isRemoved |= organisation.Id == unneeded.Organisation;
            Log.Removed(logger, organisation.Id, grant.Id);
        }
        return new LetGo { IsRemoved = isRemoved };
    }

    // Another person may be in the middle of connecting an organisation by the same grant; the end of that consent tidies up then.
    private async Task<(Func<OrganisationId, bool> Wanted, ProviderFault? Unknown)> WantedAsync(
        GrantLease lease, Grant grant, IReadOnlyList<Consents.Consent> pending, CancellationToken cancellationToken)
    {
        if (pending.Any(consent => consent.ProviderConsentId is null))
            return (_ => true, null);
        HashSet<OrganisationId> wanted = [];
        foreach (var consent in pending)
        {
            switch (await reach.ListAsync(grant.Id, grant.Provider, consent.ProviderConsentId, lease, cancellationToken))
            {
                case ReachOutcome.Listed added:
                    wanted.UnionWith(added.Organisations.Select(one => one.Id));
                    break;
                case ReachOutcome.Failed failed:
                    return (_ => true, failed.Fault);
            }
        }
        return (wanted.Contains, null);
    }

    private async Task<LetGo> EndAsync(GrantLease lease, Grant grant, LetGo removed, Func<Task> note, bool isLastTry, CancellationToken cancellationToken)
    {
        if (grant.State is GrantState.Live)
        {
            if (await secrets.ReadAsync(grant, cancellationToken) is not { } pair)
            {
                // Without its pair nobody can revoke it: lost with its vault, say.
                await note();
            }
            else if (await RevokeAsync(lease, grant, pair, note, isLastTry, cancellationToken) is { } fault)
            {
                return new LetGo(fault);
            }
        }
        if (await secrets.DeleteAsync(lease, grant, cancellationToken) is not { } removal)
            return new LetGo(new ProviderFault(FaultKind.OurStorage, "The grant's lease was lost."));
        await grants.WriteAsync(grant with { State = GrantState.Revoked, Fault = null, SecretWrites = 0, Generation = grant.Generation + 1 }, cancellationToken);
        await grants.RemoveDueAsync(Due.Doubt, grant.Id, cancellationToken);
        await grants.RemoveDueAsync(Due.Dead, grant.Id, cancellationToken);
        Log.Ended(logger, grant.Id, removal);
        await (Ended?.Invoke() ?? Task.CompletedTask);
        return removed;
    }

    private async Task<ProviderFault?> RevokeAsync(GrantLease lease, Grant grant, TokenPair pair, Func<Task> note, bool isLastTry, CancellationToken cancellationToken)
    {
        if (!await lease.HoldAsync(reach.CallLimit, cancellationToken))
            return new ProviderFault(FaultKind.OurStorage, "The grant's lease was lost.");
        switch (await reach.RevokeAsync(grant.Provider, pair.RefreshToken, cancellationToken))
        {
            case null:
                // Revoked, it takes along what could not be removed by itself, whoever's it was.
                await left.ForgetAllAsync(grant.Id, cancellationToken);
                return null;
            // A token that the provider no longer knows needs no revoking.
            case { Kind: FaultKind.GrantInvalid }:
                return null;
            case { Kind: FaultKind.RequestRefused } fault when isLastTry:
                Log.GivenUp(logger, grant.Id, fault.Technical, fault.CorrelationId);
                await note();
                return null;
            case { } fault:
                return fault;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Organisation {Organisation} let go at the provider, by grant {Grant}")]
        public static partial void Removed(ILogger logger, OrganisationId organisation, GrantId grant);

        [LoggerMessage(Level = LogLevel.Error, Message = "Organisation {Organisation} stays connected to our app at the provider, which refuses day after day to let it go from grant {Grant}: {Technical}, correlation id {CorrelationId}")]
        public static partial void LeftThere(ILogger logger, OrganisationId organisation, GrantId grant, string technical, string? correlationId);

        [LoggerMessage(Level = LogLevel.Information, Message = "Grant {Grant} revoked, its secret: {Removal}")]
        public static partial void Ended(ILogger logger, GrantId grant, Vault.SecretRemoval removal);

        [LoggerMessage(Level = LogLevel.Error, Message = "Grant {Grant} is not revoked at the provider, which refuses it day after day: {Technical}, correlation id {CorrelationId}. It ends here, with its secret")]
        public static partial void GivenUp(ILogger logger, GrantId grant, string technical, string? correlationId);
    }
}

/// <summary>What letting go came to.</summary>
/// <param name="Fault">Why it is not done yet; null when it is.</param>
internal readonly record struct LetGo(ProviderFault? Fault)
{
    /// <summary>The provider answered, in this call, that the organisation that was asked for is removed.</summary>
    public bool IsRemoved { get; init; }
}

/// <summary>What is no longer needed: one organisation, or what one consent added.</summary>
internal sealed record Unneeded(OrganisationId? Organisation, string? AddedBy);
