using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>Depreciation of an asset.</summary>
internal sealed class XeroBookDepreciation
{
    [JsonPropertyName("priorAccumDepreciationAmount")]
    public decimal? PriorAccumDepreciationAmount { get; set; }

    [JsonPropertyName("currentAccumDepreciationAmount")]
    public decimal? CurrentAccumDepreciationAmount { get; set; }

    [JsonPropertyName("depreciationStartDate")]
    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? DepreciationStartDate { get; set; }
}

/// <summary>An asset.</summary>
internal sealed class XeroAsset
{
    [JsonPropertyName("assetName")]
    public string? AssetName { get; set; }

    [JsonPropertyName("assetNumber")]
    public string? AssetNumber { get; set; }

    [JsonPropertyName("assetTypeId")]
    public string? AssetTypeId { get; set; }

    [JsonPropertyName("assetStatus")]
    public string? AssetStatus { get; set; }

    [JsonPropertyName("purchaseDate")]
    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? PurchaseDate { get; set; }

    [JsonPropertyName("purchasePrice")]
    public decimal? PurchasePrice { get; set; }

    [JsonPropertyName("disposalDate")]
    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? DisposalDate { get; set; }

    [JsonPropertyName("disposalPrice")]
    public decimal? DisposalPrice { get; set; }

    [JsonPropertyName("accountingBookValue")]
    public decimal? AccountingBookValue { get; set; }

    [JsonPropertyName("bookDepreciationDetail")]
    public XeroBookDepreciation? BookDepreciationDetail { get; set; }
}

/// <summary>How a type depreciates.</summary>
internal sealed class XeroDepreciationSetting
{
    [JsonPropertyName("depreciationMethod")]
    public string? DepreciationMethod { get; set; }

    [JsonPropertyName("depreciationRate")]
    public decimal? DepreciationRate { get; set; }

    [JsonPropertyName("effectiveLifeYears")]
    public int? EffectiveLifeYears { get; set; }
}

/// <summary>An asset type.</summary>
internal sealed class XeroAssetType
{
    [JsonPropertyName("assetTypeName")]
    public string? AssetTypeName { get; set; }

    [JsonPropertyName("fixedAssetAccountId")]
    public string? FixedAssetAccountId { get; set; }

    [JsonPropertyName("depreciationExpenseAccountId")]
    public string? DepreciationExpenseAccountId { get; set; }

    [JsonPropertyName("accumulatedDepreciationAccountId")]
    public string? AccumulatedDepreciationAccountId { get; set; }

    [JsonPropertyName("bookDepreciationSetting")]
    public XeroDepreciationSetting? BookDepreciationSetting { get; set; }
}

/// <summary>Settings of the register.</summary>
internal sealed class XeroAssetSettings
{
    [JsonPropertyName("assetStartDate")]
    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? AssetStartDate { get; set; }

    [JsonPropertyName("lastDepreciationDate")]
    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? LastDepreciationDate { get; set; }

    [JsonPropertyName("defaultGainOnDisposalAccountId")]
    public string? DefaultGainOnDisposalAccountId { get; set; }

    [JsonPropertyName("defaultLossOnDisposalAccountId")]
    public string? DefaultLossOnDisposalAccountId { get; set; }

    [JsonPropertyName("optInForTax")]
    public bool? OptInForTax { get; set; }
}
