namespace DataHealth.Local.Sandbox.Limits;

/// <summary>The limits. Lengths of windows can be shortened ("a day of 60 seconds") for runs of several processes that share no fake clock.</summary>
public sealed record LimitSettings
{
    public int Concurrent { get; init; } = 5;

    public int Minute { get; init; } = 60;

    /// <summary>Null follows the app's tier: 1,000 or 5,000.</summary>
    public int? Day { get; init; }

    public int AppMinute { get; init; } = 10_000;

    public double MinuteSeconds { get; init; } = 60;

    public double DaySeconds { get; init; } = 86_400;

    public double RapidSyncMinutes { get; init; } = 30;

    /// <summary>Refused calls use the allowance up as well.</summary>
    public bool RefusedCount { get; init; }

    /// <summary>A refused call starts the window anew.</summary>
    public bool RefusedLengthen { get; init; }

    /// <summary>Words of X-Rate-Limit-Problem: Lower (minute, day, concurrent, appminute) or Title (Minute, Daily, Concurrent, AppMinute).</summary>
    public ProblemSpelling Spelling { get; init; } = ProblemSpelling.Lower;

    /// <summary>Retry-After on minute and day refusals.</summary>
    public bool RetryAfter { get; init; } = true;

    /// <summary>Body of the 429.</summary>
    public LimitedBody Body { get; init; } = LimitedBody.Empty;

    /// <summary>False lets every call through (the headers still count).</summary>
    public bool Enforced { get; init; } = true;

    /// <summary>What differs for one tenant.</summary>
    public Dictionary<Guid, TenantLimits> Tenants { get; init; } = [];
}

/// <summary>Limits of one tenant; null follows the general number.</summary>
public sealed record TenantLimits
{
    public int? Concurrent { get; init; }

    public int? Minute { get; init; }

    public int? Day { get; init; }

    /// <summary>Seconds into the general grid (midnight UTC) at which this tenant's day begins; null derives it from the tenant id.</summary>
    public double? DayStartsAt { get; init; }

    /// <summary>The same for the minute.</summary>
    public double? MinuteStartsAt { get; init; }
}

public enum ProblemSpelling { Lower, Title }

public enum LimitedBody { Empty, Text, Json }
