namespace DataHealth.Core.Ledger;

/// <summary>An entry of the fixed-asset register. Base currency.</summary>
public sealed record Asset : LedgerRecord
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Its number.</summary>
    public string? Number { get; init; }

    /// <summary>Its type.</summary>
    public string? TypeId { get; init; }

    /// <summary>Draft, in use or disposed of.</summary>
    public required AssetStatus Status { get; init; }

    /// <summary>When it was bought.</summary>
    public DateOnly? BoughtOn { get; init; }

    /// <summary>What it cost.</summary>
    public decimal? Cost { get; init; }

    /// <summary>When it was disposed of.</summary>
    public DateOnly? DisposedOn { get; init; }

    /// <summary>For how much.</summary>
    public decimal? DisposalPrice { get; init; }

    /// <summary>What it is worth in the books today.</summary>
    public decimal? BookValue { get; init; }

    /// <summary>When depreciation starts.</summary>
    public DateOnly? DepreciatesFrom { get; init; }

    /// <summary>Depreciation before it came into the register.</summary>
    public decimal? PriorDepreciation { get; init; }

    /// <summary>Depreciation since.</summary>
    public decimal? CurrentDepreciation { get; init; }
}

/// <summary>States of an asset.</summary>
public enum AssetStatus
{
    /// <summary>The provider gave a status that we do not know.</summary>
    Unknown,

    /// <summary>Not yet in the register.</summary>
    Draft,

    /// <summary>In use.</summary>
    Registered,

    /// <summary>Sold or scrapped.</summary>
    Disposed,
}

/// <summary>A type of asset: the accounts that its assets post to.</summary>
public sealed record AssetType : LedgerRecord
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Cost account.</summary>
    public string? CostAccountId { get; init; }

    /// <summary>Depreciation expense account.</summary>
    public string? ExpenseAccountId { get; init; }

    /// <summary>Accumulated depreciation account.</summary>
    public string? AccumulatedAccountId { get; init; }

    /// <summary>The provider's word for the method.</summary>
    public string? Method { get; init; }

    /// <summary>Per cent a year.</summary>
    public decimal? Rate { get; init; }

    /// <summary>Years of life.</summary>
    public int? LifeYears { get; init; }
}

/// <summary>How the register is kept.</summary>
public sealed record AssetSettings : LedgerRecord
{
    /// <summary>The register starts here.</summary>
    public DateOnly? StartsOn { get; init; }

    /// <summary>Depreciation has been run up to here.</summary>
    public DateOnly? DepreciatedTo { get; init; }

    /// <summary>Account for gains on disposal.</summary>
    public string? GainAccountId { get; init; }

    /// <summary>Account for losses on disposal.</summary>
    public string? LossAccountId { get; init; }

    /// <summary>The provider says that the register is set up.</summary>
    public bool? IsSetUp { get; init; }
}
