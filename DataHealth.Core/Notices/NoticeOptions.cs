namespace DataHealth.Core.Notices;

/// <summary>When people are told. Section <c>Notices</c>.</summary>
public sealed class NoticeOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Notices";

    /// <summary>How long before an unused access ends (60 days at Xero, 100 at QuickBooks) it counts as expiring. Shorter than the rest after the keep-alive, which uses it every 20 days.</summary>
    public TimeSpan AccessEndsSoon { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long before a consent ends for good (five years at QuickBooks) it counts as expiring.</summary>
    public TimeSpan ConsentEndsSoon { get; set; } = TimeSpan.FromDays(30);
}
