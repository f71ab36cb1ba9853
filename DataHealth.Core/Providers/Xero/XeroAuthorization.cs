using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>OAuth at Xero.</summary>
public sealed class XeroAuthorization(IOptions<XeroOptions> options, HttpClient http, TimeProvider time) : IProviderAuthorization
{
    /// <inheritdoc />
    public bool UsesPkce => options.Value.UsePkce;

    /// <inheritdoc />
    public Uri AuthorizeUri(string state, Uri redirectUri, string? codeChallenge) => throw new NotImplementedException();

    /// <inheritdoc />
    public Task<TokenOutcome> ExchangeAsync(string code, Uri redirectUri, string? codeVerifier, CancellationToken cancellationToken) => throw new NotImplementedException($"{http}{time}");

    /// <inheritdoc />
    public Task<TokenOutcome> RefreshAsync(string refreshToken, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc />
    public Task<ProviderFault?> RevokeAsync(string refreshToken, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc />
    public Task<OrganisationsOutcome> OrganisationsAsync(string accessToken, string? consentId, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc />
    public Task<ProviderFault?> RemoveAsync(string accessToken, string connectionId, CancellationToken cancellationToken) => throw new NotImplementedException();
}
