using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

internal sealed partial class Company
{
    private static readonly string[] First =
    [
        "Harbour", "Northgate", "Bluebell", "Kestrel", "Oakfield", "Riverside", "Sterling", "Granite", "Meadow", "Falcon", "Beacon", "Cedar", "Juniper",
        "Summit", "Anchor", "Copper", "Willow", "Crown", "Ivory", "Maple", "Orchard", "Phoenix", "Quarry", "Raven", "Silver", "Thistle", "Union", "Valley",
        "Westbrook", "Amber", "Castle",
    ];

    private static readonly string[] Second =
    [
        "Print", "Logistics", "Foods", "Engineering", "Design", "Supplies", "Software", "Catering", "Motors", "Electrical", "Interiors", "Consulting",
        "Textiles", "Packaging", "Gardens", "Security", "Travel", "Media", "Plumbing", "Fabrications", "Energy", "Stationers", "Marine",
    ];

    private static readonly string[] Third = ["Ltd", "Limited", "LLP", "& Co", "Group", "PLC", "Partners"];
    private static readonly string[] People = ["Ann", "Ravi", "Grace", "Tom", "Mei", "Omar", "Ella", "Jack", "Sofia", "Liam"];
    private static readonly string[] Surnames = ["Price", "Shah", "Okafor", "Hughes", "Chen", "Haddad", "Byrne", "Clarke", "Rossi", "Walsh"];

    // Companies of more than 713 contacts have a third word in their names, so that no two of them are alike.
    private static readonly string[] Middle =
    [
        "Continental", "Provincial", "Metropolitan", "Peninsula", "Highland", "Lakeside", "Evergreen", "Windmill", "Cathedral", "Viaduct", "Lighthouse", "Chestnut",
        "Sandstone", "Imperial", "Pavilion", "Monarch", "Tamarind", "Brunswick", "Trafalgar", "Quadrant",
    ];

    private string[] _names = [];
    private readonly Dictionary<int, string> _given = [];

    public int Customers { get; private set; }

    public int Suppliers { get; private set; }

    public int TwinContacts { get; private set; }

    /// <summary>Customers, and suppliers after the regular ones, that trade at random.</summary>
    private int FreeCustomers { get; set; }

    private int FreeSuppliers { get; set; }

    /// <summary>The bank, the people on the payroll, the tax office, the pension provider.</summary>
    private int Standing(int which) => Customers + Regulars + FreeSuppliers + which;

    public int TheBank => Standing(0);

    public int ThePayroll => Standing(1);

    public int TheTaxOffice => Standing(2);

    public int ThePensions => Standing(3);

    public int FirstPlantedCustomer => FreeCustomers;

    public int FirstPlantedSupplier => Standing(4);

    private void NewContacts()
    {
        var basis = Math.Max(24, Spec.Records * 3 / 100);
        var archived = Math.Max(3, basis / 30);
        FreeCustomers = (basis - archived) * (Spec.Records < 2000 ? 5 : 6) / 10;
        FreeSuppliers = basis - archived - FreeCustomers - Regulars - 4;
        Customers = FreeCustomers + (Rounds * Planting.CustomersEach);
        Suppliers = Regulars + FreeSuppliers + 4 + (Rounds * Planting.SuppliersEach);
        TwinContacts = HasFaults ? 2 * RegularCustomers : 0;
        Contacts = Customers + Suppliers + TwinContacts + archived;
        _names = new string[Contacts];
        var shift = Random(Kinds.Contact, -1).Below(10_000);
        for (var i = 0; i < Contacts; i++)
        {
            var (at, lap) = (i + shift, i / (First.Length * Second.Length));
            var (first, last) = (First[at % First.Length], $"{Second[at % Second.Length]} {Third[at % Third.Length]}");
            _names[i] = lap == 0 ? $"{first} {last}" : lap <= Middle.Length ? $"{first} {Middle[lap - 1]} {last}" : string.Create(CultureInfo.InvariantCulture, $"{first} {lap} {last}");
        }

        for (var d = 0; d < TwinContacts; d++)
            _names[Customers + Suppliers + d] = Twin(_names[TwinOf(Customers + Suppliers + d)], d);
        foreach (var (slot, code) in new[] { (TheBank, "404"), (ThePayroll, "814"), (TheTaxOffice, "825"), (ThePensions, "858"), (Customers, "461"), (Customers + 2, "469") })
            _given[slot] = code;
    }

