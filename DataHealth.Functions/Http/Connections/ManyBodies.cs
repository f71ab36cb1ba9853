using DataHealth.Core.Connections.Consents;

namespace DataHealth.Functions.Http.Connections;

/// <summary>Confirms a consent for many clients.</summary>
public sealed record OfferInput(string? Result);

/// <summary>Matches organisations to clients.</summary>
public sealed record MatchInput(string? Result, IReadOnlyList<MatchInputItem>? Matches);

/// <summary>One match: an existing client, or the name of one to add.</summary>
public sealed record MatchInputItem(string? OrganisationId, string? ClientId, string? NewClientName, bool? AcceptDifferent);

/// <summary>What a consent for many clients offers.</summary>
public sealed record ManyOfferBody(string Words, DateTimeOffset ExpiresAt, IReadOnlyList<ManyOfferItem> Organisations, IReadOnlyList<string> MendedClientIds);

/// <summary>An organisation on offer.</summary>
public sealed record ManyOfferItem(string Id, string Name, string? TaxNumber, string? HeldByClientId, bool IsHeld, bool IsConnected, IReadOnlyList<SuggestionBody> Suggestions)
{
    public static ManyOfferItem Of(OrganisationOffer offer) => new(
        offer.Id.Id, offer.Name, offer.TaxNumber, offer.HeldBy?.Value, offer.IsHeld, offer.IsByThisConsent,
        [.. offer.Suggestions.Select(suggestion => new SuggestionBody(suggestion.Client.Value, suggestion.Name, suggestion.Reason))]);
}

/// <summary>A client that an organisation may belong to.</summary>
public sealed record SuggestionBody(string ClientId, string ClientName, MatchReason Reason);

/// <summary>What became of the matches.</summary>
public sealed record ManyMatchBody(string Words, int Connected, int Refused, IReadOnlyList<MatchBody> Results);

/// <summary>What became of one match.</summary>
public sealed record MatchBody(string OrganisationId, string? ClientId, MatchState Outcome, string Words);
