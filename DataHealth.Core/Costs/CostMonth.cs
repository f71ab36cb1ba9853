using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DataHealth.Core.Costs;

/// <summary>A calendar month in UTC, as providers bill.</summary>
/// <param name="Year">The year.</param>
/// <param name="Month">1 to 12.</param>
public readonly record struct CostMonth(int Year, int Month)
{
    /// <summary>The month of a moment.</summary>
    public static CostMonth Of(DateTimeOffset at) => new(at.UtcDateTime.Year, at.UtcDateTime.Month);

    /// <summary>Reads <c>2026-11</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CostMonth? month)
    {
        month = DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year >= 2000 ? new CostMonth(day.Year, day.Month) : null;
        return month is not null;
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:D4}-{Month:D2}");
}

/// <summary>What one day cost.</summary>
/// <param name="Day">Which, UTC.</param>
/// <param name="Provider">At which provider.</param>
/// <param name="Cost">How much.</param>
public sealed record DayCost(DateOnly Day, string Provider, RunCost Cost);
