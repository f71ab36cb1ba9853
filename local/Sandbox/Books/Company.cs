namespace DataHealth.Local.Sandbox.Books;

/// <summary>Derives every record of a company from (seed, kind, index); holds only what many records share.</summary>
internal sealed partial class Company
{
    public const int Months = 36;
    private static readonly int[] Season = [70, 80, 100, 95, 100, 110, 90, 80, 110, 120, 140, 105];
    private readonly long[] _weights = new long[Months + 1];
    private readonly int _bills;

    public Company(BooksSpec spec)
    {
        Spec = spec;
        Taxes = Taxes.Of(spec.Country);
        Chart = new Chart(spec.Seed, Taxes, spec.MultiCurrency);
        LastDay = spec.Today.AddDays(-1);
        Start = new DateOnly(LastDay.Year, LastDay.Month, 1).AddMonths(-Months);
        long sum = 0;
        for (var m = 0; m <= Months; m++)
        {
            var month = Start.AddMonths(m);
            sum += (m == Months ? LastDay.Day : 31) * Season[month.Month - 1] * (100 + m);
            _weights[m] = sum;
        }

        var (n, small) = (spec.Records, spec.Records < 2000);
        HasFaults = spec.Faults == PlantedKinds.All;
        Rounds = !HasFaults ? 0 : small ? 1 : Math.Clamp(n / 10_000, 2, 10);
        RegularMonths = small ? 8 : Months;
        FreeInvoices = small ? Math.Max(60, (n * 24 / 100) - 60) : (n * 34 / 100) - (45 * Rounds);
        Items = Math.Clamp(n / 200, 8, 2000);
        BankTransfers = Math.Max(6, n / 100);
        Repeating = Math.Clamp(n / 300, 3, 60);
        Assets = Math.Clamp(n / 300, 6, 400);
        Regulars = Math.Clamp(FreeInvoices / 300, 3, 40);
        RegularCustomers = Math.Clamp(n / 5000, 1, 10);
        _bills = Regulars * RegularMonths;
        NewContacts();
        MakeReference();
        Front = [.. BankRuns(), .. Payroll()];
        Planting = new Planting(this);
        Front.AddRange(Planting.Entries);
        Invoices = FreeInvoices + Planting.Invoices.Count;
        ManualJournals = Math.Max(12, n * 15 / 1000);
    }

    public BooksSpec Spec { get; }

    public Taxes Taxes { get; }

    public Chart Chart { get; }

    public DateOnly Start { get; }

    public DateOnly LastDay { get; }

    /// <summary>The last day of the last complete month: what is planted is dated from it backwards.</summary>
    public DateOnly PeriodEnd => Start.AddMonths(Months).AddDays(-1);

    public bool HasFaults { get; }

    /// <summary>How many times over most kinds of fault are planted.</summary>
    public int Rounds { get; }

    public Planting Planting { get; }

    public int Invoices { get; }

    /// <summary>Invoices and bills before the planted ones.</summary>
    public int FreeInvoices { get; }

    public int Contacts { get; private set; }

    public int Items { get; }

    public int ManualJournals { get; }

    public int BankTransfers { get; }

    public int Repeating { get; }

    public int Assets { get; }

    /// <summary>Suppliers that bill every month: the first bills are theirs, supplier by supplier, month by month; customers of the same kind follow.</summary>
    public int Regulars { get; }

    public int RegularCustomers { get; }

    /// <summary>How long the regular ones have been so.</summary>
    public int RegularMonths { get; }

    /// <summary>Bank entries that come before the free ones: bank charges, pay and taxes, then the planted ones.</summary>
    public List<Document> Front { get; }

    public Rng Random(int kind, long index, int part = 0) => Rng.For(Spec.Seed, kind, index, part);

    public Guid IdOf(int kind, long index, int part = 0) => Random(kind, index, part).Guid();

    /// <summary>The day of the i-th of n things, by season and growth.</summary>
    private DateOnly DayOf(long index, long count)
    {
        var at = (long)((Int128)index * _weights[Months] / Math.Max(1, count));
        var month = 0;
        while (_weights[month] <= at)
            month++;
        var first = month == 0 ? 0 : _weights[month - 1];
        var day = (int)((at - first) * (month == Months ? LastDay.Day : 31) / (_weights[month] - first));
        return Clamp(Start.AddMonths(month).AddDays(day));
    }

    private DateOnly Clamp(DateOnly day) => day > LastDay ? LastDay : day;

    private static DateTime Moment(DateOnly day, ref Rng random, int hour = 8) =>
        day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddHours(hour).AddMilliseconds(random.Below(6 * 3_600_000));

    public static decimal Round(decimal value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);

    /// <summary>Units of a foreign currency for one of ours on a day, ten decimals.</summary>
    private decimal RateOn(string currency, DateOnly day)
    {
        if (currency == Taxes.Currency)
            return 1m;
        var random = Random(Kinds.Rate, day.DayNumber, currency[0]);
        return (currency == Taxes.Foreign[0] ? 1.15m : 1.27m) + (random.Between(-300_000_000, 300_000_000) / 10_000_000_000m);
    }

    public static Line NewLine(ref Rng random, string description, decimal quantity, decimal unit, LedgerAccount account, TaxRate tax, string types, decimal? discount = null,
        string? item = null, Bag? tracking = null)
    {
        var amount = Round(quantity * unit * (100m - (discount ?? 0m)) / 100m);
        var taxAmount = types switch
        {
            "NoTax" => 0m,
            "Inclusive" => Round(amount * tax.Rate / (100m + tax.Rate)),
            _ => Round(amount * tax.Rate / 100m),
        };
        return new Line(random.Guid(), description, quantity, unit, amount, account, tax, taxAmount, item, tracking, discount);
    }
}
