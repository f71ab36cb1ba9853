namespace DataHealth.Local.Sandbox.Books;

/// <summary>All that a company is generated from: equal specs give equal books, byte for byte.</summary>
public sealed record BooksSpec
{
    public required ulong Seed { get; init; }

    public string Name { get; init; } = "Harbour Trading Ltd";

    /// <summary>GB, NZ, AU or US.</summary>
    public string Country { get; init; } = "GB";

    /// <summary>Records in all collections together.</summary>
    public int Records { get; init; } = SmallRecords;

    /// <summary>The company's last day of history: three years end here.</summary>
    public DateOnly Today { get; init; } = new(2026, 11, 23);

    /// <summary>Lines of one planted bill that is far longer than any other; 0 plants none.</summary>
    public int LongestDocument { get; init; }

    /// <summary>False: everything is in the base currency, the foreign bank account too.</summary>
    public bool MultiCurrency { get; init; } = true;

    /// <summary>Whether faults are planted for the health checks, or the books are clean.</summary>
    public PlantedKinds Faults { get; init; }

    public bool IsDemoCompany { get; init; }

    public const int SmallRecords = 500;
    public const int MediumRecords = 20_000;
    public const int LargeRecords = 300_000;

    /// <summary>"small", "medium", "large" or a number.</summary>
    public static int RecordsOf(string size) => size switch
    {
        "small" => SmallRecords,
        "medium" => MediumRecords,
        "large" => LargeRecords,
        _ => int.Parse(size, System.Globalization.CultureInfo.InvariantCulture),
    };
}

/// <summary>What is planted in a company besides its ordinary records.</summary>
public enum PlantedKinds
{
    /// <summary>Faults of every kind, and near misses beside them.</summary>
    All,

    /// <summary>Nothing: no health check has anything to find.</summary>
    None,
}
