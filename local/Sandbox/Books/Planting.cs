namespace DataHealth.Local.Sandbox.Books;

/// <summary>The faults that are planted in a company for the health checks to find, and near misses beside them; nothing in clean books.</summary>
/// <remarks>All dates count back from the end of the last complete month. Every contact here is one of its own, so that a record is at fault in one way only unless it says otherwise.</remarks>
internal sealed partial class Planting
{
    public const int CustomersEach = 15;
    public const int SuppliersEach = 31;
    private readonly Company _company;
    private readonly List<PlantedFault> _faults = [];
    private readonly List<PlantedFault> _nearMisses = [];
    private int _customers;
    private int _suppliers;
    private int _serial;

    public Planting(Company company)
    {
        _company = company;
        if (!company.HasFaults)
            return;
        State();
        for (var round = 0; round < company.Rounds; round++)
        {
            Duplicates(round);
            Coding(round);
            Money(round);
            Paper(round);
            Bank(round);
            Tax(round);
            CleanUp(round);
        }

        DebtorDays();
    }

    public List<Document> Invoices { get; } = [];

    public List<Document> Entries { get; } = [];

    /// <summary>Credit notes, over- and prepayments that no invoice uses.</summary>
    public List<Document> Credits { get; } = [];

    public List<LedgerOnlyPosting> LedgerOnly { get; } = [];

    public Dictionary<int, PlantedContact> Contacts { get; } = [];

    public IReadOnlyList<PlantedFault> Faults => _faults;

    public IReadOnlyList<PlantedFault> NearMisses => _nearMisses;

    private DateOnly Day(int back) => _company.PeriodEnd.AddDays(-back);

    private int Customer(string account = "200", string? name = null) => Contact(_company.FirstPlantedCustomer + _customers++, _customers <= CustomersEach * _company.Rounds, account, name, new PlantedContact());

    private int Supplier(string account = "461", PlantedContact? contact = null) =>
        Contact(_company.FirstPlantedSupplier + _suppliers++, _suppliers <= SuppliersEach * _company.Rounds, account, null, contact ?? new PlantedContact());

    private int Contact(int slot, bool fits, string account, string? name, PlantedContact contact)
    {
        if (!fits)
            throw new InvalidOperationException("More contacts are planted than places were kept for them.");
        _company.Give(slot, account, name);
        Contacts[slot] = contact;
        return slot;
    }

    private Document Sale(int customer, int back, decimal net, string? account = null, string? tax = null) =>
        Invoice(true, customer, Day(back), [Line(customer, net, "Exclusive", account, tax)]);

    private Document Bill(int supplier, int back, decimal net, string? account = null, string? tax = null) =>
        Invoice(false, supplier, Day(back), [Line(supplier, net, "Exclusive", account, tax)]);

    private Document Invoice(bool sale, int contact, DateOnly date, List<Line> lines)
    {
        var random = _company.Random(Kinds.Plant, ++_serial);
        return new Document
        {
            Kind = DocumentKind.Invoice,
            Id = random.Guid(),
            UpdatedUtc = At(date),
            Type = sale ? "ACCREC" : "ACCPAY",
            Number = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(sale ? "INV-P" : "P-")}{_serial:0000}"),
            State = "AUTHORISED",
            Contact = contact,
            ContactId = _company.ContactId(contact),
            ContactName = _company.ContactName(contact),
            Date = date,
            DueDate = date.AddDays(30),
            LineAmountTypes = "Exclusive",
            Currency = _company.Taxes.Currency,
            Lines = lines,
            HasAttachments = !sale,
        }.Summed();
    }

    private Document Spent(int supplier, int back, decimal gross, string bank = "090", string? account = null, string? tax = null) =>
        Entry("SPEND", supplier, Day(back), bank, [Line(supplier, gross, "Inclusive", account, tax)]);

    private Document Received(int contact, int back, decimal gross, string bank = "090") => Entry("RECEIVE", contact, Day(back), bank, [Line(contact, gross, "Inclusive")]);

    private Document Entry(string type, int contact, DateOnly date, string bank, List<Line> lines)
    {
        var id = _company.IdOf(Kinds.Plant, ++_serial);
        return _company.Entry(id, type, "AUTHORISED", contact, date, Account(bank), lines, At(date), "");
    }

    private Line Line(int contact, decimal amount, string types, string? account = null, string? tax = null)
    {
        var random = _company.Random(Kinds.Plant, ++_serial, 1);
        var to = account is null ? _company.UsualAccount(contact) : Account(account);
        return Company.NewLine(ref random, "As agreed", 1m, amount, to, tax is null ? _company.Taxes.ByType(to.TaxType) : _company.Taxes.ByRole(tax), types);
    }

    /// <summary>Paid in equal parts on the days given; the last takes what rounding leaves.</summary>
    private Document Paid(Document invoice, bool reconciled, params int[] backs)
    {
        var part = Company.Round(invoice.Total / backs.Length);
        var parts = backs.Select((back, i) => new PaymentPart(_company.IdOf(Kinds.Plant, ++_serial, 2), Day(back),
            i < backs.Length - 1 ? part : invoice.Total - (part * (backs.Length - 1)), 1m, _company.Chart["090"], null, reconciled)).ToList();
        return (invoice with { Payments = parts, UpdatedUtc = At(parts[^1].Date) }).Settled();
    }

    private Document Add(Document document)
    {
        (document.Kind switch { DocumentKind.Invoice => Invoices, DocumentKind.BankTransaction => Entries, _ => Credits }).Add(document);
        return document;
    }

    private static DateTime At(DateOnly day) => day.ToDateTime(new TimeOnly(14, 0), DateTimeKind.Utc);

    private LedgerAccount Account(string code) => _company.Chart.Accounts[_company.Chart[code]];

    private void Fault(string kind, string note, decimal? amount, params RecordRef[] records) => _faults.Add(new PlantedFault(kind, records, note, amount));

    private void Near(string kind, string note, params RecordRef[] records) => _nearMisses.Add(new PlantedFault(kind, records, note));

    private static RecordRef Of(Document document) => new(
        document.Kind switch
        {
            DocumentKind.Invoice => BookCollections.Invoices,
            DocumentKind.CreditNote => BookCollections.CreditNotes,
            DocumentKind.Overpayment => BookCollections.Overpayments,
            DocumentKind.Prepayment => BookCollections.Prepayments,
            _ => BookCollections.BankTransactions,
        },
        document.Id);

    private RecordRef OfContact(int slot) => new(BookCollections.Contacts, _company.ContactId(slot));

    private RecordRef OfAccount(string code) => new(BookCollections.Accounts, Account(code).Id);
}

/// <summary>What sets a planted contact apart from others.</summary>
internal sealed record PlantedContact(bool NoDefaults = false, bool NoTaxNumber = false, string? Bank = null);
