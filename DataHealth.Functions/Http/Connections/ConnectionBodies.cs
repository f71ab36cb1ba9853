using DataHealth.Core.Connections;
using DataHealth.Functions.Http.Sync;

namespace DataHealth.Functions.Http.Connections;

/// <summary>Where to send the browser for consent.</summary>
public sealed record ConnectBody(Uri AuthorizeUrl, DateTimeOffset ExpiresAt);

/// <summary>Confirms what a consent brought.</summary>
/// <param name="Result">The result code, as the browser brought it back.</param>
/// <param name="AcceptDifferent">The person's word that the client may change to another organisation than before.</param>
public sealed record ConfirmInput(string? Result, bool? AcceptDifferent);

/// <summary>Chooses one of the organisations that a consent reaches.</summary>
public sealed record ChooseInput(string? Result, string? OrganisationId, bool? AcceptDifferent);

/// <summary>An organisation at its provider.</summary>
public sealed record OrganisationBody(string Id, string? Name);

/// <summary>An organisation that a consent offers.</summary>
public sealed record OfferBody(string Id, string Name, string? TakenByClientId, string? TakenByClientName)
{
    public static OfferBody Of(OfferedOrganisation offer) => new(offer.Id.Id, offer.Name, offer.TakenBy?.Value, offer.TakenByName);
}

/// <summary>Where a client's connection stands.</summary>
public sealed record ConnectionBody(
    ConnectionState State,
    string Words,
    string? Provider,
    OrganisationBody? Organisation,
    string? AuthorisedBy,
    DateTimeOffset? ConnectedAt,
    DateTimeOffset? AccessEndsAt,
    DateTimeOffset? Since,
    DateTimeOffset? ConnectingUntil,
    bool? ProviderPending,
    FaultBody? Fault);

/// <summary>What confirming or choosing led to.</summary>
public enum ConsentStep
{
    /// <summary>Connected; the first copy has been started.</summary>
    Connected,

    /// <summary>Choose one of the organisations.</summary>
    Choose,

    /// <summary>The client held another organisation before: say whether that is meant.</summary>
    DifferentOrganisation,
}

/// <summary>How confirming or choosing went, and what comes next.</summary>
public sealed record ConsentBody(
    ConsentStep Outcome,
    string Words,
    string ClientId,
    ConnectionBody? Connection,
    RunStartedBody? Sync,
    IReadOnlyList<OfferBody>? Organisations,
    string? EarlierOrganisation,
    OfferBody? Chosen);
