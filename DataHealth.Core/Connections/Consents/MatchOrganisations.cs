using Azure;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Costs;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Consents;

/// <summary>Connects many clients by one consent, as the person matched them. Each match stands for itself: what failed is reported beside what succeeded, and can be repeated until the consent expires.</summary>
public sealed class MatchOrganisations(
    ManyConsents many, ConsentOffer offer, ClientStore clients, DeletionMarks marks, ConnectionStore connections, ConsentStore consents, MakeConnection make, Releases releases,
    GrantStore grants, GrantLeases leases, ConnectionCap cap, MemberChanges members, AuditTrail audit)
{
    /// <summary>The most matches of one call.</summary>
    public const int Most = 200;

    /// <summary>Connects.</summary>
    /// <param name="actor">Who: must be the member who began the consent.</param>
    /// <param name="resultCode">From <see cref="CallbackOutcome.Received"/>.</param>
    /// <param name="matches">Which organisation belongs to which client; at most <see cref="Most"/>, each organisation once.</param>
    /// <param name="cancellationToken">Cancels between matches; repeating the call goes on.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not connect clients.</exception>
    public async Task<ManyOutcome> ExecuteAsync(Actor actor, string? resultCode, IReadOnlyList<OrganisationMatch> matches, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ConnectClients);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(matches.Count, Most);
        var (consent, grant, refused) = await many.FindAsync(actor, resultCode, cancellationToken);
        if (consent is null)
            return refused!;
        try
        {
            return await offer.ReadAsync(consent, grant, cancellationToken) switch
            {
                OfferOutcome.Read read => await MatchAsync(actor, consent, grant, read, matches, cancellationToken),
                OfferOutcome.Failed failed => new ManyOutcome.Failed(failed.Fault),
                var unknown => throw new InvalidOperationException($"{unknown}"),
            };
        }
        catch (Exception away) when (away is VaultException or RequestFailedException)
        {
            return new ManyOutcome.Failed(new ProviderFault(FaultKind.OurStorage, away.GetType().Name));
        }
    }

    private async Task<ManyOutcome> MatchAsync(
        Actor actor, Consent consent, GrantId grantId, OfferOutcome.Read read, IReadOnlyList<OrganisationMatch> matches, CancellationToken cancellationToken)
    {
        var offered = read.Offered.ToDictionary(one => one.Organisation.Id.Id, StringComparer.Ordinal);
        // Counted once for the whole call: a count is a scan of all connections.
        var places = new Places(await cap.FindAsync(consent.Provider, cancellationToken));
        List<MatchResult> results = [];
        List<Release> former = [];
        await using (var lease = await leases.AcquireAsync(grantId, cancellationToken))
        {
            foreach (var match in matches)
            {
                // A long list outlasts the lease's time: it is renewed before each, and what it cannot cover is said so.
                var isOurs = lease is not null && await lease.HoldAsync(TimeSpan.FromSeconds(10), cancellationToken);
                results.Add(!isOurs ? new MatchResult(match.Organisation, MatchState.TryAgain, match.Client)
                    : !offered.TryGetValue(match.Organisation, out var one) ? new MatchResult(match.Organisation, MatchState.NotOffered, match.Client)
                    : await OneAsync(actor, consent, grantId, one, match, places, former, cancellationToken));
            }
        }
        foreach (var release in former)
            await releases.FinishAsync(release, cancellationToken);
        return new ManyOutcome.Matched(results);
    }

    private async Task<MatchResult> OneAsync(
        Actor actor, Consent consent, GrantId grantId, Offered offered, OrganisationMatch match, Places places, List<Release> former, CancellationToken cancellationToken)
    {
        var organisation = offered.Organisation;
        try
        {
            if (await consents.FindAsync(consent.Id, cancellationToken) is not { Stage: ConsentStage.Received }
                || await grants.FindAsync(grantId, cancellationToken) is not { State: GrantState.Live } grant)
                return new MatchResult(match.Organisation, MatchState.TryAgain, match.Client);
            var (client, refused) = await ClientAsync(actor, consent, offered, match, places, cancellationToken);
            if (client is null)
                return new MatchResult(match.Organisation, refused, Detail: refused is MatchState.Taken ? (await clients.FindAsync(actor, offered.TakenBy!.Value, cancellationToken))?.Name : null);
            var earlier = await connections.GetAsync(client.Id, cancellationToken);
            if (earlier is { State: ConnectionState.Connected } && earlier.Grant == grantId && earlier.Organisation == organisation.Id)
                return new MatchResult(match.Organisation, MatchState.AlreadyConnected, client.Id, earlier);
            if (earlier.Organisation is { } before && before != organisation.Id && !match.AcceptDifferent)
                return new MatchResult(match.Organisation, MatchState.DifferentOrganisation, client.Id, Detail: earlier.OrganisationName);
            if (!earlier.IsLive && places.AreFull)
                return new MatchResult(match.Organisation, MatchState.Full, client.Id);
            switch (await make.ExecuteAsync(consent, grant, earlier, organisation, cancellationToken))
            {
                case MadeConnection.Taken taken:
                    var other = await clients.FindAsync(actor, taken.Holder, cancellationToken);
                    return new MatchResult(match.Organisation, MatchState.Taken, client.Id, Detail: other?.Name);
                case MadeConnection.ChangedMeanwhile:
                    return new MatchResult(match.Organisation, MatchState.TryAgain, client.Id);
                case MadeConnection.Made made:
                    if (made.Former is not null)
                        former.Add(made.Former);
                    if (!earlier.IsLive)
                        places.TakeOne();
                    await audit.RecordAsync(actor, AuditAction.Connected, client.Id, made.Before.OrganisationName, organisation.Name);
                    return new MatchResult(match.Organisation, MatchState.Connected, client.Id, made.Connection);
                case var unknown:
                    throw new InvalidOperationException($"{unknown}");
            }
        }
        catch (RequestFailedException)
        {
            return new MatchResult(match.Organisation, MatchState.TryAgain, match.Client);
        }
    }

    private async Task<(Client? Client, MatchState Refused)> ClientAsync(
        Actor actor, Consent consent, Offered offered, OrganisationMatch match, Places places, CancellationToken cancellationToken)
    {
        if (match.Client is { } id)
        {
            var found = await clients.FindAsync(actor, id, cancellationToken);
            return found is { ClearedBy: not null } ? (null, MatchState.TryAgain) : (found, MatchState.ClientUnknown);
        }
        if (match.NewName is not { } name || !actor.May(Permissions.ManageClients))
            return (null, MatchState.MayNotAdd);
        // The same consent and organisation always make the same client, so that a repeated call finds the one that it made before.
        var newId = NewId(consent, offered.Organisation);
        if (await marks.FindAsync(actor.Practice, newId, cancellationToken) is not null)
            return (null, MatchState.TryAgain);
        // Nobody is added for books that they cannot have.
        if (offered.TakenBy is { } holder && holder != newId)
            return (null, MatchState.Taken);
        if (offered.TakenBy is null && places.AreFull)
            return (null, MatchState.Full);
        var made = await clients.CreateAsync(actor, newId, name, new ClientChange(), cancellationToken);
        await members.KeepOwnAsync(actor, made.Id, CancellationToken.None);
        return (made, MatchState.MayNotAdd);
    }

    /// <summary>Organisations that our tier still lets us take, as far as this call knows.</summary>
    private sealed class Places(CapUse? use)
    {
        private int _taken;

        public bool AreFull => use is { } known && known.Used + _taken >= known.Most;

        public void TakeOne() => _taken++;
    }

    // Sorts by the time of the consent, as other clients' ids sort by the time of their making.
    private static ClientId NewId(Consent consent, ProviderOrganisation organisation) =>
        new(Guid.CreateVersion7(consent.CreatedAt).ToString("N")[..12] + StorageKeys.Hash($"{consent.Id}|{organisation.Id}")[..20]);
}
