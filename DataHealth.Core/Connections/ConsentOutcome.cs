using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections;

/// <summary>How starting a connection ended.</summary>
public abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>Send the browser there.</summary>
    /// <param name="AuthorizeUri">The provider's consent page; holds the state, so it is not to be logged.</param>
    /// <param name="ExpiresAt">Until when the consent must be confirmed.</param>
    public sealed record Redirect(Uri AuthorizeUri, DateTimeOffset ExpiresAt) : StartOutcome
    {
        /// <summary>Says nothing of the state.</summary>
        public override string ToString() => $"Redirect until {ExpiresAt:O}";
    }

    /// <summary>No such client in this practice.</summary>
    public sealed record ClientUnknown : StartOutcome;

    /// <summary>The client's data is being deleted: connect it again once that is done.</summary>
    public sealed record BeingCleared : StartOutcome;

    /// <summary>No such provider.</summary>
    public sealed record ProviderUnknown : StartOutcome;

    /// <summary>Our app holds as many organisations as its tier at the provider allows: this client waits until one is let go, or an operator moves to a higher tier.</summary>
    public sealed record Full(string Provider, Costs.CapUse Use) : StartOutcome;

    /// <summary>There is no connection to take over.</summary>
    public sealed record NotConnected : StartOutcome;

    /// <summary>A consent of this provider is for one company only.</summary>
    public sealed record OneAtATime(string Provider) : StartOutcome;

    /// <summary>The provider is not configured in this installation.</summary>
    public sealed record NotConfigured(ProviderFault Fault) : StartOutcome;
}

/// <summary>How a callback ended.</summary>
public abstract record CallbackOutcome
{
    private CallbackOutcome()
    {
    }

    /// <summary>A consent arrived; the member who started it confirms it with the result code.</summary>
    /// <param name="Client">For which client; null for many.</param>
    /// <param name="ResultCode">For the front end, which sends it back signed in. Single use, worthless to anyone else.</param>
    public sealed record Received(ClientId? Client, string ResultCode) : CallbackOutcome
    {
        /// <summary>Says nothing of the code.</summary>
        public override string ToString() => $"Received for {Client}";
    }

    /// <summary>The person pressed Cancel, or the provider refused; nothing has changed.</summary>
    /// <param name="Client">For which client.</param>
    /// <param name="ByPerson">True for Cancel.</param>
    public sealed record Denied(ClientId Client, bool ByPerson) : CallbackOutcome;

    /// <summary>The state is not one that we gave out, or no longer good: begin again.</summary>
    public sealed record StateRefused(StateProblem Problem) : CallbackOutcome;

    /// <summary>The code could not be exchanged, or what it brought could not be kept: begin again.</summary>
    /// <param name="Client">For which client.</param>
    /// <param name="Fault">Why. <see cref="FaultKind.GrantInvalid"/> here means that the code was used or too old.</param>
    public sealed record Failed(ClientId Client, ProviderFault Fault) : CallbackOutcome;
}

/// <summary>What is wrong with a callback's state.</summary>
public enum StateProblem
{
    /// <summary>None was brought.</summary>
    Missing,

    /// <summary>Not one of ours, garbage, or of another provider.</summary>
    Unknown,

    /// <summary>Older than ten minutes.</summary>
    Expired,

    /// <summary>Brought before.</summary>
    Used,
}

/// <summary>An organisation that a consent offers.</summary>
/// <param name="Id">The organisation.</param>
/// <param name="Name">Its name at the provider.</param>
/// <param name="TakenBy">The client of this practice that is connected to it already, if any.</param>
/// <param name="TakenByName">That client's name.</param>
public sealed record OfferedOrganisation(OrganisationId Id, string Name, ClientId? TakenBy, string? TakenByName);

/// <summary>How confirming a consent, or choosing an organisation, ended.</summary>
public abstract record ConsentOutcome
{
    private ConsentOutcome()
    {
    }

    /// <summary>Connected. Answered again when the same confirmation is repeated.</summary>
    /// <param name="Connection">The connection.</param>
    public sealed record Connected(Connection Connection) : ConsentOutcome
    {
        /// <summary>Other clients of the practice whose connections the same consent has mended.</summary>
        public IReadOnlyList<ClientId> Mended { get; init; } = [];
    }

    /// <summary>A connection is taken over only for the same organisation, and the consent does not reach it. Nothing has changed.</summary>
    public sealed record NotTheSameOrganisation(string OrganisationName) : ConsentOutcome;

    /// <summary>The consent reaches several organisations: the person chooses, with the same result code.</summary>
    public sealed record Choose(IReadOnlyList<OfferedOrganisation> Organisations) : ConsentOutcome;

    /// <summary>The consent added no organisation that this practice does not hold already.</summary>
    public sealed record NoOrganisation : ConsentOutcome;

    /// <summary>That organisation is connected to another client of this practice.</summary>
    public sealed record OrganisationTaken(string OrganisationName, ClientId By, string ByName) : ConsentOutcome;

    /// <summary>The client held another organisation before, and the copies would mix: repeat with the person's word.</summary>
    public sealed record DifferentOrganisation(string EarlierName, OfferedOrganisation Chosen) : ConsentOutcome;

    /// <summary>Somebody else connected or disconnected the client while this was decided. Nothing was overwritten; the same code can be brought again.</summary>
    public sealed record ChangedMeanwhile : ConsentOutcome;

    /// <summary>The chosen organisation is not among those offered.</summary>
    public sealed record NotOffered : ConsentOutcome;

    /// <summary>No such client in this practice.</summary>
    public sealed record ClientUnknown : ConsentOutcome;

    /// <summary>The result code is not one that this member has for this client.</summary>
    public sealed record CodeUnknown : ConsentOutcome;

    /// <summary>The result code is older than ten minutes.</summary>
    public sealed record CodeExpired : ConsentOutcome;

    /// <summary>The provider or our vault did not answer; the same code can be brought again until it expires.</summary>
    public sealed record Failed(ProviderFault Fault) : ConsentOutcome;
}

/// <summary>How disconnecting ended.</summary>
public abstract record DisconnectOutcome
{
    private DisconnectOutcome()
    {
    }

    /// <summary>Disconnected; the copied data stays. Where <see cref="Connection.ProviderPending"/>, the provider did not answer and its part is tried again by itself.</summary>
    public sealed record Disconnected(Connection Connection) : DisconnectOutcome;

    /// <summary>There was nothing to disconnect.</summary>
    public sealed record NotConnected : DisconnectOutcome;

    /// <summary>No such client in this practice.</summary>
    public sealed record ClientUnknown : DisconnectOutcome;
}
