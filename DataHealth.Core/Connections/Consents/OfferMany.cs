using Azure;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Ledger;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Consents;

/// <summary>The member who began a consent for many clients confirms it: dead connections of the same access are mended at once, and the rest is offered to be matched to clients.</summary>
public sealed class OfferMany(
    ManyConsents many, ConsentOffer offer, ConnectionStore connections, MakeConnection make, GrantLeases leases, ListClients clients, ProviderCatalog catalog)
{
    private const int LookupsAtATime = 8;
    private const int MostLookups = 200;

    /// <summary>Reads what the consent offers. Repeatable until it expires.</summary>
    /// <param name="actor">Who confirms: must be the member who began it.</param>
    /// <param name="resultCode">From <see cref="CallbackOutcome.Received"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not connect clients.</exception>
    public async Task<ManyOutcome> ExecuteAsync(Actor actor, string? resultCode, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ConnectClients);
        var (consent, grant, refused) = await many.FindAsync(actor, resultCode, cancellationToken);
        if (consent is null)
            return refused!;
        try
        {
            return await offer.ReadAsync(consent, grant, cancellationToken) switch
            {
                OfferOutcome.Read read => await OfferAsync(actor, consent, grant, read, cancellationToken),
                OfferOutcome.Failed failed => new ManyOutcome.Failed(failed.Fault),
                var unknown => throw new InvalidOperationException($"{unknown}"),
            };
        }
        catch (Exception away) when (away is VaultException or RequestFailedException)
        {
            return new ManyOutcome.Failed(new ProviderFault(FaultKind.OurStorage, away.GetType().Name));
        }
    }

    private async Task<ManyOutcome> OfferAsync(Actor actor, Consent consent, GrantId grant, OfferOutcome.Read read, CancellationToken cancellationToken)
    {
        IReadOnlyList<Connection> revived;
        await using (var lease = await leases.AcquireAsync(grant, cancellationToken))
        {
            if (lease is null)
                return new ManyOutcome.Failed(new ProviderFault(FaultKind.OurStorage, "The grant's lease was not to be had."));
            revived = await make.ReviveAsync(actor, grant, read.Reached, cancellationToken);
        }
        var suggestions = new MatchSuggestions(await clients.AllAsync(actor, cancellationToken));
        var taxNumbers = suggestions.HasTaxNumbers ? await TaxNumbersAsync(consent.Provider, grant, read, suggestions, cancellationToken) : new Dictionary<OrganisationId, string>();
        List<OrganisationOffer> offers = [];
        foreach (var offered in read.Offered)
        {
            var holder = offered.TakenBy is { } by ? await connections.GetAsync(by, cancellationToken) : null;
            var taxNumber = taxNumbers.GetValueOrDefault(offered.Organisation.Id);
            offers.Add(new OrganisationOffer(
                offered.Organisation.Id, offered.Organisation.Name, taxNumber, holder is not null && actor.MaySee(holder.Client) ? holder.Client : null, holder is not null,
                holder is { State: ConnectionState.Connected } && holder.Grant == grant, suggestions.For(offered.Organisation, taxNumber)));
        }
        return new ManyOutcome.Offer(offers, [.. revived.Where(one => one.Practice == actor.Practice && actor.MaySee(one.Client))], consent.ExpiresAt);
    }

    // One call for each organisation whose name does not tell whose it is. One that does not answer has no suggestion by tax number, and that is all.
    private async Task<IReadOnlyDictionary<OrganisationId, string>> TaxNumbersAsync(
        string provider, GrantId grant, OfferOutcome.Read read, MatchSuggestions suggestions, CancellationToken cancellationToken)
    {
        var known = catalog.Get(provider);
        var numbers = new System.Collections.Concurrent.ConcurrentDictionary<OrganisationId, string>();
        if (known.OrganisationDataset is not { } dataset)
            return numbers;
        var open = read.Offered.Select(offered => offered.Organisation).Where(suggestions.IsOpen).Take(MostLookups);
        await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = LookupsAtATime, CancellationToken = cancellationToken }, async (organisation, token) =>
        {
            var outcome = await known.Books.ReadPageAsync(new Books(organisation.Id, grant), dataset, new PageRequest(1, null, CallPriority.Person), token);
            if (outcome is not PageOutcome.Page page)
                return;
            using (page)
            {
                foreach (var record in page.Records)
                {
                    if (known.Ledger.Map(dataset, record.Id, record.Json.Span).OfType<Organisation>().FirstOrDefault()?.TaxNumber is { Length: > 0 } number)
                        numbers[organisation.Id] = number;
                }
            }
        });
        return numbers;
    }
}
