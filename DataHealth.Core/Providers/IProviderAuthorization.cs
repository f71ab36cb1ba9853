namespace DataHealth.Core.Providers;

/// <summary>OAuth 2.0 at one provider, and the organisations that a grant reaches. No method retries a token call by itself.</summary>
public interface IProviderAuthorization
{
    /// <summary>The address to which the browser is sent for consent.</summary>
    /// <param name="state">Opaque, single use.</param>
    /// <param name="redirectUri">Fixed by configuration; must equal a registered one exactly.</param>
    /// <param name="codeChallenge">S256 challenge, only where the app type has PKCE; else null.</param>
    Uri AuthorizeUri(string state, Uri redirectUri, string? codeChallenge);

    /// <summary>True when one consent may give access to several organisations (Xero), false when it is for one company (QuickBooks).</summary>
    bool ConsentReachesMany => false;

    /// <summary>True when this app type uses PKCE.</summary>
    bool UsesPkce { get; }

    /// <summary>Exchanges the authorization code of a callback.</summary>
    /// <param name="callback">What the browser brought back; its code is there and of a sane length.</param>
    /// <param name="redirectUri">As it was sent with the authorization request.</param>
    /// <param name="codeVerifier">Of PKCE; null without.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<TokenOutcome> ExchangeAsync(CallbackQuery callback, Uri redirectUri, string? codeVerifier, CancellationToken cancellationToken);

    /// <summary>True where only the callback names the organisation, so that a browser may have written another into it: nothing is done with a token set before <see cref="ProveAsync"/>.</summary>
    bool NeedsProof => false;

    /// <summary>Asks whether a consent's token set is the named organisation's. A provider whose tokens say whose they are has nothing to ask.</summary>
    /// <param name="tokens">As they came from <see cref="ExchangeAsync"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProofOutcome> ProveAsync(TokenSet tokens, CancellationToken cancellationToken) => Task.FromResult<ProofOutcome>(new ProofOutcome.Proven());

    /// <summary>
    /// How long a refresh whose answer was lost may still be at work at the provider. No second one is sent before that, by any process: QuickBooks ends a connection for which two
    /// come at once. Zero where a repeated refresh does no harm (Xero accepts the old token for 30 minutes).
    /// </summary>
    TimeSpan LostAnswerRest => TimeSpan.Zero;

    /// <summary>Refreshes a token set. One call, no retry: the caller decides.</summary>
    Task<TokenOutcome> RefreshAsync(string refreshToken, CancellationToken cancellationToken);

    /// <summary>Revokes the whole grant. At Xero this drops every connection of that user to our app.</summary>
    Task<ProviderFault?> RevokeAsync(string refreshToken, CancellationToken cancellationToken);

    /// <summary>The organisations that the token reaches.</summary>
    /// <param name="accessToken">A live access token.</param>
    /// <param name="ownerId">Whose token it is (<see cref="TokenSet.OwnerId"/>), for a provider whose tokens do not say.</param>
    /// <param name="consentId">Only those that this consent added (<see cref="TokenSet.ConsentId"/>); null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<OrganisationsOutcome> OrganisationsAsync(string accessToken, string ownerId, string? consentId, CancellationToken cancellationToken);

    /// <summary>Removes one organisation's connection to our app at the provider. Removing one that is not there is success.</summary>
    /// <param name="accessToken">A live access token of the grant.</param>
    /// <param name="connectionId">The provider's connection id (Xero: <c>id</c> of <c>/connections</c>, not the tenant id).</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderFault?> RemoveAsync(string accessToken, string connectionId, CancellationToken cancellationToken);
}

/// <summary>A token set as it came from the provider.</summary>
/// <param name="AccessToken">Bearer token; memory and vault only.</param>
/// <param name="RefreshToken">Vault only.</param>
/// <param name="AccessExpiresAt">When the access token ends.</param>
/// <param name="RefreshExpiresAt">When the refresh token ends if unused.</param>
/// <param name="OwnerId">Whose set it is: Xero <c>xero_userid</c>, QuickBooks realm id.</param>
/// <param name="OwnerName">A name or e-mail of the owner for people, when the consent gave one.</param>
/// <param name="ConsentId">Which consent (Xero <c>authentication_event_id</c>), or null.</param>
/// <param name="Scopes">What was granted.</param>
public sealed record TokenSet(
    string AccessToken,
    string RefreshToken,
    DateTimeOffset AccessExpiresAt,
    DateTimeOffset RefreshExpiresAt,
    string OwnerId,
    string? OwnerName,
    string? ConsentId,
    IReadOnlyList<string> Scopes)
{
    /// <summary>When the grant ends for good, however often it is refreshed (QuickBooks: five years after the consent); null where there is no such end, or it is not told.</summary>
    public DateTimeOffset? HardExpiresAt { get; init; }

    /// <summary>Names the owner only: a token must never reach a log through a record's text.</summary>
    public override string ToString() => $"TokenSet of {OwnerId}, access until {AccessExpiresAt:O}";
}

