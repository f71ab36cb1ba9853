namespace DataHealth.Core.Health.Sharing;

/// <summary>A share link as the practice sees it: everything but its code, which is told once.</summary>
/// <param name="Id">Which.</param>
/// <param name="Client">Whose overview.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">By whom.</param>
/// <param name="CreatedByName">Their name then.</param>
/// <param name="ExpiresAt">It opens nothing from then on.</param>
/// <param name="RevokedAt">When somebody took it back; null while nobody has.</param>
public sealed record OverviewShare(ShareId Id, ClientId Client, DateTimeOffset CreatedAt, MemberId CreatedBy, string CreatedByName, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt)
{
    /// <summary>How long one may last.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    /// <summary>How long one lasts when nobody says.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromDays(14);

    /// <summary>How many of a client may be open at once.</summary>
    public const int Most = 20;

    /// <summary>Whether it opens something.</summary>
    public bool IsOpen(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;
}
