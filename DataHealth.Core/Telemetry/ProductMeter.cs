using System.Diagnostics.Metrics;

namespace DataHealth.Core.Telemetry;

/// <summary>The product's meter. What it counts stands with each capability; the names are what alerts and workbooks ask for (docs/decisions/0905).</summary>
public static class ProductMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "DataHealth";

    internal static Meter Open(IMeterFactory meters) => meters.Create(Name);
}
