namespace DataHealth.Local.Sandbox.Identity;

/// <summary>What one Allow produced, waiting to be exchanged.</summary>
public sealed record AuthorizationCode
{
    public required string Value { get; init; }

    public required string ClientId { get; init; }

    public required Guid PersonId { get; init; }

    public required string RedirectUri { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required Guid AuthEventId { get; init; }

    public required DateTime IssuedUtc { get; init; }

    public string? CodeChallenge { get; init; }

    public string? Nonce { get; init; }

    public bool Used { get; init; }
}

/// <summary>One refresh token. After a refresh it lives on as "replaced" for the grace period.</summary>
public sealed record RefreshToken
{
    public required string Value { get; init; }

    public required string ClientId { get; init; }

    public required Guid PersonId { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required Guid AuthEventId { get; init; }

    public required Guid SessionId { get; init; }

    public required DateTime AuthUtc { get; init; }

    public required DateTime IssuedUtc { get; init; }

    public required DateTime ExpiresUtc { get; init; }

    public DateTime? ReplacedUtc { get; init; }

    /// <summary>Revoked, or ended by a newer consent.</summary>
    public bool Dead { get; init; }
}

/// <summary>Who a bearer token speaks for; no person for the client-credentials grant.</summary>
public sealed record Bearer(string ClientId, Guid? PersonId, IReadOnlySet<string> Scopes, Guid? AuthEventId, DateTime ExpiresUtc);
