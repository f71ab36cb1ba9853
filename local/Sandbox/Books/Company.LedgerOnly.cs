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

    /// <summary>Dividends, what directors paid for the company, and the ledger's own accounts.</summary>
    Other,
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
        var registered = Enumerable.Range(0, Assets).Where(i => !IsDraft(i)).ToList();
        for (var month = 0; month < Months; month++)
        {
            var end = Start.AddMonths(month + 1).AddDays(-1);
            if (month >= Months - PayMonths)
            {
                yield return new(LedgerOnlyKind.PayRun, end, "477", "814", Round(Pay * 0.75m));
                yield return new(LedgerOnlyKind.PayRun, end, "477", "825", Round(Pay * 0.2m));
                yield return new(LedgerOnlyKind.PayRun, end, "479", "826", Round(Pay * 0.08m));
                yield return new(LedgerOnlyKind.PayRun, end, "477", "858", Round(Pay * 0.05m));
            }

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
                yield return new(LedgerOnlyKind.Other, end, "970", "835", 6_000m);
            if (month % 4 == 2)
                yield return new(LedgerOnlyKind.Other, end, "480", "835", 240m + (month * 6m));
        }

        // The ledger's own accounts are used and emptied again.
        foreach (var (debit, credit) in new[] { ("801", "877"), ("498", "860") })
        {
            yield return new(LedgerOnlyKind.Other, PeriodEnd.AddDays(-100), debit, credit, 12.34m);
            yield return new(LedgerOnlyKind.Other, PeriodEnd.AddDays(-99), credit, debit, 12.34m);
        }

        foreach (var posting in Planting.LedgerOnly)
            yield return posting;
    }

    /// <summary>What the owners brought in, more than enough for every payment.</summary>
    public decimal OpeningReserves => 200_000m + (Pay * 60m) + (FreeInvoices * 400m);

    private IEnumerable<LedgerOnlyPosting> Conversion()
    {
        yield return new(LedgerOnlyKind.Conversion, Start, "090", "960", OpeningReserves);
        yield return new(LedgerOnlyKind.Conversion, Start, "091", "960", 40_000m + (FreeInvoices * 20m));
        yield return new(LedgerOnlyKind.Conversion, Start, "092", "960", 60_000m + (FreeInvoices * 60m));
        yield return new(LedgerOnlyKind.Conversion, Start, "630", "960", 18_500.5m);
        yield return new(LedgerOnlyKind.Conversion, Start, "960", "950", 100m);
        yield return new(LedgerOnlyKind.Conversion, Start, "960", "900", 30_000m);
        if (HasFaults)
            yield return new(LedgerOnlyKind.Conversion, Start, "780", "960", 9_750m);
        for (var i = 0; i < Assets; i++)
        {
            if (!IsDraft(i))
                yield return new(LedgerOnlyKind.Conversion, Start, Types[i % Types.Length].Cost, "960", AssetCost(i).Price);
        }
    }
}
