using System.Text.Json.Nodes;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>Books generated from a spec, with edits laid over them.</summary>
public sealed partial class CompanyBooks : IBooks
{
    private readonly Lock _gate = new();
    private readonly Company _company;
    private readonly Dictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);
    private readonly List<BooksEdit> _journal = [];
    private readonly ContactBalances _balances;
    private readonly Generated _generated;
    private GeneralLedger? _ledger;

    public CompanyBooks(BooksSpec spec, Guid? organisationId = null)
    {
        Spec = spec;
        OrganisationId = organisationId ?? Rng.For(spec.Seed, Kinds.Organisation, 0).Guid();
        _company = new Company(spec);
        _balances = new ContactBalances(spec.Today);
        _generated = new Generated(_company, _balances);
        Fill();
    }

    public BooksSpec Spec { get; }

    public Guid OrganisationId { get; }

    public long Version
    {
        get
        {
            lock (_gate)
                return _journal.Count;
        }
    }

    public IReadOnlyList<BooksEdit> Journal
    {
        get
        {
            lock (_gate)
                return [.. _journal];
        }
    }

    public IReadOnlyList<PlantedFault> Planted => [.. _company.Planting.Faults.Where(IsShown)];

    public IReadOnlyList<PlantedFault> NearMisses => [.. _company.Planting.NearMisses.Where(IsShown)];

    /// <summary>Classes, payees that may be left out and accounts below others are QuickBooks' alone.</summary>
    private static bool IsShown(PlantedFault fault) => fault.Kind != "clean-up";

    public BookRecord? Find(string collection, Guid id)
    {
        lock (_gate)
            return On(collection).Find(id) is { } slot ? Read(On(collection), slot) : null;
    }

    public JsonObject? Report(string name, IReadOnlyDictionary<string, string> parameters)
    {
        lock (_gate)
        {
            return name switch
            {
                "TrialBalance" or "BalanceSheet" or "ProfitAndLoss" or "BankSummary" => new LedgerReports(_company, Ledger()).Report(name, parameters),
                "AgedReceivablesByContact" or "AgedPayablesByContact" =>
                    new AgedReport(Spec.Today, Documents(BookCollections.Invoices), ContactName).Report(name, parameters),
                _ => null,
            };
        }
    }

    private string? ContactName(Guid id) => On(BookCollections.Contacts) is var contacts && contacts.Find(id) is { } slot ? contacts.Get(slot).Field("Name") as string : null;

    private Shelf On(string collection) =>
        _shelves.TryGetValue(collection, out var shelf) ? shelf : throw new ArgumentException($"There is no collection {collection}.", nameof(collection));

    private BookRecord Read(Shelf shelf, int slot) => Complete(shelf, slot, shelf.Get(slot));

    private BookRecord Complete(Shelf shelf, int slot, BookRecord record) =>
        shelf.Name == BookCollections.Contacts ? _balances.On((BagRecord)record, slot) : record;

    private IEnumerable<Document> Documents(string collection)
    {
        var shelf = On(collection);
        for (var slot = 0; slot < shelf.Slots; slot++)
        {
            if (!shelf.IsGone(slot))
                yield return (Document)shelf.Get(slot);
        }
    }

    private GeneralLedger Ledger()
    {
        if (_ledger is not null)
            return _ledger;
        var ledger = new GeneralLedger(_company);
        foreach (var name in GeneralLedger.Sources)
        {
            var shelf = On(name);
            for (var slot = 0; slot < shelf.Slots; slot++)
            {
                if (!shelf.IsGone(slot))
                    ledger.Post(shelf.Get(slot), 1);
            }
        }

        return _ledger = ledger;
    }

    private void Fill()
    {
        Small(BookCollections.Organisation, [_company.Organisation(OrganisationId)], false);
        Small(BookCollections.OrganisationActions, _company.Actions(), false);
        Small(BookCollections.Users, _company.Users(), true);
        Small(BookCollections.Accounts, _company.Accounts(), true);
        Small(BookCollections.TaxRates, _company.TaxRates(), false);
        Small(BookCollections.TrackingCategories, _company.TrackingCategories(), false);
        Small(BookCollections.Currencies, _company.Currencies(), false);
        Small(BookCollections.RepeatingInvoices, Enumerable.Range(0, _company.Repeating).Select(_company.RepeatingInvoice), false);
        Small(BookCollections.Assets, Enumerable.Range(0, _company.Assets).Select(_company.Asset), false);
        Small(BookCollections.AssetTypes, _company.AssetTypes(), false);
        Small(BookCollections.AssetSettings, [_company.AssetSettings(OrganisationId)], false);
        Small(BookCollections.BatchPayments, _generated.Batches(), true);
        Large(BookCollections.Items, _company.Items, i => _company.Item(i));
        Large(BookCollections.Contacts, _company.Contacts, i => _company.Contact(i));
        Large(BookCollections.CreditNotes, _generated.CreditNotes.Count, i => _company.CreditOf(_generated.CreditNotes[i]));
        Large(BookCollections.Overpayments, _generated.Overpayments.Count, i => _company.CreditOf(_generated.Overpayments[i]));
        Large(BookCollections.Prepayments, _generated.Prepayments.Count, i => _company.CreditOf(_generated.Prepayments[i]));
        Large(BookCollections.BankTransfers, _company.BankTransfers, _company.BankTransfer);
        Large(BookCollections.ManualJournals, _company.ManualJournals, i => _company.ManualJournal(i));
        var invoices = new Shelf(BookCollections.Invoices, i => _company.Invoice(i), true);
        for (var i = 0; i < _company.Invoices; i++)
            invoices.Place(_generated.InvoiceIds[i], _generated.InvoiceMoments[i], false);
        Put(invoices);
        var payments = new Shelf(BookCollections.Payments, _generated.Payment, true);
        for (var i = 0; i < _generated.Payments; i++)
            payments.Place(_generated.PaymentIds[i], _generated.PaymentMoment(i), false);
        Put(payments);
        _generated.Forget();

        // Bank entries make up the number of records that was asked for.
        var rest = Spec.Records - _shelves.Values.Sum(s => s.Slots);
        _generated.BankEntries = Math.Max(rest, _generated.Brought + _company.Front.Count);
        Large(BookCollections.BankTransactions, _generated.BankEntries, _generated.BankTransaction);
    }

    private void Small(string name, IEnumerable<BookRecord> records, bool keepsMoments)
    {
        var all = records.ToArray();
        var shelf = new Shelf(name, i => all[i], keepsMoments);
        foreach (var record in all)
            shelf.Place(record);
        Put(shelf);
    }

    private void Large(string name, int count, Func<int, BookRecord> make)
    {
        var shelf = new Shelf(name, make, true);
        for (var i = 0; i < count; i++)
            shelf.Place(make(i));
        Put(shelf);
    }

    private void Put(Shelf shelf)
    {
        shelf.Seal();
        _shelves[shelf.Name] = shelf;
    }
}
