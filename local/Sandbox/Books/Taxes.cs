namespace DataHealth.Local.Sandbox.Books;

internal sealed record TaxRate(string Type, string Name, decimal Rate, string Report, bool Sales, bool Purchases, string Status = "ACTIVE");

/// <summary>Currency, tax rates and calendar habits of a country.</summary>
internal sealed class Taxes
{
    private readonly Dictionary<string, TaxRate> _roles;

    private Taxes(string currency, string[] foreign, string taxName, int yearEndMonth, string timezone, string roles, List<TaxRate> rates)
    {
        (Currency, Foreign, TaxName, YearEndMonth, Timezone, Rates) = (currency, foreign, taxName, yearEndMonth, timezone, rates);
        _roles = roles.Split(' ').Select(r => r.Split('=')).ToDictionary(r => r[0], r => rates.Single(t => t.Type == r[1]), StringComparer.Ordinal);
    }

    public string Currency { get; }

    public string[] Foreign { get; }

    public string TaxName { get; }

    public int YearEndMonth { get; }

    public string Timezone { get; }

    public IReadOnlyList<TaxRate> Rates { get; }

    /// <summary>S sales, P purchases, R reduced purchases, RS reduced sales, Z zero-rated sales, ZP zero-rated purchases, N none.</summary>
    public TaxRate ByRole(string role) => _roles[role];

    public TaxRate ByType(string type) => Rates.First(r => r.Type == type);

    public static Taxes Of(string country) => country switch
    {
        "GB" => new("GBP", ["EUR", "USD"], "VAT", 3, "GMTSTANDARDTIME", "S=OUTPUT2 P=INPUT2 R=RRINPUT RS=RROUTPUT Z=ZERORATEDOUTPUT ZP=ZERORATEDINPUT N=NONE",
        [
            new("OUTPUT2", "20% (VAT on Income)", 20m, "OUTPUT", true, false), new("INPUT2", "20% (VAT on Expenses)", 20m, "INPUT", false, true),
            new("RROUTPUT", "5% (VAT on Income)", 5m, "OUTPUT", true, false), new("RRINPUT", "5% (VAT on Expenses)", 5m, "INPUT", false, true),
            new("ZERORATEDOUTPUT", "Zero Rated Income", 0m, "OUTPUT", true, false), new("ZERORATEDINPUT", "Zero Rated Expenses", 0m, "INPUT", false, true),
            new("EXEMPTOUTPUT", "Exempt Income", 0m, "EXEMPTOUTPUT", true, false), new("EXEMPTINPUT", "Exempt Expenses", 0m, "EXEMPTINPUT", false, true),
            new("ECINPUT", "20% (EC Acquisitions)", 0m, "ECINPUT", false, true), new("ECZROUTPUT", "Zero Rated EC Goods Income", 0m, "ECOUTPUT", true, false),
            new("CAPEXINPUT2", "20% (VAT on Capital Purchases)", 20m, "CAPEXINPUT", false, true),
            new("SROUTPUT2", "17.5% (VAT on Income)", 17.5m, "OUTPUT", true, false, "DELETED"), new("NONE", "No VAT", 0m, "NONE", true, true),
            new("TAX001", "Flat rate 12%", 12m, "OUTPUT", true, true),
        ]),
        "NZ" => new("NZD", ["AUD", "USD"], "GST", 3, "NEWZEALANDSTANDARDTIME", "S=OUTPUT2 P=INPUT2 R=INPUT2 RS=OUTPUT2 Z=ZERORATED ZP=ZERORATED N=NONE",
        [
            new("OUTPUT2", "15% GST on Income", 15m, "OUTPUT", true, false), new("INPUT2", "15% GST on Expenses", 15m, "INPUT", false, true),
            new("ZERORATED", "Zero Rated", 0m, "NONE", true, true), new("NONE", "No GST", 0m, "NONE", true, true), new("TAX001", "Mixed 7.5%", 7.5m, "OUTPUT", true, true),
        ]),
        "AU" => new("AUD", ["NZD", "USD"], "GST", 6, "AUSEASTERNSTANDARDTIME",
            "S=OUTPUT P=INPUT R=INPUT RS=OUTPUT Z=EXEMPTOUTPUT ZP=EXEMPTEXPENSES N=BASEXCLUDED",
        [
            new("OUTPUT", "GST on Income", 10m, "OUTPUT", true, false), new("INPUT", "GST on Expenses", 10m, "INPUT", false, true),
            new("EXEMPTOUTPUT", "GST Free Income", 0m, "EXEMPTOUTPUT", true, false), new("EXEMPTEXPENSES", "GST Free Expenses", 0m, "EXEMPTEXPENSES", false, true),
            new("BASEXCLUDED", "BAS Excluded", 0m, "BASEXCLUDED", true, true), new("TAX001", "Mixed 5%", 5m, "OUTPUT", true, true),
        ]),
        "US" => new("USD", ["EUR", "CAD"], "Sales Tax", 12, "EASTERNSTANDARDTIME", "S=TAX001 P=NONE R=NONE RS=TAX001 Z=NONE ZP=NONE N=NONE",
        [
            new("NONE", "Tax Exempt", 0m, "NONE", true, true), new("TAX001", "Sales Tax 8.875%", 8.875m, "USASALESTAX", true, false),
            new("INPUT", "Tax on Purchases", 0m, "INPUT", false, true),
        ]),
        _ => throw new ArgumentException($"No company can be made for the country {country}: use GB, NZ, AU or US.", nameof(country)),
    };
}

/// <summary>What a random stream is for; a number never changes its meaning, or every company would.</summary>
internal static class Kinds
{
    public const int Account = 1, Contact = 2, Invoice = 3, Payment = 4, CreditNote = 5, Overpayment = 6, Prepayment = 7, BankTransaction = 8,
        BankTransfer = 9, ManualJournal = 10, Item = 11, Tracking = 12, TrackingOption = 13, User = 14, Repeating = 15, Asset = 16, AssetType = 17,
        Batch = 18, TaxRate = 19, Currency = 20, Organisation = 21, Allocation = 22, Rate = 23, Created = 24, Settings = 25, Action = 26, Front = 27, Plant = 28;
}