    /// <summary>Gives a planted contact its account and, where it matters, its name.</summary>
    public void Give(int slot, string account, string? name)
    {
        _given[slot] = account;
        if (name is not null)
            _names[slot] = name;
    }

    /// <summary>The contact that a planted twin repeats: a supplier or a customer of every month.</summary>
    public int TwinOf(int slot) => TwinNumber(slot) % 2 == 0 ? Customers + 2 + (TwinNumber(slot) / 2) : TwinNumber(slot) / 2;

    private int TwinNumber(int slot) => slot - Customers - Suppliers;

    public bool IsTwin(int slot) => slot >= Customers + Suppliers && slot < Customers + Suppliers + TwinContacts;

    public string ContactName(int slot) => _names[slot % Contacts];

    public Guid ContactId(int slot) => IdOf(Kinds.Contact, slot);

    private bool IsFree(int slot) =>
        (slot >= RegularCustomers && slot < FreeCustomers) || (slot >= Customers + Regulars && slot < Customers + Regulars + FreeSuppliers);

    public string ContactCurrency(int slot) => !Spec.MultiCurrency || !IsFree(slot) ? Taxes.Currency
        : slot % 20 == 7 ? Taxes.Foreign[0] : slot % 50 == 13 ? Taxes.Foreign[1] : Taxes.Currency;

    /// <summary>The one account that all lines of a contact go to.</summary>
    public LedgerAccount UsualAccount(int slot)
    {
        if (_given.TryGetValue(slot, out var code))
            return Chart.Accounts[Chart[code]];
        var (foreign, random) = (ContactCurrency(slot) != Taxes.Currency, Random(Kinds.Contact, slot, 2));
        // Nothing that crosses a border bears tax: it goes to accounts that are zero-rated as a rule.
        return Chart.Accounts[slot < Customers
            ? foreign ? Chart["204"] : Chart.Sales[random.Below(Chart.Sales.Length)]
            : foreign ? Chart["493"] : Chart.Purchases[random.Below(Chart.Purchases.Length)]];
    }

    /// <summary>The one rate that all lines of a contact bear.</summary>
    public TaxRate UsualTax(int slot) => ContactCurrency(slot) != Taxes.Currency ? Taxes.ByRole("N") : Taxes.ByType(UsualAccount(slot).TaxType);

    private int AnyCustomer(ref Rng random) => RegularCustomers + random.Below(random.Below(FreeCustomers - RegularCustomers) + 1);

    /// <summary>A supplier that may bill in the month of a day: none is billed in every month but the regular ones, so that nobody could miss a bill of theirs.</summary>
    private int AnySupplier(DateOnly day, ref Rng random)
    {
        var at = random.Below(random.Below(FreeSuppliers) + 1);
        while ((MonthOf(day) + at) % 3 == 0)
            at = (at + 1) % FreeSuppliers;
        return Customers + Regulars + at;
    }

