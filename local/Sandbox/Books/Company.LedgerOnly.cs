namespace DataHealth.Local.Sandbox.Books;

/// <summary>What a posting that no document made is for.</summary>
public enum LedgerOnlyKind
{
    /// <summary>Balances brought over from the books before these.</summary>
    Conversion,

    /// <summary>A month's pay run.</summary>
    PayRun,
    Depreciation,

    /// <summary>A foreign bank balance at the month's end rate.</summary>
    Revaluation,

    /// <summary>The cost of what was sold out of stock.</summary>
    InventoryCost,

    /// <summary>Dividends and what directors paid for the company.</summary>
    Directors,
}

/// <summary>One posting that is in the general ledger only, in base currency; a negative amount turns the sides.</summary>
internal readonly record struct LedgerOnlyPosting(LedgerOnlyKind Kind, DateOnly Day, string Debit, string Credit, decimal Amount);

internal sealed partial class Company
{
    /// <summary>What only the general ledger holds: each posting balances.</summary>
    public IEnumerable<LedgerOnlyPosting> LedgerOnly()
    {
        foreach (var posting in Conversion())
            yield return posting;
        var registered = Enumerable.Range(0, Assets).Where(i => i % 11 != 10).ToList();
        for (var month = 0; month < Months; month++)
        {
            var end = Start.AddMonths(month + 1).AddDays(-1);
            yield return new(LedgerOnlyKind.PayRun, end, "477", "814", Round(Pay * 0.75m));
            yield return new(LedgerOnlyKind.PayRun, end, "477", "825", Pay - Round(Pay * 0.75m) - Round(Pay * 0.05m));
            yield return new(LedgerOnlyKind.PayRun, end, "479", "826", Round(Pay * 0.08m));
            yield return new(LedgerOnlyKind.PayRun, end, "477", "858", Round(Pay * 0.05m));
            if (end <= LastDepreciation)
            {
                foreach (var i in registered)
                {
                    var (price, monthly) = AssetCost(i);
                    var left = price - (monthly * month);
                    if (left > 0)
                        yield return new(LedgerOnlyKind.Depreciation, end, "416", Types[i % Types.Length].Depreciation, Math.Min(monthly, left));
                }
            }

            yield return new(LedgerOnlyKind.Revaluation, end, "092", "497", Random(Kinds.Rate, month, 9).Money(-40_000, 40_000));
            yield return new(LedgerOnlyKind.InventoryCost, end, "310", "630", Random(Kinds.Rate, month, 10).Money(10_000, 40_000));
            if (month % 12 == 11)
                yield return new(LedgerOnlyKind.Directors, end, "970", "835", 6_000m);
            if (month % 4 == 2)
                yield return new(LedgerOnlyKind.Directors, end, "835", "480", 2_400m + (month * 60m));
        }
    }

    private IEnumerable<LedgerOnlyPosting> Conversion()
    {
        yield return new(LedgerOnlyKind.Conversion, Start, "090", "840", 25_000m + (Pay * 4m));
        yield return new(LedgerOnlyKind.Conversion, Start, "091", "960", 40_000m);
        yield return new(LedgerOnlyKind.Conversion, Start, "092", "960", 12_000m);
        yield return new(LedgerOnlyKind.Conversion, Start, "630", "960", 18_500.5m);
        yield return new(LedgerOnlyKind.Conversion, Start, "780", "960", 9_750m);
        yield return new(LedgerOnlyKind.Conversion, Start, "840", "950", 100m);
        yield return new(LedgerOnlyKind.Conversion, Start, "840", "900", 30_000m);
        for (var i = 0; i < Assets; i++)
        {
            if (i % 11 != 10)
                yield return new(LedgerOnlyKind.Conversion, Start, Types[i % Types.Length].Cost, "960", AssetCost(i).Price);
        }
    }
}
