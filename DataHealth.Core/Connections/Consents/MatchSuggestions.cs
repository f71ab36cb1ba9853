using DataHealth.Core.Clients;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Consents;

/// <summary>Which clients an organisation may belong to: by the organisation itself, by tax number, by name. Pure.</summary>
internal sealed class MatchSuggestions
{
    private const int Most = 5;

    private readonly ILookup<OrganisationId, ClientSummary> _byOrganisation;
    private readonly ILookup<string, ClientSummary> _byTaxNumber;
    private readonly ILookup<string, ClientSummary> _byName;

    /// <summary>Prepares the practice's clients. One that is connected to other books is suggested for none.</summary>
    public MatchSuggestions(IReadOnlyCollection<ClientSummary> clients)
    {
        var free = clients.Where(client => client.State is not (ConnectionState.Connected or ConnectionState.ReconnectNeeded)).ToList();
        _byOrganisation = clients.Where(client => client.Organisation is not null).ToLookup(client => client.Organisation!.Value);
        _byTaxNumber = free.Where(client => BusinessName.TaxKey(client.TaxNumber) is not null).ToLookup(client => BusinessName.TaxKey(client.TaxNumber)!, StringComparer.Ordinal);
        _byName = free.Where(client => BusinessName.Key(client.Name).Length > 0).ToLookup(client => BusinessName.Key(client.Name), StringComparer.Ordinal);
        HasTaxNumbers = _byTaxNumber.Count > 0;
    }

    /// <summary>True when some client that is not connected has a tax number.</summary>
    public bool HasTaxNumbers { get; }

    /// <summary>True when neither the organisation itself nor exactly one name tells whose it is, so that its tax number is worth a call.</summary>
    public bool IsOpen(ProviderOrganisation organisation) => !_byOrganisation[organisation.Id].Any() && _byName[BusinessName.Key(organisation.Name)].Take(2).Count() != 1;

    /// <summary>The clients that it may belong to, the likeliest first.</summary>
    public IReadOnlyList<MatchSuggestion> For(ProviderOrganisation organisation, string? taxNumber) =>
    [
        .. Of(_byOrganisation[organisation.Id], MatchReason.SameOrganisation)
            .Concat(Of(BusinessName.TaxKey(taxNumber) is { } tax ? _byTaxNumber[tax] : [], MatchReason.TaxNumber))
            .Concat(Of(_byName[BusinessName.Key(organisation.Name)], MatchReason.Name))
            .DistinctBy(suggestion => suggestion.Client)
            .Take(Most),
    ];

    private static IEnumerable<MatchSuggestion> Of(IEnumerable<ClientSummary> clients, MatchReason reason) =>
        clients.OrderBy(client => client.Client.Value, StringComparer.Ordinal).Select(client => new MatchSuggestion(client.Client, client.Name, reason));
}
