namespace DataHealth.Local.Sandbox.QuickBooks.Identity;

/// <summary>What one Connect produced, waiting to be exchanged.</summary>
public sealed record RealmCode
{
    public required string Value { get; init; }

    public required string ClientId { get; init; }

    public required Guid PersonId { get; init; }

    public required string RealmId { get; init; }

    public required string RedirectUri { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTime IssuedUtc { get; init; }

    /// <summary>The grant that it was exchanged for.</summary>
    public string? GrantId { get; init; }

    public bool Used { get; init; }
}

/// <summary>One company's connection to one app: the refresh token of the moment, the one before, and their ends.</summary>
public sealed record RealmGrant
{
    public required string Id { get; init; }

    public required string ClientId { get; init; }

    public required Guid PersonId { get; init; }

    public required string RealmId { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTime ConsentedUtc { get; init; }

    public required DateTime HardEndUtc { get; init; }

    public required string RefreshToken { get; init; }

    /// <summary>Since when it has this value.</summary>
    public required DateTime ValueSinceUtc { get; init; }

    public required DateTime ExpiresUtc { get; init; }

    public string? Previous { get; init; }

    public DateTime? PreviousEndsUtc { get; init; }

    public DateTime LastRefreshUtc { get; init; }

    /// <summary>Why it is over: revoked, disconnected, superseded, concurrentRefresh, codeReused, ended; null while it lives.</summary>
    public string? Ended { get; init; }
}
