using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>The books of one company as QuickBooks shows them: the same generated company that the Xero sandbox shows, with ids and entities of Intuit's kind.</summary>
/// <remarks>Safe for concurrent use: readers side by side, an edit alone.</remarks>
public sealed partial class RealmBooks : IDisposable
{
    private static readonly string[] TransactionSources =
        [BookCollections.Invoices, BookCollections.Payments, BookCollections.CreditNotes, EntitySources.Applications, BookCollections.BankTransactions, BookCollections.BankTransfers, BookCollections.ManualJournals];

    private readonly ReaderWriterLockSlim _lock = new(LockRecursionPolicy.SupportsRecursion);
    private readonly CompanyBooks _books;
    private readonly Company _company;
    private readonly EntityBook _book = new();
    private readonly FixedEntities _fixed;
    private readonly LedgerSets _sets;
    private readonly Rendering _rendering;
    private readonly List<EntityEdit> _journal = [];

    public RealmBooks(BooksSpec spec)
    {
        _books = new CompanyBooks(spec);
        _company = _books.Company;
        _fixed = new FixedEntities(_company);
        _sets = new LedgerSets(_company);
        _rendering = new Rendering(_books, _book, _sets, _fixed);
        Fill();
    }

    public BooksSpec Spec => _books.Spec;

    /// <summary>The faults that the generator planted and that these books can show.</summary>
    public IReadOnlyList<PlantedEntityFault> Planted => Shown(_books.Company.Planting.Faults);

    /// <summary>What looks like a fault and is none.</summary>
    public IReadOnlyList<PlantedEntityFault> NearMisses => Shown(_books.Company.Planting.NearMisses);

    /// <summary>Ground truth of the general ledger over the latest months, the current one included; what journal entries show is no ledger-only posting here.</summary>
    public LedgerTruth LedgerTruth(int months) =>
        Read(_ => _books.LedgerTruth(months, account => EntityBook.Text(account.Index + 1), _fixed.TaxCode, LedgerSets.IsHidden));

    internal Company Company => _company;

    internal CompanyBooks Beneath() => _books;

    public void Dispose() => _lock.Dispose();

    internal T Read<T>(Func<EntityBook, T> read)
    {
        _lock.EnterReadLock();
        try
        {
            return read(_book);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    private void Fill()
    {
        for (var slot = 0; slot < _fixed.All.Count; slot++)
        {
            var (entity, id, active, _) = _fixed.All[slot];
            _book.Place(new EntitySource(EntitySources.Fixed, slot), entity, id, _fixed.Created, active);
        }

        _book.Place(new EntitySource(BookCollections.Organisation, 0), EntityNames.CompanyInfo, 1, _fixed.Created, true);
        _book.Place(new EntitySource(EntityNames.Preferences, 0), EntityNames.Preferences, 1, _fixed.Created, true);
        foreach (var collection in new[] { BookCollections.Accounts, BookCollections.Contacts, BookCollections.Items })
        {
            for (var slot = 0; slot < _books.SlotsOf(collection); slot++)
                PlaceNew(new EntitySource(collection, slot), _books.At(collection, slot)!, null);
        }

        for (var set = 0; set < _sets.All.Count; set++)
        {
            var at = _sets.All[set].Day.ToDateTime(new TimeOnly(17, 0), DateTimeKind.Utc);
            _book.Place(new EntitySource(EntitySources.LedgerOnly, set), EntityNames.JournalEntry, _book.NextTransaction(), at, true);
        }

        foreach (var collection in TransactionSources)
        {
            var beneath = collection == EntitySources.Applications ? BookCollections.CreditNotes : collection;
            for (var slot = 0; slot < _books.SlotsOf(beneath); slot++)
                PlaceNew(new EntitySource(collection, slot), _books.At(beneath, slot)!, null);
        }
    }

    /// <summary>Gives a record its entity and id; <paramref name="at"/> is the moment of an edit, null for what was there from the start.</summary>
    private (string Entity, long Id)? PlaceNew(EntitySource source, BookRecord record, DateTime? at)
    {
        var entity = EntitySources.Of(source.Collection, record, source.Slot, _company, _book);
        var updated = at ?? record.UpdatedUtc;
        if (entity is null)
        {
            _book.Place(source, null, 0, updated, false);
            // What was deleted before the story begins has left its trace as well.
            if (at is null && Dead(source, record) is { } dead)
                _book.Bury(dead, _book.NextTransaction(), updated, leavesTrace: true);
            return null;
        }

        var id = source.Collection switch
        {
            BookCollections.Accounts => source.Slot + 1,
            BookCollections.Contacts => source.Slot + FixedEntities.Employees.Count + 1,
            BookCollections.Items => source.Slot + _fixed.OwnItems + 1,
            _ => _book.NextTransaction(),
        };
        _book.Place(source, entity, id, updated, EntitySources.IsActive(record));
        if (HasAttachments(record) && source.Collection != EntitySources.Applications)
            Attach(source, updated);
        return (entity, id);
    }

    private void Attach(EntitySource owner, DateTime updated) =>
        _book.Place(new EntitySource(Rendering.Attachments + owner.Collection, owner.Slot), EntityNames.Attachable, _book.NextAttachable(), updated, true);

    private static bool HasAttachments(BookRecord record) => record switch
    {
        Document document => document.HasAttachments,
        BagRecord bag => bag.Fields["HasAttachments"] is true,
        _ => false,
    };

    private string? Dead(EntitySource source, BookRecord record) => (source.Collection, record) switch
    {
        (BookCollections.Invoices, Document { State: "DELETED" or "VOIDED" } document) => document.IsSale ? EntityNames.Invoice : EntityNames.Bill,
        (BookCollections.BankTransactions, Document { State: "DELETED" } document) =>
            EntitySources.Of(source.Collection, document with { State = "AUTHORISED" }, source.Slot, _company, _book),
        (BookCollections.BankTransfers, { Status: "DELETED" }) => EntityNames.Transfer,
        (BookCollections.ManualJournals, { Status: "DELETED" or "VOIDED" }) => EntityNames.JournalEntry,
        _ => null,
    };
}
