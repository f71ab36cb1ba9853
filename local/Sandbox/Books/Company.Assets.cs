using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

internal sealed partial class Company
{
    // Two types share accounts; the fourth cost account (780) has no type: planted.
    private static readonly (string Name, string Cost, string Depreciation, int Rate)[] Types =
        [("Office Equipment", "710", "711", 20), ("Computer Equipment", "720", "721", 33), ("Motor Vehicles", "764", "765", 25),
        ("Fixtures & Fittings", "710", "711", 15)];

    public IEnumerable<BagRecord> AssetTypes() => Types.Select((type, i) => Record(IdOf(Kinds.AssetType, i), FirstMoment,
        ("assetTypeId", IdOf(Kinds.AssetType, i)), ("assetTypeName", type.Name), ("fixedAssetAccountId", Chart.Accounts[Chart[type.Cost]].Id),
        ("depreciationExpenseAccountId", Chart.Accounts[Chart["416"]].Id), ("accumulatedDepreciationAccountId", Chart.Accounts[Chart[type.Depreciation]].Id),
        ("bookDepreciationSetting", Setting(type.Rate)), ("locks", 0)));

    private static Bag Setting(int rate) => new(("depreciationMethod", "StraightLine"), ("averagingMethod", "ActualDays"),
        ("depreciationRate", new Fixed(rate)), ("depreciationCalculationMethod", "Rate"));

    public BagRecord AssetSettings(Guid organisation) => Record(IdOf(Kinds.Settings, 0), FirstMoment, ("assetNumberPrefix", "FA-"),
        ("assetNumberSequence", string.Create(CultureInfo.InvariantCulture, $"{Assets + 1:0000}")), ("assetStartDate", new IsoDay(Start)),
        ("lastDepreciationDate", new IsoDay(LastDepreciation)), ("defaultGainOnDisposalAccountId", Chart.Accounts[Chart["260"]].Id),
        ("defaultLossOnDisposalAccountId", Chart.Accounts[Chart["429"]].Id), ("defaultCapitalGainOnDisposalAccountId", Chart.Accounts[Chart["260"]].Id),
        ("optInForTax", organisation == Guid.Empty));

    /// <summary>The end of the last complete month; planted: a month before.</summary>
    public DateOnly LastDepreciation => Start.AddMonths(HasFaults ? Months - 1 : Months).AddDays(-1);

    /// <summary>Planted: some were entered in the register and never made final.</summary>
    public bool IsDraft(int asset) => HasFaults && asset % 11 == 5;

    public BagRecord Asset(int index)
    {
        var type = index % Types.Length;
        var draft = IsDraft(index);
        var (price, monthly) = AssetCost(index);
        var gone = Math.Min(price, monthly * (HasFaults ? Months - 1 : Months));
        var bought = Start.AddDays(-40 * (index % 9 + 1));
        return Record(IdOf(Kinds.Asset, index), FirstMoment, ("assetId", IdOf(Kinds.Asset, index)),
            ("assetName", string.Create(CultureInfo.InvariantCulture, $"{Types[type].Name} {index + 1}")),
            ("assetNumber", string.Create(CultureInfo.InvariantCulture, $"FA-{index + 1:0000}")), ("purchaseDate", new IsoDay(bought)),
            ("purchasePrice", new Fixed(price)), ("disposalPrice", new Fixed(0m)), ("assetStatus", draft ? "Draft" : "Registered"),
            ("assetTypeId", IdOf(Kinds.AssetType, type)), ("bookDepreciationSetting", Setting(Types[type].Rate)),
            ("bookDepreciationDetail", new Bag(("currentCapitalGain", new Fixed(0m)), ("currentGainLoss", new Fixed(0m)),
                ("depreciationStartDate", new IsoDay(Start)), ("costLimit", new Fixed(0m)), ("residualValue", new Fixed(0m)),
                ("priorAccumDepreciationAmount", new Fixed(0m)), ("currentAccumDepreciationAmount", new Fixed(draft ? 0m : gone)))),
            ("canRollback", true), ("accountingBookValue", new Fixed(draft ? price : price - gone)), ("isDeleteEnabledForDate", true));
    }

    private (decimal Price, decimal Monthly) AssetCost(int index)
    {
        var price = Random(Kinds.Asset, index, 1).Money(60_000, 1_200_000);
        return (price, Round(price * Types[index % Types.Length].Rate / 1200m));
    }
}
