using DataHealth.Core.Clients;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Consents;

/// <summary>How reading a consent for many clients ended.</summary>
public abstract record ManyOutcome
{
    private ManyOutcome()
    {
    }

    /// <summary>What the consent offers, and what it has mended already.</summary>
    /// <param name="Organisations">On offer, with the clients that each may belong to.</param>
    /// <param name="Mended">Clients whose dead connections the consent has revived.</param>
    /// <param name="ExpiresAt">Until when organisations can be matched by it.</param>
    public sealed record Offer(IReadOnlyList<OrganisationOffer> Organisations, IReadOnlyList<Connection> Mended, DateTimeOffset ExpiresAt) : ManyOutcome;

    /// <summary>What became of each match, in the order of the request.</summary>
    public sealed record Matched(IReadOnlyList<MatchResult> Results) : ManyOutcome;

    /// <summary>The result code is not one that this member has.</summary>
    public sealed record CodeUnknown : ManyOutcome;

    /// <summary>The result code is too old.</summary>
    public sealed record CodeExpired : ManyOutcome;

    /// <summary>The provider or our storage did not answer; the same code can be brought again until it expires.</summary>
    public sealed record Failed(ProviderFault Fault) : ManyOutcome;
}

/// <summary>An organisation of a consent for many clients.</summary>
/// <param name="Id">The organisation.</param>
/// <param name="Name">Its name at the provider.</param>
/// <param name="TaxNumber">Its tax number, where it was needed to tell clients apart.</param>
/// <param name="HeldBy">The client of this practice that is connected to it, if any that the member may see.</param>
/// <param name="IsHeld">Some client of this practice is connected to it.</param>
/// <param name="IsByThisConsent">That connection uses this consent's access, and works: nothing is to be done.</param>
/// <param name="Suggestions">Clients that it may belong to, the likeliest first. Never taken without the person's word.</param>
public sealed record OrganisationOffer(
    OrganisationId Id, string Name, string? TaxNumber, ClientId? HeldBy, bool IsHeld, bool IsByThisConsent, IReadOnlyList<MatchSuggestion> Suggestions);

/// <summary>A client that an organisation may belong to.</summary>
/// <param name="Client">The client.</param>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why it is suggested.</param>
public sealed record MatchSuggestion(ClientId Client, string Name, MatchReason Reason);

/// <summary>Why a client is suggested, the strongest first.</summary>
public enum MatchReason
{
    /// <summary>The client holds or held this very organisation.</summary>
    SameOrganisation,

    /// <summary>The tax numbers are the same.</summary>
    TaxNumber,

    /// <summary>The names are alike.</summary>
    Name,
}

/// <summary>A person's word which client an organisation belongs to.</summary>
/// <param name="Organisation">The provider's id of one of the offered organisations.</param>
/// <param name="Client">An existing client; null to add one.</param>
/// <param name="NewName">The name of the client to add; null with an existing one.</param>
/// <param name="AcceptDifferent">The person's word that the client may change to another organisation than before.</param>
public sealed record OrganisationMatch(string Organisation, ClientId? Client, ClientName? NewName, bool AcceptDifferent);

/// <summary>What became of a match.</summary>
/// <param name="Organisation">As it was given.</param>
/// <param name="State">What became of it.</param>
/// <param name="Client">The client; null where none was found or made.</param>
/// <param name="Connection">Where connected.</param>
/// <param name="Detail">The name of what stands in the way: the other client, or the organisation held before.</param>
public sealed record MatchResult(string Organisation, MatchState State, ClientId? Client = null, Connection? Connection = null, string? Detail = null);

/// <summary>What became of a match.</summary>
public enum MatchState
{
    /// <summary>Connected now.</summary>
    Connected,

    /// <summary>It was connected so already.</summary>
    AlreadyConnected,

    /// <summary>The consent does not reach that organisation (any more).</summary>
    NotOffered,

    /// <summary>No such client for this member.</summary>
    ClientUnknown,

    /// <summary>The member may not add clients.</summary>
    MayNotAdd,

    /// <summary>Another client of the practice is connected to the organisation.</summary>
    Taken,

    /// <summary>The client held another organisation before: repeat with the person's word.</summary>
    DifferentOrganisation,

    /// <summary>Our app holds as many organisations as its tier at the provider allows.</summary>
    Full,

    /// <summary>Our storage did not answer for this one, somebody else connected the client at this moment, or the consent was taken from our hands: repeat it.</summary>
    TryAgain,
}
