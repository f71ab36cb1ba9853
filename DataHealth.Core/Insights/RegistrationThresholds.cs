using System.Globalization;
using DataHealth.Core.Health;

namespace DataHealth.Core.Insights;

/// <summary>The turnover from which a business must register for sales tax.</summary>
/// <param name="Country">ISO code.</param>
/// <param name="From">Since this day.</param>
/// <param name="Amount">Twelve months of taxable turnover.</param>
/// <param name="Currency">ISO code of the amount.</param>
/// <param name="Source">Who says so.</param>
public sealed record RegistrationThreshold(string Country, DateOnly From, decimal Amount, string Currency, string Source)
{
    internal string Text => string.Create(CultureInfo.InvariantCulture, $"{Country}, since {Money.Text(From)}: {Source}");
}

/// <summary>
/// Registration thresholds as data: only those that are one amount over twelve months, whatever is sold. Where there are several (Ireland: goods and services), or none by turnover (the United States), the
/// practice sets the one that applies.
/// </summary>
public static class RegistrationThresholds
{
    /// <summary>All that are known, by country and day.</summary>
    public static IReadOnlyList<RegistrationThreshold> All { get; } =
    [
        new("AU", new(2007, 7, 1), 75_000m, "AUD", "Australian Taxation Office, Registering for GST"),
        new("GB", new(2017, 4, 1), 85_000m, "GBP", "HM Revenue & Customs, VAT thresholds"),
        new("GB", new(2024, 4, 1), 90_000m, "GBP", "HM Revenue & Customs, VAT thresholds"),
        new("NZ", new(2009, 4, 1), 60_000m, "NZD", "Inland Revenue, Registering for GST"),
    ];

    /// <summary>The one that holds in a country on a day; null where none is known.</summary>
    public static RegistrationThreshold? Of(string? country, DateOnly day) =>
        All.LastOrDefault(threshold => string.Equals(threshold.Country, country, StringComparison.OrdinalIgnoreCase) && threshold.From <= day);
}
