using Azure;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Consents;

/// <summary>What confirming and choosing have in common: who may, what is on offer, and making the connection.</summary>
public sealed class ConsentCompletion(
    ClientStore clients, ConsentStore consents, ConnectionStore connections, ConsentOffer offer, ParkedPairs parked, Holders holders, Releases releases, MakeConnection make,
    GrantStore grants, GrantLeases leases, AuditTrail audit, TimeProvider time)
{
    private const string Unnamed = "another client";

    internal async Task<ConsentOutcome> RunAsync(
        Actor actor, ClientId client, string? resultCode, string? organisation, bool acceptDifferent, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ConnectClients);
        if (await clients.FindAsync(actor, client, cancellationToken) is null)
            return new ConsentOutcome.ClientUnknown();
        if (!OneTimeCode.TryRead(resultCode, out var id, out var secret)
            || await consents.FindAsync(id, cancellationToken) is not { } consent
            || !OneTimeCode.Matches(secret, consent.ResultHash)
            || consent.Client != client || consent.Practice != actor.Practice || consent.Member != actor.Member)
            return new ConsentOutcome.CodeUnknown();
        if (consent is { Stage: ConsentStage.Done, Connected: { } connected })
            return await RepeatedAsync(client, connected, organisation, cancellationToken);
        if (time.GetUtcNow() >= consent.ExpiresAt)
            return new ConsentOutcome.CodeExpired();
        if (consent is not { Stage: ConsentStage.Received, Grant: { } grant })
            return new ConsentOutcome.CodeUnknown();
        try
        {
            if (consent.IsUnproven)
            {
                switch (await parked.SettleAsync(consent, grant, cancellationToken))
                {
                    case ParkedOutcome.Settled { Consent: var proven }:
                        consent = proven;
                        break;
                    case ParkedOutcome.Over over:
                        await connections.ChangeAsync(consent.Client, now => now.ConnectingUntil == consent.ExpiresAt ? now.WithoutConnecting() : null, CancellationToken.None);
                        return new ConsentOutcome.Failed(over.Fault);
                    case ParkedOutcome.Waiting waiting:
                        return new ConsentOutcome.Failed(waiting.Fault);
                }
            }
            return await offer.ReadAsync(consent, grant, cancellationToken) switch
            {
                OfferOutcome.Read read => ForEyesOf(actor, await DecideAsync(actor, consent, grant, read, organisation, acceptDifferent, cancellationToken)),
                OfferOutcome.Failed failed => new ConsentOutcome.Failed(failed.Fault),
                var unknown => throw new InvalidOperationException($"{unknown}"),
            };
        }
        catch (Exception away) when (away is VaultException or RequestFailedException)
        {
            return new ConsentOutcome.Failed(new ProviderFault(FaultKind.OurStorage, away.GetType().Name));
        }
    }

    // The answer to a confirmation may have been lost on its way; bringing it again is not an error.
    private async Task<ConsentOutcome> RepeatedAsync(ClientId client, OrganisationId connected, string? organisation, CancellationToken cancellationToken)
    {
        var connection = await connections.GetAsync(client, cancellationToken);
        return connection.IsLive && connection.Organisation == connected && (organisation is null || organisation == connected.Id)
            ? new ConsentOutcome.Connected(connection)
            : new ConsentOutcome.CodeUnknown();
    }

    // A client that the member may not see is not named to them, not even as the one that holds an organisation.
    private static ConsentOutcome ForEyesOf(Actor actor, ConsentOutcome outcome)
    {
        return outcome switch
        {
            ConsentOutcome.OrganisationTaken taken when !actor.MaySee(taken.By) => taken with { By = default, ByName = Unnamed },
            ConsentOutcome.Choose choose => new ConsentOutcome.Choose([.. choose.Organisations.Select(Veiled)]),
            ConsentOutcome.DifferentOrganisation different => different with { Chosen = Veiled(different.Chosen) },
            _ => outcome,
        };

        OfferedOrganisation Veiled(OfferedOrganisation offered) =>
            offered.TakenBy is { } by && !actor.MaySee(by) ? offered with { TakenBy = null, TakenByName = Unnamed } : offered;
    }

    private async Task<ConsentOutcome> DecideAsync(
        Actor actor, Consent consent, GrantId grant, OfferOutcome.Read read, string? organisation, bool acceptDifferent, CancellationToken cancellationToken)
    {
        var earlier = await connections.GetAsync(consent.Client, cancellationToken);
        if (consent.Purpose is ConsentPurpose.TakeOver)
        {
            return read.Offered.FirstOrDefault(offered => offered.Organisation.Id == earlier.Organisation) is { } same && earlier.IsLive
                ? await ConnectAsync(actor, consent, grant, earlier, same.Organisation, read.Reached, cancellationToken)
                : new ConsentOutcome.NotTheSameOrganisation(earlier.OrganisationName ?? "the client's organisation");
        }
        var added = read.Offered.Where(offered => offered.IsAdded).ToList();
        var chosen = organisation is not null
            ? read.Offered.FirstOrDefault(offered => offered.Organisation.Id.Id == organisation)
            : added.Count switch
            {
                1 => added[0],
                // Consenting again adds nothing where the provider still has the connection: then it is the client's own.
                0 => read.Offered.FirstOrDefault(offered => offered.Organisation.Id == earlier.Organisation),
                _ => null,
            };
        if (chosen is null && organisation is not null)
            return new ConsentOutcome.NotOffered();
        if (chosen is null)
        {
            if (added.Count == 0 && read.Offered.All(offered => offered.TakenBy is not null))
                return new ConsentOutcome.NoOrganisation();
            List<OfferedOrganisation> choices = [];
            foreach (var offered in read.Offered)
                choices.Add(await offer.DescribeAsync(offered, consent.Practice, cancellationToken));
            return new ConsentOutcome.Choose(choices);
        }
        var described = await offer.DescribeAsync(chosen, consent.Practice, cancellationToken);
        if (chosen.TakenBy is { } other)
            return new ConsentOutcome.OrganisationTaken(described.Name, other, described.TakenByName ?? Unnamed);
        if (earlier.Organisation is { } before && before != chosen.Organisation.Id && !acceptDifferent)
            return new ConsentOutcome.DifferentOrganisation(earlier.OrganisationName ?? before.Id, described);
        return await ConnectAsync(actor, consent, grant, earlier, chosen.Organisation, read.Reached, cancellationToken);
    }

    private async Task<ConsentOutcome> ConnectAsync(
        Actor actor, Consent consent, GrantId grant, Connection earlier, ProviderOrganisation organisation, IReadOnlyList<ProviderOrganisation> reached,
        CancellationToken cancellationToken)
    {
        MadeConnection.Made made;
        IReadOnlyList<Connection> revived;
        // Under the grant's lease nobody lets go of the grant meanwhile.
        await using (var lease = await leases.AcquireAsync(grant, cancellationToken))
        {
            if (lease is null || !await lease.HoldAsync(TimeSpan.FromSeconds(10), cancellationToken))
                return new ConsentOutcome.Failed(new ProviderFault(FaultKind.OurStorage, "The grant's lease was not to be had."));
            if (await consents.FindAsync(consent.Id, cancellationToken) is not { Stage: ConsentStage.Received } current
                || await grants.FindAsync(grant, cancellationToken) is not { State: GrantState.Live } live
                // Its deletion ends its consents under this lease too: one of the two comes first.
                || await clients.FindAsync(consent.Practice, consent.Client, cancellationToken) is not { ClearedBy: null })
                return new ConsentOutcome.CodeExpired();
            switch (await make.ExecuteAsync(consent, live, earlier, organisation, cancellationToken))
            {
                case MadeConnection.Taken taken:
                    return new ConsentOutcome.OrganisationTaken(organisation.Name, taken.Holder, (await clients.FindAsync(consent.Practice, taken.Holder, cancellationToken))?.Name ?? Unnamed);
                case MadeConnection.ChangedMeanwhile:
                    return new ConsentOutcome.ChangedMeanwhile();
                case MadeConnection.Made done:
                    made = done;
                    break;
                case var other:
                    throw new InvalidOperationException($"{other}");
            }
            // It is connected: what belongs to that is done also where the member has gone.
            var isTakenOver = made.Before is { IsLive: true, AuthorisedBy: { } by } && by != actor.Member && made.Before.Organisation == organisation.Id;
            await audit.RecordAsync(
                actor, isTakenOver ? AuditAction.ConnectionTakenOver : AuditAction.Connected, consent.Client,
                isTakenOver ? $"{organisation.Name}, authorised by {made.Before.AuthorisedByName}" : made.Before.OrganisationName, organisation.Name);
            await consents.TryWriteAsync(current with { Stage = ConsentStage.Done, Connected = organisation.Id }, CancellationToken.None);
            await holders.RemoveAsync(grant, consent.Id, CancellationToken.None);
            revived = await make.ReviveAsync(actor, grant, reached, CancellationToken.None);
        }
        // What the client used before is let go as far as nobody else needs it; where the provider does not answer, the sweep does it.
        if (made.Former is not null)
            await releases.FinishAsync(made.Former, cancellationToken);
        return new ConsentOutcome.Connected(made.Connection) { Mended = [.. revived.Where(one => one.Practice == actor.Practice && actor.MaySee(one.Client)).Select(one => one.Client)] };
    }
}
