using DataHealth.Core.Clients;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Consents;

/// <summary>
/// Which organisations a consent offers: those that it added, those that this practice holds already, and, when it added none, those that nobody ever held. A grant is its owner's, who may work for two practices: what it reaches
/// beyond is nobody's business here.
/// </summary>
public sealed class ConsentOffer(ClientStore clients, Holders holders, GrantReach reach)
{
    /// <summary>Asks the provider.</summary>
    internal async Task<OfferOutcome> ReadAsync(Consent consent, GrantId grant, CancellationToken cancellationToken)
    {
        var all = await reach.ListAsync(grant, consent.Provider, null, null, cancellationToken);
        var added = consent.ProviderConsentId is { } id && all is ReachOutcome.Listed ? await reach.ListAsync(grant, consent.Provider, id, null, cancellationToken) : null;
        foreach (var outcome in (ReachOutcome?[])[all, added])
        {
            if (outcome is ReachOutcome.Failed failed)
                return new OfferOutcome.Failed(failed.Fault);
            if (outcome is ReachOutcome.Lost lost)
                return new OfferOutcome.Failed(lost.Fault);
        }
        var reached = ((ReachOutcome.Listed)all).Organisations;
        var ofConsent = (added as ReachOutcome.Listed)?.Organisations.ToDictionary(one => one.Id) ?? [];
        List<Offered> offered = [];
        foreach (var organisation in reached.Concat(ofConsent.Values).DistinctBy(one => one.Id))
        {
            var held = await holders.OfPracticeAsync(organisation.Id, consent.Practice, cancellationToken);
            var isKnown = held is not null || await holders.IsKnownAsync(organisation.Id, cancellationToken);
            // Where a provider does not say what a consent added, an organisation that nobody ever held here can only be this consent's.
            var isAdded = consent.ProviderConsentId is null ? !isKnown : ofConsent.ContainsKey(organisation.Id);
            // A walk that broke off before its callback has left its organisation there, and the next one adds nothing. Nobody here ever held it, so that offering it tells nobody's secret.
            var isLeftOver = ofConsent.Count == 0 && !isKnown;
            if (isAdded || held is not null || isLeftOver)
                offered.Add(new Offered(organisation, isAdded, held is { IsLive: true } other && other.Client != consent.Client ? other.Client : null));
        }
        return new OfferOutcome.Read(offered, reached);
    }

    /// <summary>For people; the name of a client only where it is this practice's.</summary>
    internal async Task<OfferedOrganisation> DescribeAsync(Offered offered, PracticeId practice, CancellationToken cancellationToken)
    {
        var holder = offered.TakenBy is { } client ? await clients.FindAsync(practice, client, cancellationToken) : null;
        return new OfferedOrganisation(offered.Organisation.Id, offered.Organisation.Name, holder?.Id, holder?.Name);
    }
}

/// <summary>An organisation on offer.</summary>
internal sealed record Offered(ProviderOrganisation Organisation, bool IsAdded, ClientId? TakenBy);

internal abstract record OfferOutcome
{
    private OfferOutcome()
    {
    }

    /// <summary>What is on offer, and everything that the grant reaches (for our eyes only).</summary>
    public sealed record Read(IReadOnlyList<Offered> Offered, IReadOnlyList<ProviderOrganisation> Reached) : OfferOutcome;

    public sealed record Failed(ProviderFault Fault) : OfferOutcome;
}
