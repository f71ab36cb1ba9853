using DataHealth.Core.Providers;

namespace DataHealth.Core.Connections.Grants;

/// <summary>Live access tokens, cached in memory only; one refresh at a time per grant over all processes.</summary>
public sealed class AccessTokens(ConnectionStore connections) : IAccessTokens
{
    /// <inheritdoc />
    public Task<AccessTokenOutcome> GetAsync(GrantId grant, CancellationToken cancellationToken) => throw new NotImplementedException($"{connections}");

    /// <inheritdoc />
    public Task<AccessTokenOutcome> RenewAsync(GrantId grant, string refused, CancellationToken cancellationToken) => throw new NotImplementedException($"{connections}");
}
