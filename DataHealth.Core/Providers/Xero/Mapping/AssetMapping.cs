using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>The fixed-asset register.</summary>
internal static class AssetMapping
{
    public static LedgerRecord Asset(string id, XeroAsset xero) => new Asset
    {
        Id = id,
        Name = xero.AssetName,
        Number = xero.AssetNumber,
        TypeId = xero.AssetTypeId,
        Status = xero.AssetStatus?.ToUpperInvariant() switch
        {
            "DRAFT" => AssetStatus.Draft,
            "REGISTERED" => AssetStatus.Registered,
            "DISPOSED" => AssetStatus.Disposed,
            _ => AssetStatus.Unknown,
        },
        BoughtOn = xero.PurchaseDate,
        Cost = xero.PurchasePrice,
        DisposedOn = xero.DisposalDate,
        DisposalPrice = xero.DisposalDate is null ? null : xero.DisposalPrice,
        BookValue = xero.AccountingBookValue,
        DepreciatesFrom = xero.BookDepreciationDetail?.DepreciationStartDate,
        PriorDepreciation = xero.BookDepreciationDetail?.PriorAccumDepreciationAmount,
        CurrentDepreciation = xero.BookDepreciationDetail?.CurrentAccumDepreciationAmount,
    };

    public static LedgerRecord Type(string id, XeroAssetType xero) => new AssetType
    {
        Id = id,
        Name = xero.AssetTypeName,
        CostAccountId = xero.FixedAssetAccountId,
        ExpenseAccountId = xero.DepreciationExpenseAccountId,
        AccumulatedAccountId = xero.AccumulatedDepreciationAccountId,
        Method = xero.BookDepreciationSetting?.DepreciationMethod,
        Rate = xero.BookDepreciationSetting?.DepreciationRate,
        LifeYears = xero.BookDepreciationSetting?.EffectiveLifeYears,
    };

    public static LedgerRecord Settings(string id, XeroAssetSettings xero) => new AssetSettings
    {
        Id = id,
        StartsOn = xero.AssetStartDate,
        DepreciatedTo = xero.LastDepreciationDate,
        GainAccountId = xero.DefaultGainOnDisposalAccountId,
        LossAccountId = xero.DefaultLossOnDisposalAccountId,
        IsSetUp = xero.AssetStartDate is not null,
    };
}
