using System.Globalization;

namespace DataHealth.Core.Health.Records;

/// <summary>
/// Table <c>health</c>, a partition for each client. Letters before <c>~fence</c> (<see cref="Storage.FencedPartition"/>): <c>head</c> what is visible, <c>insights</c> settings of insights, <c>notes</c> the stamp of what people noted, <c>n|</c> their
/// notes, <c>p|</c> points of history, <c>r|</c> such points recomputed and <c>recomputation</c> who asked for it, <c>s|</c> settings of checks, <c>v|</c> what belongs to a version. Decision 0802 has the arithmetic.
/// </summary>
internal static class HealthKeys
{
    public const string Table = "health";

    /// <summary>The one row that makes a version visible.</summary>
    public const string Head = "head";

    /// <summary>Changes whenever a note changes; there from the first version on.</summary>
    public const string Stamp = "notes";

    /// <summary>What the practice told of the client that its insights need.</summary>
    public const string InsightSettings = "insights";

    public const string Dismissals = "n|d|";
    public const string Labels = "n|t|";
    public const string Points = "p|";

    /// <summary>The latest request for history to be recomputed; its points are under <see cref="Recomputed"/>.</summary>
    public const string Recomputation = "recomputation";

    public const string Recomputed = "r|";
    public const string Settings = "s|";
    public const string Versions = "v|";

    public static string Findings(HealthVersion version) => $"v|{version}|f|";

    public static string Evidence(HealthVersion version) => $"v|{version}|e|";

    public static string Memory(HealthVersion version) => $"v|{version}|m";

    public static string Insights(HealthVersion version) => $"v|{version}|i";

    public static string State(HealthVersion version) => $"v|{version}|s";

    public static string Point(HealthVersion version) => Points + version;

    public static string Chunk(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number:D4}");

    /// <summary>The version that a row belongs to.</summary>
    public static string VersionOf(string rowKey) => rowKey.Split('|')[1];

    /// <summary>True for the row that attribution needs after its version has gone.</summary>
    public static bool IsState(string rowKey) => rowKey.Split('|')[2] == "s";

    /// <summary>Everything of a client that begins so.</summary>
    public static string Range(ClientId client, string prefix) => $"PartitionKey eq '{client}' and RowKey ge '{prefix}' and RowKey lt '{prefix}~'";
}

/// <summary>Names one recalculation's results.</summary>
/// <param name="Value">32 lower-case hexadecimal digits, sorting by time of making.</param>
public readonly record struct HealthVersion(string Value)
{
    /// <summary>A new one.</summary>
    public static HealthVersion New(TimeProvider time) => new(Identifier.New(time));

    /// <summary>Every version made at that time or later is not less than it.</summary>
    internal static string From(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public override string ToString() => Value;
}
