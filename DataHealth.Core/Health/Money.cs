using System.Globalization;

namespace DataHealth.Core.Health;

/// <summary>Amounts as people expect them.</summary>
internal static class Money
{
    /// <summary>To the cent, half away from zero, as both providers do.</summary>
    public static decimal Round(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);

    /// <summary>For texts: <c>1,234.50</c>, the same on every machine.</summary>
    public static string Text(decimal amount) => Round(amount).ToString("#,0.00", CultureInfo.InvariantCulture);

    /// <summary>For texts: <c>28 February 2026</c>.</summary>
    public static string Text(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
