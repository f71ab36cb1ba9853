using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

internal sealed partial class Company
{
    // The fourth cost account (780) has a balance and no type: planted.
    private static readonly (string Name, string Cost, string Depreciation, int Rate)[] Types =
        [("Office Equipment", "710", "711", 20), ("Computer Equipment", "720", "721", 33), ("Motor Vehicles", "764", "765", 25)];

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

    /// <summary>Depreciation was last run two months ago.</summary>
    public DateOnly LastDepreciation => Start.AddMonths(Months - 1).AddDays(-1);

    public BagRecord Asset(int index)
    {
        var type = index % Types.Length;
        var draft = index % 11 == 10;
        var (price, monthly) = AssetCost(index);
        var gone = Math.Min(price, monthly * (Months - 1));
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

    /// <summary>What only the general ledger holds: conversion balances, pay runs, depreciation, revaluation. Each set balances.</summary>
    public IEnumerable<(DateOnly Day, string Debit, string Credit, decimal Amount)> LedgerOnly()
    {
        yield return (Start, "090", "840", 25_000m + (Pay * 4m));
        yield return (Start, "091", "960", 40_000m);
        yield return (Start, "092", "960", 12_000m);
        yield return (Start, "630", "960", 18_500.5m);
        yield return (Start, "780", "960", 9_750m);
        yield return (Start, "840", "950", 100m);
        yield return (Start, "840", "900", 30_000m);
        var registered = Enumerable.Range(0, Assets).Where(i => i % 11 != 10).ToList();
        foreach (var i in registered)
            yield return (Start, Types[i % Types.Length].Cost, "960", AssetCost(i).Price);
        for (var month = 0; month < Months; month++)
        {
            var end = Start.AddMonths(month + 1).AddDays(-1);
            yield return (end, "477", "814", Round(Pay * 0.75m));
            yield return (end, "477", "825", Pay - Round(Pay * 0.75m) - Round(Pay * 0.05m));
            yield return (end, "479", "826", Round(Pay * 0.08m));
            yield return (end, "477", "858", Round(Pay * 0.05m));
            if (end <= LastDepreciation)
            {
                foreach (var i in registered)
                {
                    var (price, monthly) = AssetCost(i);
                    var left = price - (monthly * month);
                    if (left > 0)
                        yield return (end, "416", Types[i % Types.Length].Depreciation, Math.Min(monthly, left));
                }
            }

            yield return (end, "092", "497", Random(Kinds.Rate, month, 9).Money(-40_000, 40_000));
            if (month % 12 == 11)
                yield return (end, "970", "835", 6_000m);
            if (month % 4 == 2)
                yield return (end, "835", "480", 2_400m + (month * 60m));
        }
    }
}
