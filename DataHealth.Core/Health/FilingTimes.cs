namespace DataHealth.Core.Health;

/// <summary>How long a company has to file a year.</summary>
/// <param name="Country">ISO code.</param>
/// <param name="Months">Within so many months of the year's end, begun ones counted whole.</param>
/// <param name="Source">What has to be filed, and who says so.</param>
public sealed record FilingTime(string Country, int Months, string Source);

/// <summary>
/// By when a year has to have been filed, as data. The latest day that a company which asks for no special favour may take, with the extension that everybody (or every tax agent's client) gets: a
/// lock that is later than that is late for certain. A practice sets its own where a client has less time.
/// </summary>
public static class FilingTimes
{
    /// <summary>Where no other is known: the longest of those that are.</summary>
    public const int Elsewhere = 12;

    /// <summary>All that are known, by country.</summary>
    public static IReadOnlyList<FilingTime> All { get; } =
    [
        new("AU", 11, "Company tax return through a tax agent, 15 May after a year to 30 June: Australian Taxation Office, lodgment program"),
        new("CA", 6, "T2 corporation income tax return: Canada Revenue Agency"),
        new("GB", 9, "Annual accounts of a private company: Companies House"),
        new("IE", 9, "Corporation tax return (CT1), by the 23rd of the ninth month: Revenue"),
        new("NZ", 12, "Income tax return through a tax agent, 31 March of the next year: Inland Revenue"),
        new("US", 10, "Form 1120, by the 15th of the fourth month and six months' automatic extension (Form 7004): Internal Revenue Service"),
    ];

    /// <summary>How many months a company of that country has.</summary>
    public static int MonthsOf(string? country) =>
        All.FirstOrDefault(time => string.Equals(time.Country, country is "UK" ? "GB" : country, StringComparison.OrdinalIgnoreCase))?.Months ?? Elsewhere;
}