/// <summary>How a token call ended.</summary>
public abstract record TokenOutcome
{
    private TokenOutcome()
    {
    }

    /// <summary>A new pair; store it before use.</summary>
    public sealed record Issued(TokenSet Tokens) : TokenOutcome;

    /// <summary>The code or refresh token is dead (<c>invalid_grant</c>). The only proof that a consent is needed.</summary>
    public sealed record InvalidGrant(ProviderFault Fault) : TokenOutcome;

    /// <summary>Anything else: our configuration, an outage, a limit. Proves nothing about the grant.</summary>
    public sealed record Failed(ProviderFault Fault) : TokenOutcome
    {
        /// <summary>The call was sent and no whole answer came: the provider may have carried it out, or still be at it.</summary>
        public bool IsAnswerLost { get; init; }
    }
}

/// <summary>Whether a consent's token set is the named organisation's.</summary>
public abstract record ProofOutcome
{
    private ProofOutcome()
    {
    }

    /// <summary>It is.</summary>
    public sealed record Proven : ProofOutcome;

    /// <summary>The provider says no.</summary>
    /// <param name="Fault">What it said.</param>
    /// <param name="IsForeign">The token set is another organisation's; else its person may not read the organisation.</param>
    public sealed record Refused(ProviderFault Fault, bool IsForeign) : ProofOutcome;

    /// <summary>It could not be asked: an outage, a limit, a subscription on hold. Proves nothing either way.</summary>
    public sealed record Unknown(ProviderFault Fault) : ProofOutcome;
}

/// <summary>How asking for the organisations ended.</summary>
public abstract record OrganisationsOutcome
{
    private OrganisationsOutcome()
    {
    }

    /// <summary>The answer's HTTP status; null where none came, or where several calls were made.</summary>
    public int? Status { get; init; }

    /// <summary>The list; may be empty with a live token.</summary>
    public sealed record Listed(IReadOnlyList<ProviderOrganisation> Organisations) : OrganisationsOutcome;

    /// <summary>The token was refused (expired or revoked).</summary>
    public sealed record TokenRefused(ProviderFault Fault) : OrganisationsOutcome;

    /// <summary>An outage or a limit; proves nothing.</summary>
    public sealed record Failed(ProviderFault Fault) : OrganisationsOutcome;
}

/// <summary>An organisation that a grant reaches.</summary>
/// <param name="Id">Organisation id at the provider.</param>
/// <param name="ConnectionId">The provider's id of our connection to it.</param>
/// <param name="Name">Its name there.</param>
public sealed record ProviderOrganisation(OrganisationId Id, string ConnectionId, string Name);

/// <summary>Live access tokens of a grant; implemented by Connections, used by the provider clients. Refreshing is single-flight across processes.</summary>
public interface IAccessTokens
{
    /// <summary>A token that is good for at least a minute, refreshed when need be.</summary>
    Task<AccessTokenOutcome> GetAsync(GrantId grant, CancellationToken cancellationToken);

    /// <summary>A token after the provider refused <paramref name="refused"/> as expired: another one already cached or stored, else refreshed once.</summary>
    Task<AccessTokenOutcome> RenewAsync(GrantId grant, string refused, CancellationToken cancellationToken);
}

/// <summary>How asking for an access token ended.</summary>
public abstract record AccessTokenOutcome
{
    private AccessTokenOutcome()
    {
    }

    /// <summary>A live token.</summary>
    public sealed record Token(string Value) : AccessTokenOutcome
    {
        /// <summary>Says nothing of the token.</summary>
        public override string ToString() => "Token";
    }

    /// <summary>The grant is proven dead.</summary>
    public sealed record Lost(ProviderFault Fault) : AccessTokenOutcome;

    /// <summary>No token now; proves nothing.</summary>
    public sealed record Unavailable(ProviderFault Fault) : AccessTokenOutcome;
}
