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
    private string[] _names = [];

    public int Customers { get; private set; }

    public int Suppliers { get; private set; }

    public int TwinContacts { get; private set; }

    public int Archived => Contacts - Customers - Suppliers - TwinContacts;

    private void NewContacts()
    {
        TwinContacts = Math.Max(2, Contacts / 100);
        var live = Contacts - TwinContacts - Math.Max(3, Contacts / 30);
        Customers = live * 6 / 10;
        Suppliers = live - Customers;
        _names = new string[Contacts];
        var shift = Random(Kinds.Contact, -1).Below(10_000);
        for (var i = 0; i < Contacts; i++)
        {
            var at = i + shift;
            var number = at / (First.Length * Second.Length);
            var name = $"{First[at % First.Length]} {Second[at % Second.Length]} {Third[at % Third.Length]}";
            if (i >= First.Length * Second.Length)
                name = name.Replace(" ", string.Create(CultureInfo.InvariantCulture, $" {number} "), StringComparison.Ordinal);
            _names[i] = name;
        }

        for (var d = 0; d < TwinContacts; d++)
            _names[live + d] = Twin(_names[TwinOf(live + d)], d);
    }

    /// <summary>The contact that a planted twin repeats.</summary>
    public int TwinOf(int slot) => TwinNumber(slot) % 2 == 0 ? Customers + (TwinNumber(slot) / 2) : TwinNumber(slot) / 2;

    private int TwinNumber(int slot) => slot - Customers - Suppliers;

    public bool IsTwin(int slot) => slot >= Customers + Suppliers && slot < Customers + Suppliers + TwinContacts;

    public string ContactName(int slot) => _names[slot % Contacts];

    public Guid ContactId(int slot) => IdOf(Kinds.Contact, slot);

    public string ContactCurrency(int slot) => !Spec.MultiCurrency ? Taxes.Currency : slot < Customers + Suppliers && slot % 20 == 7
        ? Taxes.Foreign[0]
        : slot < Customers + Suppliers && slot % 50 == 13 ? Taxes.Foreign[1] : Taxes.Currency;

    /// <summary>A contact without its balances and flags, which follow from the documents.</summary>
    public BagRecord Contact(int slot)
    {
        var random = Random(Kinds.Contact, slot, 1);
        var live = Customers + Suppliers;
        var archived = slot >= live + TwinContacts && slot < Contacts;
        var source = IsTwin(slot) ? TwinOf(slot) : slot;
        var name = slot < Contacts ? ContactName(slot) : string.Create(CultureInfo.InvariantCulture, $"New Contact {slot}");
        var supplier = source >= Customers && source < live;
        var (first, last) = (People[random.Below(People.Length)], Surnames[random.Below(Surnames.Length)]);
        var code = supplier ? UsualAccount(source).Code : null;
        var regular = source >= Customers && source < Customers + Regulars;
        var hasDefault = supplier && !IsTwin(slot) && !regular && random.PerMille(400);
        var created = Moment(DayOf(Math.Min(slot % Contacts, Contacts - 1), Contacts * 3L), ref random);
        var merged = archived && slot % 3 == 0;
        var domain = new string([.. ContactName(source).Where(char.IsAsciiLetterOrDigit)]).ToUpperInvariant();
        var bank = supplier ? string.Create(CultureInfo.InvariantCulture, $"{200000 + random.Below(99999)} {10000000 + random.Below(89999999)}") : "";
        return new BagRecord(new Bag(
            ("ContactID", ContactId(slot)), ("ContactNumber", string.Create(CultureInfo.InvariantCulture, $"C{slot + 1:00000}")),
            ("AccountNumber", slot % 4 == 0 ? string.Create(CultureInfo.InvariantCulture, $"AC-{slot:0000}") : ""),
            ("ContactStatus", archived ? "ARCHIVED" : "ACTIVE"), ("Name", name), ("FirstName", first), ("LastName", last),
            ("CompanyNumber", slot % 3 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{random.Below(90000000) + 10000000}") : null),
            ("EmailAddress", $"accounts@{domain}.example"),
            ("BankAccountDetails", bank),
            ("TaxNumber", random.PerMille(600) ? string.Create(CultureInfo.InvariantCulture, $"GB{random.Below(900000000) + 100000000}") : null),
            ("AccountsReceivableTaxType", ""), ("AccountsPayableTaxType", hasDefault ? Taxes.ByRole("P").Type : ""),
            ("Addresses", new object[]
            {
                new Bag(("AddressType", "POBOX"), ("AddressLine1", $"{slot % 90 + 1} Quay Street"), ("City", "Bristol"), ("PostalCode", "BS1 4QD"), ("Country", "")),
            }),
            ("Phones", new object[]
            {
                new Bag(("PhoneType", "DEFAULT"), ("PhoneNumber", string.Create(CultureInfo.InvariantCulture, $"{random.Below(900000) + 100000}")),
                    ("PhoneAreaCode", "0117"), ("PhoneCountryCode", "44")),
            }),
            ("UpdatedDateUTC", created), ("IsSupplier", false), ("IsCustomer", false),
            ("DefaultCurrency", slot < live ? ContactCurrency(slot) : null),
            ("PurchasesDefaultAccountCode", hasDefault ? code : null), ("SalesDefaultAccountCode", null),
            ("PaymentTerms", slot % 2 == 0
                ? new Bag(("Bills", new Bag(("Day", 30), ("Type", "DAYSAFTERBILLDATE"))), ("Sales", new Bag(("Day", 30), ("Type", "DAYSAFTERBILLDATE"))))
                : null),
            ("Balances", null), ("MergedToContactID", merged ? ContactId(slot % Customers) : null), ("HasAttachments", false)))
        {
            Id = ContactId(slot),
            UpdatedUtc = created,
        };
    }

    private LedgerAccount UsualAccount(int supplier) => Chart.Accounts[Chart.Purchases[Random(Kinds.Contact, supplier, 2).Below(Chart.Purchases.Length)]];

    private static string Twin(string name, int number) => (number % 3) switch
    {
        0 => name.Replace(" Ltd", " Limited", StringComparison.Ordinal).ToUpperInvariant(),
        1 => name + ".",
        _ => name.Length > 6 ? name[..4] + name[5..] : name + "s",
    };
}