    /// <summary>A contact without its balances and flags, which follow from the documents.</summary>
    public BagRecord Contact(int slot)
    {
        var random = Random(Kinds.Contact, slot, 1);
        var live = Customers + Suppliers;
        var archived = slot >= live + TwinContacts && slot < Contacts;
        var source = IsTwin(slot) ? TwinOf(slot) : slot;
        var name = slot < Contacts ? ContactName(slot) : string.Create(CultureInfo.InvariantCulture, $"New Contact {slot}");
        var (supplier, customer) = (source >= Customers && source < live, source < Customers);
        var (first, last) = (People[random.Below(People.Length)], Surnames[random.Below(Surnames.Length)]);
        // Who trades has a default account and rate; the tax office is paid from two accounts, always in the same split, and has only the rate.
        var planted = Planting?.Contacts.GetValueOrDefault(slot);
        var usual = slot < live && planted is not { NoDefaults: true } ? (Account: slot == TheTaxOffice ? null : UsualAccount(slot).Code, Tax: UsualTax(slot).Type) : (Account: null, Tax: "");
        var created = Moment(DayOf(Math.Min(slot % Contacts, Contacts - 1), Contacts * 3L), ref random);
        var merged = archived && slot % 3 == 0;
        var domain = new string([.. ContactName(source).Where(char.IsAsciiLetterOrDigit)]).ToUpperInvariant();
        var bank = planted?.Bank ?? (supplier ? string.Create(CultureInfo.InvariantCulture, $"{200000 + random.Below(99999)} {10000000 + slot}") : "");
        return new BagRecord(new Bag(
            ("ContactID", ContactId(slot)), ("ContactNumber", string.Create(CultureInfo.InvariantCulture, $"C{slot + 1:00000}")),
            ("AccountNumber", slot % 4 == 0 ? string.Create(CultureInfo.InvariantCulture, $"AC-{slot:0000}") : ""),
            ("ContactStatus", archived ? "ARCHIVED" : "ACTIVE"), ("Name", name), ("FirstName", first), ("LastName", last),
            ("CompanyNumber", slot % 3 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{slot + 10_000_000}") : null),
            ("EmailAddress", $"accounts@{domain}.example"),
            ("BankAccountDetails", bank),
            ("TaxNumber", planted is { NoTaxNumber: true } || IsTwin(slot) ? null : string.Create(CultureInfo.InvariantCulture, $"GB{slot + 100_000_000}")),
            ("AccountsReceivableTaxType", customer || slot == TheBank ? usual.Tax : ""), ("AccountsPayableTaxType", supplier ? usual.Tax : ""),
            ("Addresses", new object[]
            {
                new Bag(("AddressType", "POBOX"), ("AddressLine1", $"{slot % 90 + 1} Quay Street"), ("City", "Bristol"), ("PostalCode", "BS1 4QD"), ("Country", "")),
            }),
            ("Phones", new object[]
            {
                new Bag(("PhoneType", "DEFAULT"), ("PhoneNumber", string.Create(CultureInfo.InvariantCulture, $"{slot + 100_000}")),
                    ("PhoneAreaCode", "0117"), ("PhoneCountryCode", "44")),
            }),
            ("UpdatedDateUTC", created), ("IsSupplier", false), ("IsCustomer", false),
            ("DefaultCurrency", slot < live ? ContactCurrency(slot) : null),
            ("PurchasesDefaultAccountCode", supplier ? usual.Account : null), ("SalesDefaultAccountCode", slot == TheBank ? "270" : customer ? usual.Account : null),
            ("PaymentTerms", slot % 2 == 0
                ? new Bag(("Bills", new Bag(("Day", 30), ("Type", "DAYSAFTERBILLDATE"))), ("Sales", new Bag(("Day", 30), ("Type", "DAYSAFTERBILLDATE"))))
                : null),
            ("Balances", null), ("MergedToContactID", merged ? ContactId(slot % Customers) : null), ("HasAttachments", false)))
        {
            Id = ContactId(slot),
            UpdatedUtc = created,
        };
    }

    private static string Twin(string name, int number) => (number % 3) switch
    {
        0 => name.Replace(" Ltd", " Limited", StringComparison.Ordinal).ToUpperInvariant(),
        1 => name + ".",
        _ => name.Length > 6 ? name[..4] + name[5..] : name + "s",
    };
}
