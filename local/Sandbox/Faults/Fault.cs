using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Faults;

/// <summary>Something that goes wrong on purpose, for the calls that it matches.</summary>
public sealed record Fault
{
    public Guid Id { get; init; } = Guid.NewGuid();

    public required FaultKind Kind { get; init; }

    /// <summary>An endpoint (Invoices, Reports/TrialBalance, Assets, connections, token, revocation), a start of one with * at its end, or null: every data call.</summary>
    public string? Endpoint { get; init; }

    public TenantKey? TenantId { get; init; }

    public string? ClientId { get; init; }

    public Guid? PersonId { get; init; }

    /// <summary>How many of the matching calls meet it, in percent; drawn from the seed.</summary>
    public double Percent { get; init; } = 100;

    /// <summary>Ends after so many; null never.</summary>
    public int? Count { get; init; }

    /// <summary>Spares the first so many matching calls.</summary>
    public int Skip { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>For delay.</summary>
    public int DelayMs { get; init; }

    /// <summary>For status.</summary>
    public int Status { get; init; } = 500;

    /// <summary>For status.</summary>
    public string? Body { get; init; }

    public string? ContentType { get; init; }

    /// <summary>For status: more headers.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>For huge.</summary>
    public int Megabytes { get; init; } = 300;

    /// <summary>For rateLimited: X-Rate-Limit-Problem.</summary>
    public string Problem { get; init; } = "day";

    /// <summary>For rateLimited: seconds, or null for none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Calls that met it so far.</summary>
    public int Fired { get; init; }

    /// <summary>Calls that a hold keeps waiting at this moment.</summary>
    public int Waiting { get; init; }
}

public enum FaultKind
{
    /// <summary>500 or 503, drawn.</summary>
    Unavailable,

    /// <summary>Any status, body, content type and headers.</summary>
    Status,

    /// <summary>The answer comes so much later, by the wall clock.</summary>
    Delay,

    /// <summary>The answer waits until it is released (or the fault removed).</summary>
    Hold,

    /// <summary>The connection drops before the call is carried out.</summary>
    Reset,

    /// <summary>The call is carried out, and the connection drops instead of an answer.</summary>
    LostAnswer,

    /// <summary>Half the promised bytes, then the connection drops.</summary>
    Truncate,

    /// <summary>200 with a JSON text cut in half.</summary>
    HalfJson,

    /// <summary>200 with an HTML page.</summary>
    Html,

    /// <summary>The right body under text/html.</summary>
    WrongContentType,

    /// <summary>200 with records whose fields have other types.</summary>
    WrongTypes,

    /// <summary>200 with a body of so many megabytes.</summary>
    Huge,

    /// <summary>As if the token lacked the scope.</summary>
    ScopeMissing,

    /// <summary>403 AuthenticationUnsuccessful.</summary>
    Forbidden,

    /// <summary>401 TokenExpired.</summary>
    TokenExpired,

    /// <summary>503: this organisation is offline.</summary>
    OrganisationOffline,

    /// <summary>503: offline for maintenance.</summary>
    Maintenance,

    /// <summary>429 whatever the count says.</summary>
    RateLimited,

    /// <summary>400: extremely high volume.</summary>
    HighVolume,

    /// <summary>QuickBooks: 200 with a Fault inside.</summary>
    FaultInside,

    /// <summary>QuickBooks: 400, the user has no right any more.</summary>
    NoRight,

    /// <summary>Token endpoint: invalid_client.</summary>
    InvalidClient,

    /// <summary>Token endpoint: invalid_grant.</summary>
    InvalidGrant,
}
